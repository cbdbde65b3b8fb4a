# La cornice di ogni pagina e le parole condivise da più pagine.
title = { $title } – { $organisation }
title-failed = Errore: { $title } – { $organisation }
skip-link = Vai al contenuto
help-link = Aiuto
language-label = Lingua:
nav-label = Il suo account
nav-security = Info di sicurezza
nav-sessions = Dispositivi e sessioni
sign-out = Esci
signed-in-as = Accesso eseguito come { $login }
footer = Servizio di accesso di { $organisation }
offline = È offline. Ricordiamo dov’era.
online-again = È di nuovo online.
read-only = Le modifiche sono sospese fino a { $until }. Può comunque guardare tutto.
pass-window = Il suo pass vale fino a { $ends } (ancora { $left }).
pass-ends-five = Il suo pass scade tra 5 minuti. Ciò che ha completato resta.
pass-ends-one = Il suo pass scade tra 1 minuto. Ciò che ha completato resta.
pass-ends-over = Il suo pass è scaduto. Ciò che ha completato resta. Ne chieda uno nuovo al suo referente informatico per continuare.
too-many-tries = { $minutes ->
    [one] Troppi tentativi. Riprovi tra 1 minuto.
   *[other] Troppi tentativi. Riprovi tra { $minutes } minuti.
}
tries-again-now = Ora può riprovare.
reference = Riferimento { $reference }
get-help = Chiedi aiuto
cancel = Annulla
next = Avanti
back = Indietro
later = Più tardi
not-now = Non ora
set-it-up = Configura
or = oppure
change = Cambia
start = Inizia
go-on = Continua
yes = Sì
never = Mai
unknown = Non noto
to-security-info = Apri le info di sicurezza
to-sign-in = Vai all’accesso
no-script = Le passkey hanno bisogno di JavaScript, che in questo browser è disattivato. Tutto il resto di questa pagina funziona. Può accedere con un pass di accesso temporaneo.
no-webauthn = Questo browser qui non può usare le passkey.
no-webauthn-browsers = Le versioni attuali di Chrome, Edge, Safari e Firefox possono farlo. Può anche accedere con un pass di accesso temporaneo.
in-app = Ha aperto questa pagina dentro un’altra app, dove le passkey non funzionano. La apra nel suo browser, per esempio Safari o Chrome.
copy-link = Copia il link
open-browser = Apri nel browser
what-is-passkey = Che cos’è una passkey?
what-is-passkey-text = Una passkey sostituisce la sua password. La sblocca con l’impronta digitale, il volto o il PIN del blocco schermo. Funziona solo con il sito vero, quindi nessuno può indurla a cederla.
where-is-passkey = Dove viene salvata?
where-is-passkey-text = Sul suo dispositivo, nel suo gestore di password, o su una chiave di sicurezza. Impronta e volto non lasciano mai il suo dispositivo.

flash-passkey-added = La passkey { $name } è pronta all’uso.
flash-passkey-renamed = La passkey ora si chiama { $name }.
flash-passkey-renamed-duplicate = La passkey ora si chiama { $name }. Un’altra delle sue passkey ha lo stesso nome.
flash-passkey-removed = La passkey { $name } è stata rimossa. Nessuno può più accedere con essa.
flash-passkey-removed-lost = La passkey { $name } è stata rimossa, e le sessioni che aveva aperto sono terminate. Nessuno può più accedere con essa.
flash-passkey-removed-provider = Se { $provider } la propone ancora, la elimini anche lì. Lo abbiamo chiesto al suo browser.
flash-passkey-removed-device = Se il suo dispositivo la propone ancora, la elimini anche nelle impostazioni del suo gestore di password.
flash-already-gone = Qualcuno è stato più veloce: quella voce non c’è già più. Questo elenco è aggiornato.
flash-pass-deleted = Il suo pass di accesso temporaneo è stato eliminato. Non vale più.
flash-session-ended = Quella sessione è terminata.
flash-other-sessions-ended = { $count ->
    [0] Non c’era nessun’altra sessione da terminare.
    [one] Un’altra sessione è stata terminata.
   *[other] Altre { $count } sessioni sono state terminate.
}
flash-account-forgotten = Questo browser non propone più quell’account. L’account stesso è invariato.
flash-setup-saved = Salvato. Lei è la prima persona ad amministrare questo servizio.
flash-came-from-elsewhere = Ha eseguito l’accesso con un altro dispositivo. Configurare una passkey anche su questo computer?
