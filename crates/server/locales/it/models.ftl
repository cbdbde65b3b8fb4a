# /admin/models, e che cosa si viene a sapere quando un modello è segnalato come non sicuro.
models-source = Metadati FIDO
models-number = Numero
models-taken = Ripresi
models-next = I prossimi sono attesi entro il
models-known = Modelli noti
models-late = Ormai dovrebbero essercene di più recenti. Finché non arrivano, valgono gli ultimi ripresi.
models-nothing = Non sono ancora stati ripresi metadati. Senza di essi nessun modello è noto e le attestazioni portano solo alle radici qui sotto.
models-error = L’ultima ricerca non ha portato nulla: { $cause }. Vale quanto ripreso prima.
models-no-source = Non vengono cercati: imposti metadata.source nella configurazione, o carichi un file con «keyward metadata load».
models-look = Cercare ora metadati più recenti
models-faults = { $count ->
    [one] Una cosa non ha potuto essere letta
   *[other] { $count } cose non hanno potuto essere lette
}
models-models = Modelli di autenticatori
models-search = Nome o AAGUID
models-find = Cercare
models-none = Nessun modello ha questo nome o AAGUID.
models-found = { $count ->
    [one] Un modello; passkey contate secondo ciò che i loro autenticatori dicono di essere
   *[other] { $count } modelli, prima quelli in uso; passkey contate secondo ciò che i loro autenticatori dicono di essere
}
models-name = Nome
models-passkeys = Passkey
models-certification = Certificato
models-certification-none = No
models-properties = Proprietà
models-hardware = Chiavi nell’hardware
models-biometric = Verifica un dito o il viso
models-status = Stato
models-fine = Nulla di segnalato
models-unknown = Non noto
models-broken-revoked = Revocato
models-broken-attestation = Chiave di attestazione compromessa
models-broken-verification = La verifica della persona può essere aggirata
models-broken-remote = Le chiavi possono essere sottratte a distanza
models-broken-physical = Le chiavi possono essere estratte dal dispositivo
models-before = Modelli precedenti
models-after = Altri modelli
models-roots = Radici proprie
models-roots-lead = Una radice dice quali autenticatori sono autentici dove i metadati FIDO non lo dicono: autenticatori software, chiavi fatte per la sua organizzazione, nuovi produttori.
models-roots-none = Non ci si fida di nessuna radice propria.
models-root-models = Per i modelli
models-root-any = Qualsiasi modello
models-root-ends = Fine del certificato
models-root-remove = Rimuovere
models-root-remove-named = Rimuovere { $name }
models-root-add = Aggiungere una radice
models-root-new = Aggiungere una radice
models-root-review = Fidarsi di questa radice?
models-root-subject = Titolare
models-root-digest = SHA-256 del certificato
models-root-certificate = Certificato
models-root-certificate-hint = Testo PEM, da BEGIN CERTIFICATE a END CERTIFICATE.
models-root-models-hint = AAGUID, uno per riga. Lasci vuoto se la radice può garantire per qualsiasi modello.
models-root-single = Certifica singoli autenticatori e non serie
models-root-hardware = Questi modelli tengono le chiavi nell’hardware
models-root-biometric = Questi modelli verificano un dito o il viso
models-root-check = Verificare
models-root-any-warning = Chi ha la chiave di questa radice può far passare qualsiasi autenticatore per qualsiasi modello.
models-root-confirm-hint = Lo conferma con la sua passkey.
models-root-trust = Fidarsi di questa radice
models-root-wrong-name = La radice non è stata aggiunta: il nome deve avere da 1 a 80 caratteri.
models-root-wrong-certificate = La radice non è stata aggiunta: non è un certificato PEM.
models-root-wrong-validity = La radice non è stata aggiunta: il certificato oggi non è valido.
models-root-wrong-models = La radice non è stata aggiunta: scriva AAGUID come ee882879-721c-4913-9775-3dfcce97072a, e almeno uno se dice che cosa fanno i modelli.
models-root-known = La radice non è stata aggiunta: ci si fida già di essa.
models-root-too-many = La radice non è stata aggiunta: ce ne sono già cento. Prima ne rimuova una.
models-confirm-first = Non è stato modificato nulla: confermi con la sua passkey.
models-back = Torna ai modelli
flash-metadata-asked = Si cercano metadati più recenti. Ricarichi questa pagina tra un momento.
flash-root-added = Da ora ci si fida di { $name }.
flash-root-removed = Non ci si fida più di { $name }.
notice-kind-passkey-model-broken = Il modello di una passkey è stato segnalato come non sicuro
notice-kind-passkey-model-broken-text = Il produttore o la FIDO Alliance dice che non ci si può fidare degli autenticatori di questo modello. Forse le sarà chiesta un’altra passkey. Ne aggiunga una di altro tipo e poi rimuova questa.
history-passkey-model-broken = Modello segnalato come non sicuro: { $passkey }
