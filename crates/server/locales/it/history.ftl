# SH-1.
nav-history = Cronologia degli accessi
history-heading = Cronologia degli accessi
history-lead = Chi è entrato, chi no, e che cosa è cambiato. Se qualcosa non è stato lei, lo dica: le mostriamo che cosa fare.
history-show-label = Mostra
history-show-all = Tutto
history-show-sign-ins = Solo accessi
history-show-changes = Solo modifiche
history-days-label = Periodo
history-days = { $days ->
    [one] Ultimo giorno
   *[other] Ultimi { $days } giorni
}
history-filter = Mostra questi
history-empty = In questo periodo non c’è nulla.
history-older = Voci più vecchie
history-newest = Torna alle più recenti
history-place-note = I luoghi sono indicati come la rete da cui veniva la richiesta, abbreviata. Con reti mobili e VPN i suoi stessi accessi possono sembrare venire da altrove.
history-kept = Le voci più vecchie di 90 giorni qui non compaiono.
history-entry-success = Entrato
history-entry-failed = Fermato
history-entry-interrupted = Non completato
history-entry-changed = Modifica
history-this-session = Questa sessione
history-unfamiliar = Nuovo browser o luogo
history-by-another = Fatto dalla sua informatica
history-times = { $count ->
    [one] una volta
   *[other] { $count } volte
}
history-from = { $device }, da { $network }
history-from-network = Da { $network }
history-reported-on = L’ha segnalato { $at }
history-details = Dettagli
history-details-of = Dettagli: { $title }
history-not-me = Non sono stato io
history-not-me-of = Non sono stato io: { $title }
history-some-passkey = una passkey

# Che cosa è successo.
history-signed-in = Accesso con { $passkey }
history-signed-in-password = Accesso con una password
history-signed-in-password-code = Accesso con una password e un codice di autenticazione
history-signed-in-password-recovery = Accesso con una password e un codice di recupero
history-signed-in-recovery = Accesso con un codice di recupero
history-pass-redeemed = Entrata con un pass di accesso temporaneo
history-sign-in-refused = Una passkey non è stata accettata
history-confirm-refused = Una conferma non è stata accettata
history-pass-refused = Pass di accesso temporaneo non accettato
history-pass-locked = Pass di accesso temporaneo bloccato dopo troppi tentativi errati
history-password-refused = Password errata
history-second-step-refused = Password giusta, codice errato
history-first-step = Password giusta, secondo passo non fatto
history-enrolment-ended = La configurazione di un telefono è finita senza passkey
history-enrolment-claim-refused = Un altro browser ha provato ad aprire il suo codice di configurazione
history-signed-out = Uscita
history-session-revoked = Una sessione è stata terminata
history-other-sessions-revoked = { $count ->
    [one] Un’altra sessione è stata terminata
   *[other] Altre { $count } sessioni sono state terminate
}
history-pass-issued = È stato emesso un pass di accesso temporaneo per lei
history-pass-revoked = Pass di accesso temporaneo ritirato
history-passkey-added = Metodo aggiunto: { $passkey }
history-passkey-renamed = Passkey rinominata: { $passkey }
history-passkey-removed = Metodo rimosso: { $passkey }
history-passkey-disabled = Passkey disattivata: { $passkey }
history-passkey-enabled = Passkey riattivata: { $passkey }
history-password-set = Metodo aggiunto: password
history-password-changed = Password cambiata
history-password-off = Metodo rimosso: password
history-password-allowed = Può di nuovo avere una password
history-codes-added = Metodo aggiunto: codici di autenticazione
history-codes-removed = Metodo rimosso: codici di autenticazione
history-codes-locked = Codici di autenticazione bloccati dopo troppi tentativi errati
history-recovery-made = Nuovi codici di recupero creati
history-recovery-removed = Codici di recupero resi inutili
history-pass-requested = Qualcuno ha chiesto un pass per lei
history-secured = Sessioni terminate e passkey disattivate in una volta
history-user-changed = Il suo nome o indirizzo è stato modificato
history-user-disabled = Il suo account è stato disattivato
history-user-enabled = Il suo account è stato riattivato
history-role-changed = Ha ricevuto un altro ruolo

# Perché è stato fermato.
history-reason-other = Non è stato accettato.
history-reason-disabled-passkey = Questa passkey è disattivata.
history-reason-unknown-passkey = Questa passkey non è una delle sue.
history-reason-cancelled = Non è stato completato: annullato, o lasciato scadere.
history-reason-late = Ci sono voluti più di cinque minuti.
history-reason-unverified = Impronta, volto o PIN non sono stati verificati.
history-reason-counter = La passkey è forse stata copiata.
history-reason-wrong = Era errato.
history-reason-too-many = C’erano stati troppi tentativi errati.
history-reason-replayed = Il codice era già stato usato.
history-reason-pass = In quel momento il pass non era valido.
history-reason-account = L’account era disattivato.
history-reason-first-step = La password era giusta. Nessuno è entrato: il secondo passo non è stato fatto.
history-reason-second-step = La password era giusta, e il codice no. Nessuno è entrato.

# SH-2.
history-entry-heading = Che cosa è successo
history-fact-when = Quando
history-fact-what = Che cosa
history-fact-result = Risultato
history-fact-strength = Quanto forte
history-fact-device = Browser
history-fact-network = Rete
history-fact-session = Sessione
history-fact-reference = Riferimento
history-strength-multifactor = Due fattori
history-strength-passwordless = Due fattori senza password
history-strength-phishing-resistant = Resiste al phishing
history-strength-phishing-resistant-hardware = Resiste al phishing, chiave hardware
history-strength-none = Un fattore
history-result-success = Entrato
history-result-failed = Non entrato
history-result-interrupted = Non entrato
history-result-changed = Fatto
history-address-hidden = non registrato
history-back = Torna alla cronologia degli accessi

# SH-3a.
not-me-heading = Non è stato davvero lei?
not-me-lead = Guardi ancora una volta prima di fare qualcosa. Non è ancora cambiato nulla.
not-me-look-alikes = Può benissimo essere stato lei se:
not-me-look-browser = ha usato un altro browser o una finestra privata,
not-me-look-vpn = era su una VPN, sulla rete mobile o in albergo: il luogo si deduce dalla rete,
not-me-look-phone = il telefono o un secondo computer ha eseguito l’accesso da solo,
not-me-look-help = in quel momento qualcuno la stava aiutando.
not-me-was-me = Sono stato io
not-me-was-not = Davvero non sono stato io

# SH-3b.
not-me-do-heading = Che cosa fare ora
not-me-guessed = Qualcuno ha provato a indovinare. Non è entrato, e non c’è nulla da fare. Lo diciamo alla sua informatica.
not-me-password-known = Qualcuno conosce la sua password. Non è entrato. Cambi la password o la disattivi ora.
not-me-in-by-password = Qualcuno è entrato nel suo account con la sua password. Lo faccia uscire e gli tolga la password.
not-me-in-by-recovery-code = Qualcuno è entrato nel suo account con uno dei suoi codici di recupero. Lo faccia uscire e renda inutili i codici.
not-me-in-by-passkey = Qualcuno è entrato nel suo account con { $passkey }. Ha il dispositivo, o l’account in cui è salvata.
not-me-passkey-refused = Qualcuno ha provato a entrare con { $passkey } e non c’è riuscito. Forse ha il dispositivo.
not-me-in-by-pass = Qualcuno ha usato il suo pass di accesso temporaneo. La sua informatica deve saperlo subito.
not-me-method-added = Qualcuno ha aggiunto un modo per entrare nel suo account. Lo rimuova e lo faccia uscire.
not-me-changed = Qualcuno ha modificato qualcosa nel suo account. Esca ovunque tranne qui, e guardi i suoi metodi di accesso.
not-me-only-suspicious = L’unico modo con cui accede è quello in questione. Può uscire ovunque tranne qui, e congelare il suo account finché la sua informatica non la chiama. Se è una passkey, lo conferma con quella.
not-me-only-administrator = L’unico modo con cui accede è quello in questione. Può uscire ovunque tranne qui. Nessun altro amministra questo Keyward, quindi il suo account non può essere congelato: chi gestisce il server può togliere la passkey.
not-me-lost-device = Non ho più il dispositivo
not-me-choose = Scelga che cosa fare
remedy-sign-out-elsewhere = Esci ovunque tranne qui
remedy-end-its-sessions = Esci ovunque sia stato usato
remedy-remove-passkey = Rimuovi { $passkey }
remedy-turn-off-password = Disattiva la password
remedy-remove-codes = Rimuovi i codici di autenticazione
remedy-remove-recovery-codes = Rendi inutili i codici di recupero
remedy-revoke-pass = Ritira il pass di accesso temporaneo
remedy-freeze = Congela l’account finché la mia informatica non mi chiama
remedy-freeze-hint = Nulla fa più accedere, nemmeno lei. La sua informatica le dà un pass di accesso temporaneo per toglierlo.
not-me-tell-it = Avvisare la sua informatica. Succede sempre, con un riferimento per lei.
not-me-confirm-hint = Lo conferma con un metodo che non è quello in questione.
not-me-send = Fallo ora
not-me-change-password = Cambia invece la password
not-me-problem-heading = Non è stato modificato nulla
not-me-problem-suspicious = Ha confermato con il metodo in questione. Ne usi un altro.
not-me-problem-not-offered = Ciò che ha scelto non è più possibile. Questa pagina è di nuovo aggiornata: scelga ancora una volta.
not-me-too-old = Questa voce ha più di 90 giorni, e non è stato modificato nulla. Ne parli con la sua informatica.
not-me-handled = L’ha segnalato { $at }. Ora non è stato modificato nulla.
not-me-handled-lead = Il suo riferimento è { $reference }. Lo dia alla sua informatica se lo chiede.
confirm-report = Usi una passkey diversa da quella in questione. Non è ancora cambiato nulla.
confirm-freeze = Confermi che il suo account va congelato. Usi la sua passkey, anche se è quella in questione. Non è ancora cambiato nulla.

# SH-3c.
told-heading = La sua informatica lo sa
told-lead = Il suo riferimento è { $reference }. La sua informatica trova così la sua segnalazione. Non lo dia a nessuno che la chiami di propria iniziativa.
told-some-not = Non è stato possibile fare tutto. Ciò che non è stato possibile è segnato qui sotto.
told-done = Che cosa è stato fatto
outcome-done = Fatto
outcome-already-done = Era già fatto
outcome-last-method = Non fatto: è il suo ultimo modo per accedere. Ne aggiunga prima un altro.
told-next = Guarda i suoi metodi di accesso
flash-entry-reported = Grazie. La sua segnalazione è registrata.
flash-account-frozen = Il suo account è congelato, e nulla fa più accedere. Il suo riferimento è { $reference }. La sua informatica lo toglie con un pass di accesso temporaneo.

# Dopo un congelamento.
frozen-heading = Il suo account è stato congelato
frozen-lead = È entrato con un pass di accesso temporaneo. Scelga le passkey che sono ancora sue: possono di nuovo far accedere. Tralasci ciò che non ha più.
frozen-choose = Quali passkey sono ancora Sue?
frozen-password = La mia password: nessun altro la conosce
frozen-none = Nessuna delle sue passkey è congelata.
frozen-enable = Riattiva queste
frozen-add = Crea una nuova passkey
flash-frozen-lifted = { $count ->
    [0] Non è stato riattivato nulla. Le sue passkey restano congelate.
    [one] Una passkey può di nuovo far accedere.
   *[other] { $count } passkey possono di nuovo far accedere.
}
frozen-notice = Alcune sue passkey sono congelate.
frozen-notice-link = Guarda quali
