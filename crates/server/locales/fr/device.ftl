# /device : laisser entrer un appareil qui ne peut pas montrer de page de connexion (RFC 8628).
device-heading = Laisser entrer un appareil
device-lead = Saisissez le code que l’appareil affiche.
device-own = Ne continuez que si vous avez commencé cela vous-même, sur un appareil devant vous. Personne de votre organisation ne vous enverra jamais un tel code.
device-code = Code sur l’appareil
device-code-hint = Huit lettres, par exemple WDJB-MJHT. Les majuscules et le trait d’union ne comptent pas.
device-next = Suivant
device-malformed = Ce n’est pas le code d’un appareil. Il a huit lettres et pas de voyelles.
device-unknown = Aucun appareil n’attend avec ce code. Vérifiez-le ; il vaut cinq minutes, puis l’appareil en affiche un autre.

device-approve-heading = Laisser entrer cet appareil ?
device-wants = Cet appareil veut utiliser votre compte avec { $application }.
device-is = Appareil
device-from = Adresse réseau
device-since = Demandé
device-shows = Affiche le code
device-unnamed = n’a pas dit ce qu’il est
device-same-network = Il a demandé depuis le même réseau que celui où vous êtes maintenant.
device-other-network = Il a demandé depuis un autre réseau que celui où vous êtes maintenant. Si l’appareil n’est pas devant vous, quelqu’un d’autre essaie peut-être d’entrer dans votre compte.
device-sees = Il verra
device-resources = Il agira pour vous auprès de
device-confirm = Votre passkey le confirme. Il ne suffit pas d’être connecté.
device-let-in = Le laisser entrer avec ma passkey
device-decline = Ne pas le laisser entrer

device-approved-heading = L’appareil est entré
device-approved = Continuez sur l’appareil. Il peut lui falloir quelques secondes pour le savoir.
device-approved-out = Il est déconnecté quand vous vous déconnectez ici, ou sous Sessions.
device-declined-heading = L’appareil n’est pas entré
device-declined = Il n’obtient rien. Si vous n’avez pas commencé cela vous-même, quelqu’un a peut-être essayé d’entrer dans votre compte : dites-le à votre contact informatique.
device-over-heading = Cet appareil n’attend plus
device-over = Son code vaut cinq minutes, ou quelqu’un a déjà répondu. Recommencez sur l’appareil.
device-not-yours-heading = Vous n’avez pas accès à cette application
device-not-yours = Votre organisation ouvre cette application à certains groupes, et vous n’êtes dans aucun d’eux. Si vous en avez besoin, demandez à votre contact informatique.
device-too-weak-heading = L’application demande une connexion plus forte
device-too-weak = La passkey avec laquelle vous avez confirmé ne suffit pas pour cette application.
device-another = Saisir un autre code
