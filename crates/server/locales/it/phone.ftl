# W-2, W-3, W-4, W-5b, W-5c: una passkey sul telefono.
choice-phone = Passkey in Authenticator (sul suo telefono)
choice-phone-hint = Con impronta, volto o blocco schermo. Salvata nel gestore di password del telefono. Funziona con qualsiasi computer.
choice-this-phone = Passkey su questo telefono
choice-this-phone-hint = Con impronta, volto o blocco schermo. Salvata nel gestore di password di questo telefono.
choice-recommended = Consigliato

check-heading = Che cosa le serve
check-versions = Un telefono con Android { $android } o più recente, o un iPhone con iOS { $ios } o più recente.
check-lock = Un blocco schermo attivo: PIN, impronta o volto.
check-internet = Internet sul telefono.
check-bluetooth = Il Bluetooth, solo se sceglie il modo in cui il browser mostra il codice.
check-version-how = Come vedo la mia versione?
check-version-android = Android: apra Impostazioni, poi «Informazioni sul telefono». Il numero è sotto «Versione di Android».
check-version-ios = iPhone o iPad: apra Impostazioni, poi «Generali», poi «Info». Il numero è sotto «Versione di iOS».
check-older = Il mio telefono è più vecchio
check-older-text = Lo aggiorni se propone un aggiornamento. Se resta più vecchio, usi invece una chiave di sicurezza o una passkey su questo computer.
check-instead-key = Usa una chiave di sicurezza
check-instead-computer = Usa questo computer

which-heading = Che telefono ha?
which-lead = Decide solo che cosa spieghiamo.
which-android = Android
which-ios = iPhone o iPad
which-here = Ora sono sul telefono
which-none = Un altro telefono, o nessuno
which-none-text = Una chiave di sicurezza, o una passkey su questo computer, funziona senza telefono.
which-missing = Scelga il suo telefono.

how-heading = Come deve creare la passkey il telefono?
how-link = Scansionare un codice e usare il telefono
how-link-hint = Il telefono apre la nostra pagina. Niente Bluetooth.
how-browser = Far parlare questo browser con il telefono
how-browser-hint = Il browser mostra un codice suo. Serve il Bluetooth su entrambi.
how-here = Invece questo dispositivo
how-here-hint = Salvare la passkey su questo computer: Windows Hello, Touch ID o il suo gestore di password.
how-no-bluetooth = Questo computer non ha il Bluetooth, o il browser non può usarlo.
how-no-platform = Questo computer non ha un blocco schermo o non può salvare passkey.
how-missing = Scelga come il telefono deve creare la passkey.
how-changed = Quel modo non è più disponibile. Non è stato modificato nulla. Ne scelga un altro.

link-heading = Crei la passkey sul telefono
link-qr = Codice QR che apre { $address } sul telefono
link-scan-android = Apra la fotocamera del telefono, o «Scansiona codice QR» nelle impostazioni rapide.
link-scan-ios = Apra la fotocamera del suo iPhone o iPad.
link-scan = Apra la fotocamera del telefono.
link-point = La punti sul codice e apra il link.
link-follow = Segua il telefono. Lasci aperta questa pagina.
link-no-camera = Niente fotocamera? Sul telefono apra { $address } e digiti
link-no-code = Niente fotocamera? Copi il link e lo apra sul telefono.
link-copy = Copia il link
link-copied = Il link è copiato. Vale una volta, sul suo telefono: non lo mandi a nessun altro.
link-once = Questo codice vale fino a { $ends }, e una sola volta.
link-new = Ecco un nuovo codice. Quello vecchio non vale più.
link-one-minute = Questo codice scade tra 1 minuto. Poi può prenderne uno nuovo.
link-stages = Che cosa è successo
link-step-waiting = Il codice aspetta
link-step-opened = Il telefono ha aperto la pagina
link-step-signed-in = Ha eseguito l’accesso sul telefono
link-step-confirmed = Ha confermato che è il suo telefono
link-step-created = Passkey creata
link-cancel = Annulla
link-stop = Non è il mio telefono: ferma
link-again = Prendi un nuovo codice
link-start-again = Ricomincia
link-try-again = Riprova
link-another-way = Un altro modo
link-another-phone = Usa un altro telefono
link-try-instead = Provala invece
link-sign-in = Accedi di nuovo
link-refresh = Questa pagina si rinnova ogni quattro secondi.
link-refresh-now = Guarda di nuovo
link-another-tried = Anche un altro dispositivo ha provato ad aprire questo codice. È stato respinto, e non è cambiato nulla. Se non è stato lei, si fermi qui.
link-lost = Abbiamo perso il contatto con il telefono. Il codice resta valido fino alla sua scadenza.
link-device = { $device } ha aperto il codice.
link-device-at = { $device } all’indirizzo { $address } ha aperto il codice.
link-problems = Problemi?
link-problems-camera = La fotocamera non apre il link: digiti invece l’indirizzo e il codice.
link-problems-private = Il telefono non deve usare una finestra privata, e la pagina deve aprirsi nel suo browser, non dentro un’altra app.
link-problems-lock = Il telefono ha bisogno di un blocco schermo. Ne attivi uno, poi riprovi.
link-problems-sign-in = Il telefono le chiede di accedere: usi il suo pass, o una passkey che ha. Così nessun altro può aggiungere il proprio telefono al suo account.

link-number = Numero mostrato dal telefono
link-number-hint = Lo digiti solo se lo mostra il telefono che ha in mano.
link-number-confirm = Conferma
link-number-empty = Digiti il numero mostrato dal telefono.
link-number-wrong = { $left ->
    [one] Non è quel numero. Ha ancora 1 tentativo.
   *[other] Non è quel numero. Ha ancora { $left } tentativi.
}
link-number-other = Non riesce a leggere il numero? Acceda invece sul telefono: si fermi qui, e scelga un altro modo.

stage-created = In attesa del telefono…
stage-opened = Il telefono ha aperto la pagina.
stage-signing-in = Accesso sul telefono in corso…
stage-approve = Digiti il numero mostrato dal telefono.
stage-approved = Confermato. Continui sul telefono.
stage-creating = Il telefono chiede il blocco schermo…
stage-created-ok = Passkey creata.
stage-tried = L’ha provata: funziona.
stage-expired = Questo codice è scaduto. Non è stato creato nulla.
stage-number-locked = Per sicurezza ci siamo fermati: il numero era sbagliato troppe volte. Non è stato creato nulla.
stage-declined = Il telefono ha rifiutato. Non è stato creato nulla.
stage-stopped = L’ha fermato lei. Non è stato creato nulla.
stage-phone-unsupported = Questo telefono qui non può salvare una passkey. Non è stato creato nulla.
stage-phone-cancelled = La richiesta sul telefono è stata chiusa. Può riprovare.
stage-duplicate = Questo telefono ha già una sua passkey. Può usarla così com’è.
stage-rejected = La sua organizzazione non accetta la passkey di questo telefono. Non è stato aggiunto nulla. Usi un altro telefono o una chiave di sicurezza.
stage-other-account = Il telefono ha eseguito l’accesso con un altro account, non il suo. Non è stato creato nulla.
stage-ended = Su questo computer la sessione è terminata. Una passkey che il telefono ha già creato resta.

link-unsupported-no-screen-lock = Il telefono non ha un blocco schermo. Ne attivi uno, poi riprovi.
link-unsupported-too-old = Il telefono o il suo browser è troppo vecchio per le passkey. Lo aggiorni, o usi una chiave di sicurezza.

browser-heading = Faccia parlare questo browser con il telefono
browser-bluetooth = Attivi il Bluetooth sul computer e sul telefono, e li tenga vicini.
browser-press = Prema il pulsante qui sotto. Scelga «iPhone, iPad o dispositivo Android» o «Usa un telefono o un tablet» se il browser lo chiede.
browser-scan-android = Scansioni il codice del browser con la fotocamera del suo telefono Android.
browser-scan-ios = Scansioni il codice del browser con la fotocamera del suo iPhone o iPad.
browser-scan = Scansioni il codice del browser con la fotocamera del telefono.
browser-save = Salvi la passkey dove propone il telefono.
browser-show = Mostra il codice del browser
browser-instead = Usa invece il link
browser-instead-hint = Il telefono apre la nostra pagina. Non serve il Bluetooth.
browser-not-started = Il browser non ha potuto raggiungere un telefono, e non è stata creata nessuna passkey. Il Bluetooth è forse spento o non consentito su questo computer. Riprovi, o usi il link.
browser-cancelled = Non è stata creata nessuna passkey. Il telefono non si è collegato? Controlli il Bluetooth su entrambi, e li tenga vicini.
browser-timeout = Ci è voluto troppo tempo, e non è stata creata nessuna passkey. Il telefono non si è collegato? Controlli il Bluetooth su entrambi, e li tenga vicini.
browser-duplicate = Quel dispositivo ha già una passkey per il suo account. Può usarla così com’è.
browser-unsupported = Questo browser non può parlare con un telefono. Usi invece il link.
saved-here = La passkey è stata salvata su questo computer, non sul telefono. Funziona così com’è. Aggiungere anche il telefono?
saved-here-add = Aggiungi il telefono

try-phone-text = Sul telefono prema «Prova ora».
try-phone-waiting = In attesa del telefono…
try-phone-here = Provala da questo computer
try-phone-here-text = Il browser mostra un codice per il telefono. Serve il Bluetooth su entrambi.

resume-phone = Stava aggiungendo una passkey sul telefono.
stage-other-account-as = Il telefono ha eseguito l’accesso come { $login }, non come lei. Non è stato creato nulla.
link-unsupported-in-app-browser = La pagina è stata aperta dentro un’altra app. Apra il link nel browser del telefono.
link-unsupported-private-window = Il telefono mostra la pagina in una finestra privata, che può non conservare una passkey. Apra il link in una finestra normale.
link-unsupported-insecure-context = Il telefono non ha raggiunto la nostra pagina con una connessione sicura. Lo comunichi al suo referente informatico.
create-phone-text = Il telefono le chiederà l’impronta, il volto o il blocco schermo.
create-phone-saved = Salva la passkey nel suo gestore di password. Nulla della sua impronta o del suo volto arriva a noi.

phone-name = Telefono
