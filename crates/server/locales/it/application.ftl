# Da OC-0 a OC-4, OC-6 e OC-7: ciò che porta con sé un’applicazione in attesa.
application-ours = aggiunta dalla sua organizzazione
application-choose = Scelga un account
application-other-meant = Ha effettuato l’accesso come { $login }, e l’applicazione intende un altro account.
application-other-account = Usare un altro account
application-cancel = Annullare e tornare a { $application }

application-consent = { $application } vuole usare il suo account
application-as = Come
application-switch = Cambiare
application-unverified = La sua organizzazione non conosce questa applicazione: si è registrata da sola. Continui solo se sa a chi appartiene questo indirizzo:
application-more = Una parte l’ha già permessa a questa applicazione. Questo è nuovo:
application-sees = Vedrà
application-does = Può anche
application-new-sees = Nuovo: vedrà
application-new-does = Nuovo: può anche
application-known = Che cosa ha già permesso
application-scope-openid = che è lei, per mezzo di un numero che sta per il suo account
application-scope-profile = il suo nome, il suo nome utente e la sua lingua
application-scope-email = il suo indirizzo e-mail
application-scope-groups = i nomi dei suoi gruppi
application-scope-groups-named = i suoi gruppi: { $groups }
application-scope-offline = restare collegata quando lei non c’è
application-scope-other = usare ciò che chiama { $scope }
application-allow = Permettere
application-deny = Non permettere
application-take-back = Può ritirarlo in ogni momento in App con accesso.

application-stronger = { $application } chiede un accesso più forte
application-stronger-text = Confermi con una passkey. Una password o dei codici qui non bastano.
application-again = { $application } le chiede di confermare che è lei
application-old-text = Il suo ultimo accesso è troppo lontano per questa applicazione.
application-again-text = Questa applicazione vuole che lei acceda ogni volta, anche se ha già effettuato l’accesso.
application-skip = Continuare senza

application-passkey-first = Aggiunga prima una passkey
application-key-first = Aggiunga prima una chiave di sicurezza
application-needs-passkey = { $application } si apre solo con una passkey, e lei non ne ha ancora.
application-needs-other = { $application } non accetta nessuna delle passkey che ha. Ne aggiunga un’altra.
application-needs-key = { $application } si apre solo con una chiave di sicurezza il cui produttore la sua organizzazione può verificare.
application-returns = Ci vuole circa un minuto. Poi torna qui e continua con { $application }.
application-needs-pass = Il modo in cui ha effettuato l’accesso non basta per aggiungerne una. Chieda al suo referente informatico un pass di accesso temporaneo.

application-not-yours = lei non ha accesso a { $application }
application-not-yours-text = La sua organizzazione apre questa applicazione a certi gruppi, e lei non è in nessuno di essi. Se ne ha bisogno, chieda al suo referente informatico.

application-stopped = Non possiamo condurla a questa applicazione
application-stopped-named = Non possiamo condurla a { $application }
application-unknown = Nessuno qui conosce l’applicazione che l’ha mandata. Non l’abbiamo riportata indietro, perché non sappiamo dove sarebbe.
application-disabled = La sua organizzazione ha disattivato questa applicazione. Se ne ha bisogno, chieda al suo referente informatico.
application-address = L’applicazione vuole la risposta a un indirizzo che non è registrato per essa. Non l’abbiamo condotta lì: potrebbe appartenere a qualcun altro.
application-request = L’applicazione ha chiesto in un modo che non capiamo. Torni all’applicazione e riprovi. Se succede di nuovo, lo dica a chi la gestisce.
application-home = Alla pagina iniziale
application-developers = Dettagli per gli sviluppatori
application-developers-text = L’errore nei termini di OAuth 2, e che cosa esattamente è stato rifiutato. Il registro del server dice di più sotto il riferimento.
application-over = Questa richiesta è finita
application-over-text = È rimasta aperta troppo a lungo, oppure ha già risposto. Torni all’applicazione e ricominci da lì.

application-back = Torna a { $application }
application-back-nameless = Torna all’applicazione
application-back-text = Viene riportato indietro.
application-back-noscript = In questo browser gli script sono disattivati, quindi prosegue da solo.
session-end-again = Questa applicazione vuole che lei acceda di nuovo.
