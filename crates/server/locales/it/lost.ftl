# Da LP-1 a LP-3: che cosa fare quando l’accesso non funziona, chiedere un pass, rendere inutile un dispositivo perso.
help-step-by-step = Scopra che cosa fare, passo per passo
lost-start-heading = Non riesce ad accedere? Passo per passo
lost-lead = Questa pagina è uguale per tutti e non consulta nulla.
lost-question = Che cosa è successo?
lost-cause-lost = Ho perso il telefono, o me l’hanno rubato
lost-cause-new-phone = Ho un nuovo telefono
lost-cause-no-passkey = La mia passkey non compare
lost-cause-forgotten = Ho dimenticato la password
lost-cause-never = Non ho mai avuto accesso
lost-show = Mostra che cosa fare
lost-ways = Provi questo, in quest’ordine
lost-way-other-passkey = Usi un’altra passkey o una chiave di sicurezza, se ne ha una. Acceda con essa e rimuova ciò che ha perso nelle info di sicurezza.
lost-way-recovery-code = Usi uno dei suoi codici di recupero, se ne ha conservati.
lost-way-computer = Vada a un computer su cui ha salvato una passkey. Acceda lì e aggiunga il nuovo telefono.
lost-way-same-account = Sul nuovo telefono acceda allo stesso account Apple o Google di prima. Le sue passkey tornano con esso; può volerci qualche minuto.
lost-way-iphone = iPhone: Impostazioni, il suo nome, iCloud, Password e portachiavi deve essere attivo. Le passkey sono nell’app Password.
lost-way-android = Android: Impostazioni, Password, passkey e account. Scelga il servizio che prima aveva le sue passkey.
lost-way-lock = Attivi un blocco schermo: PIN, impronta o volto. Le passkey ne hanno bisogno.
lost-way-window = Lasci la finestra privata, e apra la pagina nel suo browser, non dentro un’altra app.
lost-way-bluetooth = La passkey è sul telefono? Scelga il telefono nella richiesta, attivi il Bluetooth su entrambi e scansioni il codice.
lost-way-passkey-instead = Se ha una passkey, non le serve la password: scelga «Accedi con una passkey».
lost-way-ask = Altrimenti chieda un pass di accesso temporaneo.
lost-way-first = Il suo referente informatico le dà un pass di accesso temporaneo. Se nessuno l’ha fatto, ne chieda uno.
lost-ask = Chiedi un pass di accesso temporaneo
lost-thief = È stato rubato? Lo comunichi subito al suo referente informatico, così la sua passkey può essere disattivata.

recover-heading = Chieda un pass di accesso temporaneo
recover-lead = Il suo referente informatico verificherà che è lei prima di darle un pass.
recover-off = La sua organizzazione non accetta richieste qui. Parli con il suo referente informatico.
recover-contact-label = Come possiamo raggiungerla?
recover-contact-hint = Una stanza, un numero o una persona vicino a lei. Chiamiamo comunque solo il numero che la sua organizzazione ha di lei.
recover-contact-missing = Dica come possiamo raggiungerla, in al massimo 120 caratteri.
recover-colleague-label = Chi può garantire per lei? (facoltativo)
recover-colleague-hint = Un collega o il suo superiore.
recover-colleague-long = Indichi il suo collega in al massimo 120 caratteri.
recover-reason = Che cosa è successo?
recover-reason-missing = Scelga che cosa è successo.
recover-send = Invia la richiesta
recover-sent-heading = La sua richiesta è in viaggio
recover-sent = Se l’account esiste, il suo referente informatico è stato informato. Entro un’ora, altre richieste per lo stesso account non cambiano nulla.
recover-sent-reference = Riferimento { $reference }
recover-sent-warning = Non dia questo numero a nessuno che la chiami. L’informatica non ne ha bisogno per riconoscerla.
recover-sent-again = La sua richiesta non è stata inviata adesso. La ripeta se le serve un pass.

secure-heading = Metta al sicuro il suo account
secure-lead = Bentornato. Prima renda inutile il dispositivo perso.
secure-lead-full = Disattivi ciò che non c’è più, ed esca dove non è lei.
secure-passkeys = Quali passkey non ci sono più?
secure-passkeys-none = Non ha nessuna passkey attiva.
secure-passkeys-hint = Vengono disattivate subito: nessuno può accedere con esse. Le rimuove definitivamente quando ne ha una nuova.
secure-backed-up = con copia
secure-last-used = ultimo uso { $at }
secure-never-used = mai usata
secure-off = disattivata
secure-backup-warning = Una passkey con copia può tornare su un nuovo telefono con lo stesso account Google o Apple. Se qualcuno potrebbe conoscere quell’account, disattivi la passkey qui, e cambi la password di quell’account.
secure-only = È la sua unica passkey. Può disattivarla ora, e poi crearne una nuova.
secure-sessions = Dove vuole uscire?
secure-sessions-none = Non ha eseguito l’accesso altrove.
secure-session = { $count ->
    [one] { $device }, da { $address }
   *[other] { $device }, da { $address } ({ $count } sessioni)
}
secure-then = Poi
secure-then-create = Crea una nuova passkey
secure-then-history = Guarda gli ultimi accessi
secure-do = Fallo ora
secure-nothing-lost = Non ho perso nulla, continua
secure-nothing-chosen = Scelga che cosa non c’è più, o continui senza cambiare nulla.
secure-last-method = Non è stato modificato nulla: non le resterebbe nessuna passkey con cui accedere. Ne aggiunga prima un’altra.
secure-link = Ha perso un dispositivo? Metta prima al sicuro l’account
secure-remove = Rimuovi definitivamente: { $name }
secure-remove-hint = Le passkey disattivate ora possono essere rimosse, perché ne ha una nuova.
secure-stolen = È stato rubato, o qui c’è qualcosa che non conosce? Lo comunichi anche al suo referente informatico.
flash-secured = { $passkeys ->
    [0] Non è stata disattivata nessuna passkey.
    [one] È stata disattivata 1 passkey.
   *[other] Sono state disattivate { $passkeys } passkey.
}
flash-secured-more = { $sessions ->
    [0] Non è stata terminata nessuna sessione.
    [one] È stata terminata 1 sessione.
   *[other] Sono state terminate { $sessions } sessioni.
}{ $gone ->
    [0] {""}
    [one] {" "}1 voce che ha scelto non c’era già più.
   *[other] {" "}{ $gone } voci che ha scelto non c’erano già più.
}
