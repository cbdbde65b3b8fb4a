# Ciò che si dice mentre si usa una passkey, e quando finisce diversamente da come sperato.
passkey-prompt = Segua la richiesta del suo browser o dispositivo.
passkey-checking = Verifica in corso…
passkey-copied = Il link è copiato.

passkey-get-unsupported = Questo browser qui non può usare le passkey. Scelga un altro modo.
passkey-get-not-started = Il suo browser non ha potuto aprire la richiesta della passkey. Controlli che sia attivo un blocco schermo, poi riprovi o scelga un altro modo.
passkey-get-cancelled = L’accesso non è stato eseguito. Riprovi, o scelga un altro modo.
passkey-get-timeout = Ci è voluto troppo tempo. Riprovi; ha 5 minuti.
passkey-get-duplicate = L’accesso non è stato eseguito. Riprovi, o scelga un altro modo.
passkey-get-config = Le passkey non funzionano a questo indirizzo. Lo comunichi al suo referente informatico: riferimento { $reference }.
passkey-get-network = È offline. Riproveremo.
passkey-get-unknown = Qualcosa non ha funzionato, e l’accesso non è stato eseguito. Riprovi. Se succede di nuovo, lo comunichi al suo referente informatico: riferimento { $reference }.
passkey-get-unknown-credential = Questa passkey qui non è più conosciuta. Forse è stata rimossa. Ne scelga un’altra.
passkey-get-disabled-credential = Questa passkey è stata disattivata dalla sua organizzazione. Ne scelga un’altra, o si rivolga al suo referente informatico.
passkey-get-disabled-user = Questo account è disattivato. Si rivolga al suo referente informatico.
passkey-get-uv-missing = Il suo dispositivo non ha verificato impronta, volto o PIN. Riprovi, o usi un’altra passkey.
passkey-get-not-accepted = La sua organizzazione non accetta questa passkey. Ne scelga un’altra, o si rivolga al suo referente informatico.
passkey-get-challenge-expired = La pagina è rimasta aperta troppo a lungo. Riprovi.
passkey-get-wrong-account = Quella passkey appartiene a un altro account. Usi una passkey di questo account.
passkey-get-wrong-passkey = Ha usato un’altra passkey. Quella nuova non è ancora provata: riprovi e scelga quella nuova.
passkey-get-limit = L’accesso non è stato eseguito. Riprovi, o scelga un altro modo.
passkey-get-confirm-needed = Non è cambiato nulla. Confermi prima che è lei.
passkey-get-session-ended = Nel frattempo la sessione è terminata. Acceda di nuovo.
passkey-get-rate-limited = Troppi tentativi. Aspetti qualche minuto, poi riprovi.

passkey-create-unsupported = Questo dispositivo non può salvare una passkey. Usi il telefono o una chiave di sicurezza.
passkey-create-not-started = Il suo browser non ha potuto aprire la richiesta. Controlli che sia attivo un blocco schermo e che non sia in una finestra privata.
passkey-create-cancelled = Non è stata creata nessuna passkey. Non è cambiato nulla. Riprovi quando vuole.
passkey-create-timeout = Ci è voluto troppo tempo, e non è stata creata nessuna passkey. Riprovi; ha 5 minuti.
passkey-create-duplicate = Qui c’è già una passkey per il suo account. Può usarla così com’è.
passkey-create-config = Le passkey non funzionano a questo indirizzo. Lo comunichi al suo referente informatico: riferimento { $reference }.
passkey-create-network = La passkey è salvata sul suo dispositivo, ma non abbiamo ancora potuto registrarla. Tenga aperta questa pagina: riproviamo.
passkey-create-unknown = Qualcosa non ha funzionato, e non è stata aggiunta nessuna passkey. Riprovi. Se succede di nuovo, lo comunichi al suo referente informatico: riferimento { $reference }.
passkey-create-unknown-credential = Qualcosa non ha funzionato, e non è stata aggiunta nessuna passkey. Riprovi.
passkey-create-disabled-credential = Questa passkey è stata disattivata dalla sua organizzazione. Si rivolga al suo referente informatico.
passkey-create-disabled-user = Questo account è disattivato. Non è stata aggiunta nessuna passkey. Si rivolga al suo referente informatico.
passkey-create-uv-missing = Il suo dispositivo non ha verificato impronta, volto o PIN. Non è stata aggiunta nessuna passkey. Riprovi, o usi un altro dispositivo.
passkey-create-not-accepted = La sua organizzazione non accetta questo tipo di passkey. Non è stata aggiunta nessuna passkey. Usi un altro dispositivo o una chiave di sicurezza, o si rivolga al suo referente informatico.
passkey-create-challenge-expired = La pagina è rimasta aperta troppo a lungo, e non è stata aggiunta nessuna passkey. Riprovi.
passkey-create-wrong-account = Quella passkey appartiene a un altro account. Non è stata aggiunta nessuna passkey.
passkey-create-wrong-passkey = Ha usato un’altra passkey. Riprovi e scelga quella nuova.
passkey-create-limit = Ha già tutte le passkey che la sua organizzazione consente. Ne rimuova prima una.
passkey-create-confirm-needed = Non è cambiato nulla. Confermi prima che è lei.
passkey-create-session-ended = Nel frattempo la sessione è terminata, e non è stata aggiunta nessuna passkey. Acceda di nuovo.
passkey-create-rate-limited = Troppi tentativi. Aspetti qualche minuto, poi riprovi.

passkey-works = Funziona. Può accedere con { $name }.
