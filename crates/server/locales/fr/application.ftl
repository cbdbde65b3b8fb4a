# OC-0 à OC-4, OC-6 et OC-7 : ce qu’apporte une application qui attend.
application-ours = ajoutée par votre organisation
application-choose = Choisissez un compte
application-other-meant = Vous êtes connecté en tant que { $login }, et l’application vise un autre compte.
application-other-account = Utiliser un autre compte
application-cancel = Annuler et revenir à { $application }

application-consent = { $application } souhaite utiliser votre compte
application-as = En tant que
application-switch = Changer
application-unverified = Votre organisation ne connaît pas cette application : elle s’est inscrite elle-même. Ne continuez que si vous savez à qui appartient cette adresse :
application-more = Vous avez déjà autorisé une partie à cette application. Ceci est nouveau :
application-sees = Elle verra
application-does = Elle peut aussi
application-new-sees = Nouveau : elle verra
application-new-does = Nouveau : elle peut aussi
application-known = Ce que vous avez déjà autorisé
application-scope-openid = que c’est vous, par un numéro qui désigne votre compte
application-scope-profile = votre nom, votre identifiant et votre langue
application-scope-email = votre adresse e-mail
application-scope-groups = les noms de vos groupes
application-scope-groups-named = vos groupes : { $groups }
application-scope-offline = rester connectée quand vous êtes absent
application-scope-other = utiliser ce qu’elle appelle { $scope }
application-allow = Autoriser
application-deny = Ne pas autoriser
application-take-back = Vous pouvez le retirer à tout moment sous Applications autorisées.

application-stronger = { $application } demande une connexion plus forte
application-stronger-text = Confirmez avec une passkey. Un mot de passe ou des codes ne suffisent pas ici.
application-again = { $application } vous demande de confirmer que c’est vous
application-old-text = Votre dernière connexion est trop ancienne pour cette application.
application-again-text = Cette application veut que vous vous connectiez à chaque fois, même si vous êtes déjà connecté.
application-skip = Continuer sans

application-passkey-first = Ajoutez d’abord une passkey
application-key-first = Ajoutez d’abord une clé de sécurité
application-needs-passkey = { $application } ne s’ouvre qu’avec une passkey, et vous n’en avez pas encore.
application-needs-other = { $application } n’accepte aucune de vos passkeys. Ajoutez-en une autre.
application-needs-key = { $application } ne s’ouvre qu’avec une clé de sécurité dont votre organisation peut vérifier le fabricant.
application-returns = Cela prend environ une minute. Ensuite, vous revenez et continuez vers { $application }.
application-needs-pass = La façon dont vous vous êtes connecté ne suffit pas pour en ajouter une. Demandez un pass d’accès temporaire à votre contact informatique.

application-not-yours = Vous n’avez pas accès à { $application }
application-not-yours-text = Votre organisation ouvre cette application à certains groupes, et vous n’êtes dans aucun d’eux. Si vous en avez besoin, demandez à votre contact informatique.

application-stopped = Nous ne pouvons pas vous mener à cette application
application-stopped-named = Nous ne pouvons pas vous mener à { $application }
application-unknown = Personne ici ne connaît l’application qui vous a envoyé. Nous ne vous avons pas ramené, car nous ne savons pas où ce serait.
application-disabled = Votre organisation a désactivé cette application. Si vous en avez besoin, demandez à votre contact informatique.
application-address = L’application veut une réponse à une adresse qui n’est pas inscrite pour elle. Nous ne vous y avons pas mené : elle pourrait appartenir à quelqu’un d’autre.
application-request = L’application a demandé d’une façon que nous ne comprenons pas. Revenez à elle et réessayez. Si cela se reproduit, dites-le à ceux qui l’exploitent.
application-home = Aller à la page d’accueil
application-developers = Détails pour les développeurs
application-developers-text = L’erreur dans les termes d’OAuth 2, et ce qui a été refusé exactement. Le journal du serveur en dit plus sous la référence.
application-over = Cette demande est terminée
application-over-text = Elle est restée ouverte trop longtemps, ou vous y avez déjà répondu. Revenez à l’application et recommencez là.

application-back = Retour à { $application }
application-back-nameless = Retour à l’application
application-back-text = Vous êtes ramené.
application-back-noscript = Les scripts sont désactivés dans ce navigateur, vous continuez donc vous-même.
session-end-again = Cette application veut que vous vous connectiez à nouveau.
