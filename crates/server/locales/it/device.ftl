# /device: far entrare un dispositivo che non può mostrare una pagina di accesso (RFC 8628).
device-heading = Far entrare un dispositivo
device-lead = Inserisca il codice che il dispositivo mostra.
device-own = Prosegua solo se ha cominciato lei, su un dispositivo che ha davanti. Nessuno della sua organizzazione le manderà mai un codice simile.
device-code = Codice sul dispositivo
device-code-hint = Otto lettere, ad esempio WDJB-MJHT. Maiuscole e trattino non contano.
device-next = Avanti
device-malformed = Questo non è il codice di un dispositivo. Ha otto lettere e nessuna vocale.
device-unknown = Nessun dispositivo aspetta con questo codice. Lo controlli; vale cinque minuti, poi il dispositivo ne mostra un altro.

device-approve-heading = Far entrare questo dispositivo?
device-wants = Questo dispositivo vuole usare il suo account con { $application }.
device-is = Dispositivo
device-from = Indirizzo di rete
device-since = Richiesta
device-shows = Mostra il codice
device-unnamed = non ha detto che cos’è
device-same-network = Ha chiesto dalla stessa rete in cui si trova lei adesso.
device-other-network = Ha chiesto da una rete diversa da quella in cui si trova lei adesso. Se il dispositivo non è davanti a lei, forse qualcun altro cerca di entrare nel suo account.
device-sees = Vedrà
device-resources = Agirà per lei presso
device-confirm = Lo conferma la sua passkey. Essere connessi non basta.
device-let-in = Fallo entrare con la mia passkey
device-decline = Non farlo entrare

device-approved-heading = Il dispositivo è entrato
device-approved = Prosegua sul dispositivo. Può volerci qualche secondo finché lo sa.
device-approved-out = Ne esce quando lei esce da qui, oppure in Sessioni.
device-declined-heading = Il dispositivo non è entrato
device-declined = Non ottiene nulla. Se non ha cominciato lei, forse qualcuno ha cercato di entrare nel suo account: lo dica al suo referente informatico.
device-over-heading = Questo dispositivo non aspetta più
device-over = Il suo codice vale cinque minuti, oppure qualcuno ha già risposto. Ricominci sul dispositivo.
device-not-yours-heading = Non ha accesso a questa applicazione
device-not-yours = La sua organizzazione apre questa applicazione a certi gruppi, e lei non è in nessuno di questi. Se le serve, lo chieda al suo referente informatico.
device-too-weak-heading = L’applicazione chiede un accesso più forte
device-too-weak = La passkey con cui ha confermato non basta per questa applicazione.
device-another = Inserire un altro codice
