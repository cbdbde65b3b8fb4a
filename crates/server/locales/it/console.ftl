# The administrators' console: what its pages share.
nav-console = Console
console-nav = Sezioni della console
console-overview = Panoramica
console-users = Persone
console-groups = Gruppi
console-requests = Richieste
console-orders = Ordini
console-policy = Criteri
console-strengths = Livelli
console-models = Modelli
console-log = Registro
console-keys = Chiavi
console-hooks = Destinatari
