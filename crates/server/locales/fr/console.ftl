# The administrators' console: what its pages share.
nav-console = Console
console-nav = Sections de la console
console-overview = Aperçu
console-users = Personnes
console-groups = Groupes
console-requests = Demandes
console-orders = Commandes
console-policy = Règles
console-strengths = Niveaux
console-models = Modèles
console-log = Journal
console-keys = Clés
console-hooks = Destinataires
