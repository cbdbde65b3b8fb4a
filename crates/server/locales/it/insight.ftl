# The console's overview, log and reports.
console-reports = Prontezza
insight-funnel = Dall’invito a nessuna password
insight-step = Passo
insight-step-invited = Invitati
insight-step-opened = Entrati una volta
insight-step-enrolled = Hanno una passkey
insight-step-second = Hanno una seconda passkey
insight-step-passwordless = E non hanno password
insight-count = Persone
insight-share = Quota
insight-ready = { $ready ->
    [one] Una persona su { $people } potrebbe perdere un dispositivo oggi senza dover chiedere a nessuno.
   *[other] { $ready } persone su { $people } potrebbero perdere un dispositivo oggi senza dover chiedere a nessuno.
}
insight-score = Prontezza: { $score } su 100.
insight-people = { $people ->
    [one] Un account, { $disabled } disattivato.
   *[other] { $people } account, { $disabled } disattivati.
}
insight-counted = Contato: { $at }.
insight-not-counted = Le persone non sono ancora state contate. Avviene in background; ricontrolli tra un minuto.
insight-survival = Se il dispositivo andasse perso oggi
insight-survival-no-way-in = Nessun accesso oggi
insight-survival-nothing = Non resta nulla: deve aiutare l’IT
insight-survival-weaker-way = Resta qualcosa di più debole
insight-survival-restorable = La passkey torna su un nuovo dispositivo
insight-survival-untried = Un’altra passkey, mai provata
insight-survival-another = Un’altra passkey
insight-methods = Che cosa è registrato
insight-models = Modelli delle passkey
insight-model-none = Nessun modello indicato
insight-passkey-count = Passkey
insight-trend = Giorno per giorno
insight-sign-ins = Accessi
insight-sign-ins-days = { $count ->
    [one] Accessi dell’ultimo giorno
   *[other] Accessi degli ultimi { $count } giorni
}
insight-sign-ins-span = Accessi dal { $from } al { $until }
insight-used = Come è avvenuto l’accesso
insight-reasons = Perché qualcuno non è entrato
insight-reason = Motivo
insight-chart-sum = { $success } ammessi, { $failure } no.
insight-chart-quiet = Nessuno ha effettuato l’accesso in questo periodo.
insight-chart-table = I numeri in tabella
insight-waiting = { $count ->
    [one] Una richiesta di pass è in attesa.
   *[other] { $count } richieste di pass sono in attesa.
}
insight-refusals = Ultimi rifiuti
insight-refusals-none = Di recente nessuno è stato rifiutato.
insight-refusals-all = Tutti i rifiuti

# The log.
insight-log = Registro degli accessi
insight-filters = Filtri
insight-show = Mostra
insight-changes = Modifiche
insight-all = Tutto
insight-any = Qualsiasi
insight-when = Quando
insight-user = Persona
insight-by = Eseguito da
insight-result = Risultato
insight-method = Metodo
insight-strength = Livello
insight-key = Passkey
insight-device = Dispositivo
insight-address = Indirizzo
insight-reference = Riferimento
insight-from = Dal
insight-until = Al
insight-kind = Tipo di evento
insight-passkey-id = Id della passkey
insight-model = Modello (AAGUID)
insight-apply = Filtra
insight-clear = Cancella i filtri
insight-csv = Scarica in CSV
insight-live-start = Segui in diretta
insight-live-pause = Pausa
insight-live-on = Le nuove voci compaiono in alto.
insight-live-off = In pausa. In questa pagina non cambia nulla.
insight-live-ended = La diretta è terminata. Ricarichi la pagina per continuare.
insight-log-wrong = Il filtro «{ $field }» non è stato capito ed è stato ignorato. Lo corregga e filtri di nuovo.
insight-log-none = Nulla nel registro corrisponde.
insight-log-none-until = Fin lì non corrisponde nulla: { $at }. Cerchi più indietro o restringa i filtri.
insight-log-reached = Ricerca effettuata fino a { $at }.
insight-older = Voci precedenti
insight-newest = Voci più recenti
insight-shortened = Il suo ruolo le mostra gli indirizzi delle persone in forma abbreviata.
insight-retention = Dispositivi e indirizzi degli accessi prima del { $at } sono stati cancellati.
insight-outcome-success = Ammesso
insight-outcome-interrupted = Solo il primo passo
insight-outcome-failure = Rifiutato
insight-outcome-change = Modifica
insight-method-passkey = Passkey
insight-method-pass = Pass di accesso temporaneo
insight-method-password = Password
insight-method-code = Codice di autenticazione
insight-method-recovery = Codice di recupero

# An entry of the log.
insight-entry = Voce { $reference }
insight-note = Nota
insight-erased = Dispositivo, indirizzo e nota sono stati cancellati al termine della conservazione. La voce stessa resta.
insight-redacted = Il suo ruolo non le mostra tutto ciò che è noto di questa persona.
insight-why = Perché è stato richiesto?
insight-needed = La politica richiede questo per «{ $place }»: { $strength }.
insight-needed-anything = qualsiasi modo di accesso
insight-place-portal = Informazioni di sicurezza
insight-place-console = Console
insight-place-security-info = Modificare i metodi di accesso
insight-place-applications = Applicazioni
insight-steps = Passo per passo
insight-explain = La cerimonia rifiutata è conservata per una settimana. Sul server la spiega:
insight-act = Che cosa fare
insight-act-log = Tutte le voci di questa persona
insight-act-readiness = Questa persona potrebbe perdere un dispositivo oggi?
insight-act-person = L’account della persona
insight-related = Che cos’altro è successo
insight-raw = Id e codici
insight-back = Torna al registro
insight-error-wrong = Era sbagliato
insight-error-wrong-text = Ciò che è stato inserito o presentato non corrispondeva. Se era la persona, può riprovare; se i tentativi si susseguono, qualcun altro sta indovinando.
insight-error-late = Era troppo tardi
insight-error-late-text = La pagina è rimasta aperta troppo a lungo, oppure il codice o il pass era usato o scaduto. Basta ricominciare; un pass scaduto va sostituito.
insight-error-policy = La politica non lo accetta
insight-error-policy-text = Era autentico, ma la politica in vigore qui non lo accetta. La persona ha bisogno di un altro metodo, o la politica di un’eccezione.
insight-error-off = È disattivato
insight-error-off-text = L’account o il metodo è disattivato. Scopra il motivo prima di riattivarlo: potrebbe essere stato segnalato come perso.
insight-error-throttled = Troppi tentativi
insight-error-throttled-text = Qualcuno ha provato così spesso che questo account deve attendere. Nel frattempo una passkey funziona.
insight-error-unknown = Non noto qui
insight-error-unknown-text = La passkey o l’account non è di questa installazione o è stato rimosso. La persona può averla ancora su un dispositivo e può cancellarla lì.
insight-error-suspicious = Sembra un attacco
insight-error-suspicious-text = La chiave può essere stata copiata, o il browser era su una pagina non nostra. Parli con la persona prima di riattivare qualcosa.
insight-error-technical = Il browser o l’autenticatore ha sbagliato
insight-error-technical-text = La cerimonia non era come richiede WebAuthn. Di solito aiuta un aggiornamento del browser o un altro autenticatore.

# Reports.
insight-report = Chi è pronto a perdere un dispositivo?
insight-report-lead = Registrato è ciò che le persone hanno; capace è ciò che la politica permette di usarne.
insight-report-none = Qui non c’è nessuno.
insight-lose = Se il dispositivo andasse perso
insight-points = Punti
insight-mfa-registered = Due fattori registrati
insight-mfa-capable = Due fattori capaci
insight-passwordless-capable = Capace senza password
insight-admin = Ha un ruolo
insight-updated = Ultima modifica
insight-yes = Sì
insight-no = No
insight-more = Altre persone
insight-first = Dall’inizio
insight-person = { $name } potrebbe perdere un dispositivo oggi?
insight-person-score = { $score } punti su 100.
insight-advice = Che cosa migliorerebbe
insight-advice-add = Aggiungere una passkey.
insight-advice-second = Aggiungere una seconda passkey su un altro dispositivo.
insight-advice-try = Provare la passkey mai usata.
insight-advice-replace = Sostituire la passkey che la politica non accetta.
insight-advice-password = Rinunciare alla password: ci sono due passkey.
insight-advice-recovery = Creare nuovi codici di recupero: ne restano pochi.
insight-passkeys = Passkey
insight-passkeys-none = Nessuna passkey è registrata.
insight-passkey-refused = Non accettata dalla politica
