# Le righe di SEC-1 oltre alle passkey, SEC-6, SEC-7, SI-7, SI-8, e la conferma senza passkey.
row-not-set-up = Non configurato
row-not-allowed = La sua organizzazione non lo consente più. Non può essere usato.
row-add = Aggiungi
turn-off = Disattiva
password-row = Password
password-row-on = Attiva, scelta { $since }
password-row-off = Disattivata { $since }. Nessuno può accedere con essa.
codes-row = Codici di autenticazione
codes-row-on = Attivi da { $since }
recovery-row = Codici di recupero
recovery-row-left = { $left ->
    [0] Non ne restano. Ne crei di nuovi.
    [one] Ne resta 1 su 10
   *[other] Ne restano { $left } su 10
}
recovery-new = Nuovi codici
restricted-window = Può aggiungere una passkey fino a { $ends } (ancora { $left }). Questo accesso non apre altro.
restricted-ends-five = Questo accesso termina tra 5 minuti. Ciò che ha completato resta.
restricted-ends-one = Questo accesso termina tra 1 minuto. Ciò che ha completato resta.
restricted-ends-over = Questo accesso è terminato. Ciò che ha completato resta. Acceda di nuovo per continuare.

change-password-heading = Cambi la sua password
set-password-heading = Scelga una password
old-password-label = Password attuale
change-password-sessions = Se la cambia, le sessioni altrove aperte con quella vecchia terminano.
flash-password-changed = La sua password è stata cambiata. Quella vecchia non vale più.
flash-password-set = La sua password vale d’ora in poi.

codes-heading = Configuri i codici di autenticazione
codes-lead = Un’app di autenticazione sul telefono mostra un nuovo codice ogni 30 secondi. È il secondo passo dopo la password.
codes-step-scan = Nell’app aggiunga un account e scansioni questa immagine.
codes-step-type = Digiti le sei cifre che l’app mostra.
codes-picture = Immagine da scansionare con l’app di autenticazione. Il segreto sta anche qui sotto come testo.
codes-same-device = L’app è su questo dispositivo: aprila
codes-secret = Oppure digiti questo segreto nell’app:
codes-confirm = Attiva
codes-wrong = Non è il codice di adesso. Non è stato modificato nulla. Controlli che l’ora del telefono sia esatta, e digiti il codice che l’app mostra ora.
codes-remove-heading = Rimuovere i codici di autenticazione?
codes-remove-effect = La sola password allora non la fa più accedere: usi una passkey, o un codice di recupero come secondo passo. Elimini anche la voce nell’app.
flash-codes-added = I codici di autenticazione sono attivi. D’ora in poi la password è seguita da un codice.
flash-codes-removed = I codici di autenticazione sono stati rimossi. Elimini anche la voce nell’app.

recovery-codes-heading = Codici di recupero
recovery-codes-text = Dieci codici che la fanno entrare una volta ciascuno se perde i suoi dispositivi. Un codice da solo permette soltanto di mettere al sicuro l’account e di creare una nuova passkey.
recovery-codes-keep = Li stampi, o li salvi dove solo lei può raggiungerli. Non sul dispositivo che potrebbe perdere.
recovery-codes-replace = { $left ->
    [one] Le resta 1 codice. Smette di valere quando ne crea di nuovi.
   *[other] Le restano { $left } codici. Smettono di valere quando ne crea di nuovi.
}
recovery-codes-make = Crea dieci nuovi codici
recovery-made-heading = I suoi codici di recupero
recovery-made-once = È l’unica volta che questi codici vengono mostrati. Li stampi o li salvi ora.
recovery-made-for = Per { $login } presso { $organisation }.
recovery-made-use = Ogni codice vale una volta: nella pagina di accesso scelga «Usa un codice di recupero». Nessuno dell’informatica gliene chiederà mai uno.
recovery-made-kept = Ho stampato o salvato questi codici
recovery-made-done = Fine
flash-recovery-kept = I suoi codici di recupero sono pronti. I codici precedenti non valgono più.
flash-recovery-unsure = È andato via prima di dire che ha conservato i nuovi codici di recupero. Se non li ha stampati né salvati, ne crei di nuovi.
print = Stampa
copy = Copia
copied = Copiato.
download = Scarica
recovery-file-title = Codici di recupero di { $login } presso { $organisation }
recovery-file-use = Ognuno vale una volta. Nessuno dell’informatica gliene chiederà mai uno.

interrupt-heading = La sua organizzazione le chiede di aggiungere una passkey
interrupt-lead = Ci vuole un minuto, e il prossimo accesso è più rapido. Può rimandare di qualche giorno.
interrupt-last-day = Ci vuole un minuto. Oggi è l’ultimo giorno in cui può rimandare.
interrupt-required = Ci vuole un minuto. Non si può più rimandare.
interrupt-restricted = La sola password qui non apre altro. Con una passkey accede completamente.
interrupt-postpone = { $days ->
    [one] Non ora – ancora 1 giorno
   *[other] Non ora – ancora { $days } giorni
}
interrupt-cannot = Questo dispositivo non può?
interrupt-cannot-text = Continui lo stesso: la pagina seguente propone anche il telefono o una chiave di sicurezza, e dice che cosa manca a questo dispositivo.
offer-heading = La prossima volta acceda più in fretta
offer-lead = Crei una passkey su questo dispositivo, e acceda senza la password.
offer-elsewhere = Ha una passkey, ma non su questo dispositivo. Ne configuri una anche qui, e acceda senza la password.
offer-text = La sblocca con l’impronta, il volto o il PIN del blocco schermo.
offer-never = Non chiedere su questo dispositivo
flash-silent-passkey = Una passkey è stata salvata in { $provider }.
flash-silent-passkey-device = Una passkey è stata salvata su questo dispositivo.
see-it = Guardala
undo = Annulla questo

confirm-change-password = Confermi prima di scegliere una password. Non è ancora cambiato nulla.
confirm-turn-off-password = Usi una delle sue passkey prima di disattivare la password. Non è ancora cambiato nulla.
confirm-add-codes = Confermi prima di configurare i codici di autenticazione. Non è ancora cambiato nulla.
confirm-remove-codes = Confermi prima di rimuovere i codici di autenticazione. Non è ancora cambiato nulla.
confirm-recovery-codes = Confermi prima di creare nuovi codici di recupero. Non è ancora cambiato nulla.
confirm-by-password = Usi la sua password e un codice
confirm-now = Conferma
confirm-done = Confermato. Continui con ciò che stava per fare.
confirm-wrong = La password o il codice non è giusto. Non è cambiato nulla. Digiti di nuovo entrambi, con il codice che l’app mostra ora.
confirm-code-used = Quel codice è già stato usato. Non è cambiato nulla. Aspetti che l’app mostri il prossimo.
confirm-incomplete = Inserisca la sua password e il codice della sua app di autenticazione.
confirm-no-way = Questo account non ha nulla con cui confermare: né passkey, né password con codici di autenticazione. Chieda un pass di accesso temporaneo al suo referente informatico.
codes-row-locked = Fermati dopo troppi codici errati
codes-anew = Configura di nuovo
codes-remove-last = Questi codici sono il secondo passo del suo unico modo per accedere, quindi restano. Ne aggiunga prima un altro.
