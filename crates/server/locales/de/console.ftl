# The administrators' console: what its pages share.
nav-console = Konsole
console-nav = Bereiche der Konsole
console-overview = Übersicht
console-users = Personen
console-groups = Gruppen
console-requests = Anfragen
console-orders = Bestellungen
console-policy = Richtlinie
console-strengths = Stärken
console-models = Modelle
console-log = Protokoll
console-keys = Schlüssel
console-hooks = Empfänger
