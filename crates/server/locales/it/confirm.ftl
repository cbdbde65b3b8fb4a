# RA-1.
confirm-heading = Confermi che è lei
confirm-add = Usi una delle sue passkey prima di aggiungere un metodo di accesso. Non è ancora cambiato nulla.
confirm-remove = Usi una delle sue passkey prima di rimuovere { $name }. Non è ancora cambiato nulla.
confirm-hint = Il suo dispositivo le chiederà di confermare che è lei.
use-passkey = Usa la sua passkey
cannot-confirm = Non posso usare la mia passkey
