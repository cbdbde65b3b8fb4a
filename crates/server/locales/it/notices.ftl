# Avvisi: sulla pagina e per e-mail. Che cosa è successo, in un titolo e una frase per ogni tipo.
nav-notices = Avvisi
notices-heading = Avvisi
notices-lead = Che cosa è successo attorno al suo accesso. Lo mandiamo anche per e-mail se il suo account ha un indirizzo.
notices-none = Non è ancora successo nulla.
notices-new = Nuovo
notices-unseen = { $count ->
    [one] 1 nuovo avviso
   *[other] { $count } nuovi avvisi
}
notices-mark-seen = Segna tutti come visti
notices-history = Guarda tutti gli accessi e le modifiche
notices-not-me = Uno di questi non è stato lei? Apra la sua cronologia e lo dica lì.
flash-notices-seen = Tutti gli avvisi sono segnati come visti. Restano qui 90 giorni.

notice-passkey = Passkey: { $name }
notice-when = Quando: { $when }
notice-where = Dove: { $browser }, da { $address }
notice-by-oneself = Fatto da: qualcuno che aveva eseguito l’accesso al suo account
notice-by-somebody = Fatto da: supporto o amministrazione della sua organizzazione
notice-by-server = Fatto da: la sua organizzazione
notice-by-nobody = Fatto da: qualcuno che non aveva eseguito l’accesso
notice-codes-left = { $count ->
    [one] Resta 1 codice di recupero.
   *[other] Restano { $count } codici di recupero.
}
notice-sessions-ended = { $count ->
    [one] È stata terminata 1 sessione.
   *[other] Sono state terminate { $count } sessioni.
}

notice-kind-passkey-added = È stata aggiunta una passkey
notice-kind-passkey-added-text = Una nuova passkey può accedere al suo account.
notice-kind-passkey-first-used = Una nuova passkey è stata usata per la prima volta
notice-kind-passkey-first-used-text = La passkey funziona.
notice-kind-passkey-removed = È stata rimossa una passkey
notice-kind-passkey-removed-text = Nessuno può più accedere con essa.
notice-kind-passkey-disabled = È stata disattivata una passkey
notice-kind-passkey-disabled-text = Nessuno può più accedere con essa. Resta nel suo elenco finché non la rimuove.
notice-kind-passkey-enabled = Una passkey è stata riattivata
notice-kind-passkey-enabled-text = Può di nuovo accedere al suo account.
notice-kind-passkey-copied = Una passkey è forse stata copiata
notice-kind-passkey-copied-text = Quando è stata usata ha contato all’indietro, cosa che una chiave di sicurezza non fa da sola. La rimuova se ha dubbi.
notice-kind-pass-issued = È stato emesso un pass di accesso temporaneo per lei
notice-kind-pass-issued-text = Chi lo ha può configurare una passkey per il suo account. Se non l’ha chiesto, lo comunichi al suo referente informatico.
notice-kind-pass-used = Il suo pass di accesso temporaneo è stato usato
notice-kind-pass-used-text = Qualcuno ha aperto con esso la configurazione del suo accesso.
notice-kind-pass-revoked = Il suo pass di accesso temporaneo è stato ritirato
notice-kind-pass-revoked-text = Non vale più.
notice-kind-pass-locked = Il suo pass di accesso temporaneo non vale più
notice-kind-pass-locked-text = Ci sono stati troppi tentativi errati. Ne chieda uno nuovo al suo referente informatico se le serve ancora.
notice-kind-password-set = È stata impostata una password
notice-kind-password-set-text = Il suo account ora ha una password.
notice-kind-password-changed = La sua password è stata cambiata
notice-kind-password-changed-text = Quella vecchia non vale più.
notice-kind-password-off = La sua password è stata disattivata
notice-kind-password-off-text = Nessuno può più accedere con essa. Le sessioni che si basavano su di essa sono terminate.
notice-kind-password-allowed = Il suo account può di nuovo avere una password
notice-kind-password-allowed-text = Non ne ha nessuna finché non viene impostata.
notice-kind-codes-added = Sono stati configurati codici di autenticazione
notice-kind-codes-added-text = Un’app mostra codici che completano un accesso con la sua password.
notice-kind-codes-removed = I codici di autenticazione sono stati rimossi
notice-kind-codes-removed-text = I codici dell’app non valgono più.
notice-kind-codes-locked = I suoi codici di autenticazione sono bloccati
notice-kind-codes-locked-text = Dopo la password giusta ci sono stati troppi codici errati. Se non è stato lei, cambi la password. Acceda in un altro modo e configuri di nuovo l’app, oppure chieda un pass di accesso temporaneo al suo referente informatico.
notice-kind-recovery-codes-made = Sono stati creati nuovi codici di recupero
notice-kind-recovery-codes-made-text = Quelli vecchi non valgono più.
notice-kind-recovery-code-used = È stato usato un codice di recupero
notice-kind-recovery-code-used-text = Ogni codice vale una volta.
notice-kind-new-browser = Un accesso con un browser mai usato prima
notice-kind-new-browser-text = Qualcuno ha eseguito l’accesso al suo account con un browser che con esso non avevamo ancora visto.
notice-kind-enrolment-ended = Un telefono doveva ricevere una passkey e non l’ha ricevuta
notice-kind-enrolment-ended-text = La configurazione con un telefono è stata rifiutata, bloccata o respinta. Non è stata creata nessuna passkey.
notice-kind-pass-requested = Qualcuno ha chiesto un pass di accesso temporaneo per lei
notice-kind-pass-requested-text = La sola richiesta non cambia nulla. Il supporto dà un pass solo a una persona che ha riconosciuto come lei.
notice-kind-request-closed = La richiesta di un pass è stata trattata
notice-kind-request-closed-text = Se l’ha fatta lei, le è stato detto come si continua.
notice-kind-account-secured = Sono state terminate sessioni del suo account
notice-kind-account-secured-text = Qualcuno che aveva eseguito l’accesso al suo account ha fatto uscire altri dispositivi.
notice-kind-entry-reported = Ha segnalato che qualcosa non è stato lei
notice-kind-entry-reported-text = Una voce della sua cronologia è stata segnata come non sua.
notice-kind-account-changed = Il suo nome o indirizzo è stato modificato
notice-kind-account-changed-text = Le sue passkey sono invariate.
notice-kind-address-left = Da ora gli avvisi del suo conto vanno a un altro indirizzo
notice-kind-address-left-text = Questo è l’ultimo avviso a questo indirizzo. Le sue passkey sono invariate. Se non ha chiesto questa modifica alla sua informatica, la avvisi ora.
notice-kind-role-changed = Il ruolo del suo account è stato modificato
notice-kind-role-changed-text = Sugli account di altri può fare più o meno di prima.
