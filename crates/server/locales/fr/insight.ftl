# The console's overview, log and reports.
console-reports = Préparation
insight-funnel = De l’invitation à l’absence de mot de passe
insight-step = Étape
insight-step-invited = Invités
insight-step-opened = Entrés une fois
insight-step-enrolled = Ont une clé d’accès
insight-step-second = Ont une deuxième clé d’accès
insight-step-passwordless = Et n’ont pas de mot de passe
insight-count = Personnes
insight-share = Part
insight-ready = { $ready ->
    [one] Une personne sur { $people } pourrait perdre un appareil aujourd’hui sans devoir demander à quelqu’un.
   *[other] { $ready } personnes sur { $people } pourraient perdre un appareil aujourd’hui sans devoir demander à quelqu’un.
}
insight-score = Préparation : { $score } sur 100.
insight-people = { $people ->
    [one] Un compte, { $disabled } désactivé.
   *[other] { $people } comptes, { $disabled } désactivés.
}
insight-counted = Compté : { $at }.
insight-not-counted = Les personnes n’ont pas encore été comptées. Cela se fait en arrière-plan ; revenez dans une minute.
insight-survival = Si l’appareil était perdu aujourd’hui
insight-survival-no-way-in = Aucun accès aujourd’hui
insight-survival-nothing = Plus rien : l’informatique doit aider
insight-survival-weaker-way = Il reste un moyen plus faible
insight-survival-restorable = La clé d’accès revient sur un nouvel appareil
insight-survival-untried = Une autre clé d’accès, jamais essayée
insight-survival-another = Une autre clé d’accès
insight-methods = Ce qui est enregistré
insight-models = Modèles des clés d’accès
insight-model-none = Aucun modèle indiqué
insight-passkey-count = Clés d’accès
insight-trend = Jour par jour
insight-sign-ins = Connexions
insight-sign-ins-days = { $count ->
    [one] Connexions du dernier jour
   *[other] Connexions des { $count } derniers jours
}
insight-sign-ins-span = Connexions du { $from } au { $until }
insight-used = Comment on s’est connecté
insight-reasons = Pourquoi quelqu’un n’a pas été admis
insight-reason = Raison
insight-chart-sum = { $success } admis, { $failure } refusés.
insight-chart-quiet = Personne ne s’est connecté pendant cette période.
insight-chart-table = Les chiffres sous forme de tableau
insight-waiting = { $count ->
    [one] Une demande de passe attend.
   *[other] { $count } demandes de passe attendent.
}
insight-refusals = Derniers refus
insight-refusals-none = Personne n’a été refusé récemment.
insight-refusals-all = Tous les refus

# The log.
insight-log = Journal des connexions
insight-filters = Filtres
insight-show = Afficher
insight-changes = Modifications
insight-all = Tout
insight-any = Indifférent
insight-when = Quand
insight-user = Personne
insight-by = Fait par
insight-result = Résultat
insight-method = Méthode
insight-strength = Niveau
insight-key = Clé d’accès
insight-device = Appareil
insight-address = Adresse
insight-reference = Référence
insight-from = Du
insight-until = Au
insight-kind = Type d’événement
insight-passkey-id = Identifiant de la clé
insight-model = Modèle (AAGUID)
insight-apply = Filtrer
insight-clear = Effacer les filtres
insight-csv = Télécharger en CSV
insight-live-start = Suivre en direct
insight-live-pause = Mettre en pause
insight-live-on = Les nouvelles entrées apparaissent en haut.
insight-live-off = En pause. Rien ne change sur cette page.
insight-live-ended = Le direct est terminé. Rechargez la page pour continuer.
insight-log-wrong = Le filtre « { $field } » n’a pas été compris et a été ignoré. Corrigez-le et filtrez à nouveau.
insight-log-none = Rien dans le journal ne correspond.
insight-log-none-until = Rien ne correspond jusque-là : { $at }. Cherchez plus loin, ou précisez les filtres.
insight-log-reached = Recherche effectuée jusqu’au { $at }.
insight-older = Entrées plus anciennes
insight-newest = Entrées les plus récentes
insight-shortened = Votre rôle vous montre les adresses des personnes sous forme abrégée.
insight-retention = Les appareils et adresses des connexions avant le { $at } ont été effacés.
insight-outcome-success = Admis
insight-outcome-interrupted = Première étape seulement
insight-outcome-failure = Refusé
insight-outcome-change = Modification
insight-method-passkey = Clé d’accès
insight-method-pass = Passe d’accès temporaire
insight-method-password = Mot de passe
insight-method-code = Code d’authentification
insight-method-recovery = Code de récupération

# An entry of the log.
insight-entry = Entrée { $reference }
insight-note = Remarque
insight-erased = L’appareil, l’adresse et la remarque ont été effacés à la fin de leur conservation. L’entrée elle-même reste.
insight-redacted = Votre rôle ne vous montre pas tout ce qui est connu de cette personne.
insight-why = Pourquoi cela a-t-il été demandé ?
insight-needed = La politique demande ceci pour « { $place } » : { $strength }.
insight-needed-anything = n’importe quel moyen de connexion
insight-place-portal = Informations de sécurité
insight-place-console = Console
insight-place-security-info = Modifier les méthodes de connexion
insight-place-applications = Applications
insight-steps = Étape par étape
insight-explain = La cérémonie refusée est conservée une semaine. Sur le serveur, ceci l’explique :
insight-act = Que faire
insight-act-log = Toutes les entrées de cette personne
insight-act-readiness = Cette personne pourrait-elle perdre un appareil aujourd’hui ?
insight-act-person = Le compte de la personne
insight-related = Ce qui s’est passé d’autre
insight-raw = Identifiants et codes
insight-back = Retour au journal
insight-error-wrong = C’était faux
insight-error-wrong-text = Ce qui a été saisi ou présenté ne correspondait pas. Si c’était la personne, elle peut réessayer ; si les essais se suivent, quelqu’un d’autre devine.
insight-error-late = C’était trop tard
insight-error-late-text = La page est restée ouverte trop longtemps, ou le code ou le passe était utilisé ou expiré. Il suffit de recommencer ; un passe expiré doit être remplacé.
insight-error-policy = La politique ne l’accepte pas
insight-error-policy-text = C’était authentique, mais la politique en vigueur ne l’accepte pas ici. La personne a besoin d’une autre méthode, ou la politique d’une exception.
insight-error-off = C’est désactivé
insight-error-off-text = Le compte ou la méthode est désactivé. Cherchez pourquoi avant de le réactiver : il a peut-être été déclaré perdu.
insight-error-throttled = Trop d’essais
insight-error-throttled-text = Quelqu’un a essayé si souvent que ce compte doit attendre. Une clé d’accès fonctionne toujours entre-temps.
insight-error-unknown = Inconnu ici
insight-error-unknown-text = La clé d’accès ou le compte n’est pas de cette installation, ou a été supprimé. La personne l’a peut-être encore sur un appareil et peut l’y supprimer.
insight-error-suspicious = Cela ressemble à une attaque
insight-error-suspicious-text = La clé a peut-être été copiée, ou le navigateur était sur une page qui n’est pas la nôtre. Parlez à la personne avant de réactiver quoi que ce soit.
insight-error-technical = Le navigateur ou l’authentificateur a mal agi
insight-error-technical-text = La cérémonie n’était pas conforme à WebAuthn. En général, une mise à jour du navigateur ou un autre authentificateur aide.

# Reports.
insight-report = Qui est prêt à perdre un appareil ?
insight-report-lead = Enregistré : ce que les personnes ont ; capable : ce que la politique leur permet d’en utiliser.
insight-report-none = Il n’y a personne ici.
insight-lose = Si l’appareil était perdu
insight-points = Points
insight-mfa-registered = Deux facteurs enregistrés
insight-mfa-capable = Deux facteurs capables
insight-passwordless-capable = Sans mot de passe capable
insight-admin = A un rôle
insight-updated = Dernière modification
insight-yes = Oui
insight-no = Non
insight-more = Plus de personnes
insight-first = Depuis le début
insight-person = { $name } pourrait-elle ou il perdre un appareil aujourd’hui ?
insight-person-score = { $score } points sur 100.
insight-advice = Ce qui améliorerait la situation
insight-advice-add = Ajouter une clé d’accès.
insight-advice-second = Ajouter une deuxième clé d’accès sur un autre appareil.
insight-advice-try = Essayer la clé d’accès jamais utilisée.
insight-advice-replace = Remplacer la clé d’accès que la politique n’accepte pas.
insight-advice-password = Abandonner le mot de passe : deux clés d’accès existent.
insight-advice-recovery = Créer de nouveaux codes de récupération : il en reste peu.
insight-passkeys = Clés d’accès
insight-passkeys-none = Aucune clé d’accès n’est enregistrée.
insight-passkey-refused = Non acceptée par la politique
