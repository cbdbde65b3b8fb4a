# /admin/models, and what people are told when a model was reported broken.
models-source = FIDO metadata
models-number = Number
models-taken = Taken
models-next = The next one is due by
models-known = Models known
models-late = A newer one should be here by now. What was taken last holds until it comes.
models-nothing = No metadata was taken yet. Without it no model is known, and attestations lead only to the roots below.
models-error = The last look brought nothing: { $cause }. What was taken before holds.
models-no-source = It is not looked for: set metadata.source in the configuration, or load a file with “keyward metadata load”.
models-look = Look for newer metadata now
models-faults = { $count ->
    [one] One thing could not be read
   *[other] { $count } things could not be read
}
models-models = Models of authenticators
models-search = Name or AAGUID
models-find = Search
models-none = No model has this name or AAGUID.
models-found = { $count ->
    [one] One model; passkeys counted by what their authenticators say they are
   *[other] { $count } models, those in use first; passkeys counted by what their authenticators say they are
}
models-name = Name
models-passkeys = Passkeys
models-certification = Certified
models-certification-none = No
models-properties = Properties
models-hardware = Keys in hardware
models-biometric = Checks a finger or face
models-status = Status
models-fine = Nothing reported
models-unknown = Not known
models-broken-revoked = Revoked
models-broken-attestation = Attestation key compromised
models-broken-verification = Check of the person can be bypassed
models-broken-remote = Keys can be taken from afar
models-broken-physical = Keys can be taken from the device
models-before = Models before
models-after = More models
models-roots = Own roots
models-roots-lead = A root says which authenticators are genuine where FIDO metadata does not: software authenticators, keys made for your organisation, new vendors.
models-roots-none = No root of your own is trusted.
models-root-models = For models
models-root-any = Any model
models-root-ends = Certificate ends
models-root-remove = Remove
models-root-remove-named = Remove { $name }
models-root-add = Add a root
models-root-new = Add a root
models-root-review = Trust this root?
models-root-subject = Subject
models-root-digest = SHA-256 of the certificate
models-root-certificate = Certificate
models-root-certificate-hint = PEM text, from BEGIN CERTIFICATE to END CERTIFICATE.
models-root-models-hint = AAGUIDs, one a line. Leave it empty if the root may vouch for any model.
models-root-single = It certifies single authenticators, not batches
models-root-hardware = These models hold keys in hardware
models-root-biometric = These models check a finger or a face
models-root-check = Check
models-root-any-warning = Whoever holds the key of this root can pass off any authenticator as any model.
models-root-confirm-hint = You confirm this with your passkey.
models-root-trust = Trust this root
models-root-wrong-name = The root was not added: its name needs 1 to 80 characters.
models-root-wrong-certificate = The root was not added: this is no certificate in PEM.
models-root-wrong-validity = The root was not added: the certificate is not valid today.
models-root-wrong-models = The root was not added: write AAGUIDs such as ee882879-721c-4913-9775-3dfcce97072a, and at least one if you say what the models do.
models-root-known = The root was not added: it is trusted already.
models-root-too-many = The root was not added: there are a hundred of them. Remove one first.
models-confirm-first = Nothing was changed: confirm it with your passkey.
models-back = Back to the models
flash-metadata-asked = Newer metadata is looked for. Load this page again in a moment.
flash-root-added = { $name } is trusted from now on.
flash-root-removed = { $name } is trusted no longer.
notice-kind-passkey-model-broken = The model of a passkey was reported unsafe
notice-kind-passkey-model-broken-text = The vendor or the FIDO Alliance says that authenticators of this model cannot be relied on. You may be asked for another passkey. Add one of another kind, then remove this one.
history-passkey-model-broken = Model reported unsafe: { $passkey }
