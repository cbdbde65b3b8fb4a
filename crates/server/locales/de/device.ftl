# /device: ein Gerät einlassen, das keine Anmeldeseite zeigen kann (RFC 8628).
device-heading = Ein Gerät einlassen
device-lead = Geben Sie den Code ein, den das Gerät zeigt.
device-own = Fahren Sie nur fort, wenn Sie das selbst begonnen haben, an einem Gerät vor Ihnen. Niemand aus Ihrer Organisation schickt Ihnen je einen solchen Code.
device-code = Code auf dem Gerät
device-code-hint = Acht Buchstaben, zum Beispiel WDJB-MJHT. Großschreibung und Bindestrich sind egal.
device-next = Weiter
device-malformed = Das ist kein Code eines Geräts. Er hat acht Buchstaben und keine Vokale.
device-unknown = Mit diesem Code wartet kein Gerät. Prüfen Sie ihn; er gilt fünf Minuten, danach zeigt das Gerät einen anderen.

device-approve-heading = Dieses Gerät einlassen?
device-wants = Dieses Gerät möchte Ihr Konto mit { $application } verwenden.
device-is = Gerät
device-from = Netzadresse
device-since = Gefragt
device-shows = Zeigt den Code
device-unnamed = sagt nicht, was es ist
device-same-network = Es hat aus demselben Netz gefragt, in dem Sie jetzt sind.
device-other-network = Es hat aus einem anderen Netz gefragt als dem, in dem Sie jetzt sind. Wenn das Gerät nicht vor Ihnen steht, versucht vielleicht jemand anderes, in Ihr Konto zu kommen.
device-sees = Es sieht dann
device-resources = Es handelt dann für Sie bei
device-confirm = Ihr Passkey bestätigt es. Dass Sie angemeldet sind, genügt nicht.
device-let-in = Mit meinem Passkey einlassen
device-decline = Nicht einlassen

device-approved-heading = Das Gerät ist drin
device-approved = Fahren Sie am Gerät fort. Es kann einige Sekunden dauern, bis es davon weiß.
device-approved-out = Es wird wieder abgemeldet, wenn Sie sich hier abmelden, oder unter Sitzungen.
device-declined-heading = Das Gerät wurde nicht eingelassen
device-declined = Es bekommt nichts. Wenn Sie das nicht selbst begonnen haben, hat vielleicht jemand versucht, in Ihr Konto zu kommen: Sagen Sie es Ihrer IT-Ansprechperson.
device-over-heading = Dieses Gerät wartet nicht mehr
device-over = Sein Code gilt fünf Minuten, oder jemand hat schon geantwortet. Beginnen Sie am Gerät von vorn.
device-not-yours-heading = Sie haben keinen Zugang zu dieser Anwendung
device-not-yours = Ihre Organisation öffnet diese Anwendung für bestimmte Gruppen, und Sie sind in keiner davon. Wenn Sie sie brauchen, fragen Sie Ihre IT-Ansprechperson.
device-too-weak-heading = Die Anwendung verlangt eine stärkere Anmeldung
device-too-weak = Der Passkey, mit dem Sie bestätigt haben, genügt dieser Anwendung nicht.
device-another = Einen anderen Code eingeben
