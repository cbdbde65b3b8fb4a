# W-2, W-3, W-4, W-5b, W-5c : une passkey sur le téléphone.
choice-phone = Passkey dans Authenticator (sur votre téléphone)
choice-phone-hint = Avec votre empreinte, votre visage ou votre verrouillage d’écran. Enregistrée dans le gestionnaire de mots de passe de votre téléphone. Fonctionne avec n’importe quel ordinateur.
choice-this-phone = Passkey sur ce téléphone
choice-this-phone-hint = Avec votre empreinte, votre visage ou votre verrouillage d’écran. Enregistrée dans le gestionnaire de mots de passe de ce téléphone.
choice-recommended = Recommandé

check-heading = Ce qu’il vous faut
check-versions = Un téléphone avec Android { $android } ou plus récent, ou un iPhone avec iOS { $ios } ou plus récent.
check-lock = Un verrouillage d’écran actif : code PIN, empreinte ou visage.
check-internet = Internet sur le téléphone.
check-bluetooth = Le Bluetooth, seulement si vous choisissez le moyen où le navigateur affiche le code.
check-version-how = Comment voir ma version ?
check-version-android = Android : ouvrez Paramètres, puis « À propos du téléphone ». Le numéro figure sous « Version d’Android ».
check-version-ios = iPhone ou iPad : ouvrez Réglages, puis « Général », puis « Informations ». Le numéro figure sous « Version d’iOS ».
check-older = Mon téléphone est plus ancien
check-older-text = Mettez-le à jour s’il propose une mise à jour. S’il reste plus ancien, utilisez plutôt une clé de sécurité ou une passkey sur cet ordinateur.
check-instead-key = Utiliser une clé de sécurité
check-instead-computer = Utiliser cet ordinateur

which-heading = Quel téléphone avez-vous ?
which-lead = Cela ne décide que de ce que nous expliquons.
which-android = Android
which-ios = iPhone ou iPad
which-here = Je suis sur le téléphone en ce moment
which-none = Un autre téléphone, ou aucun
which-none-text = Une clé de sécurité, ou une passkey sur cet ordinateur, fonctionne sans téléphone.
which-missing = Choisissez votre téléphone.

how-heading = Comment le téléphone doit-il créer la passkey ?
how-link = Scanner un code et utiliser votre téléphone
how-link-hint = Votre téléphone ouvre notre page. Pas de Bluetooth.
how-browser = Laisser ce navigateur parler au téléphone
how-browser-hint = Le navigateur affiche son propre code. Bluetooth requis sur les deux.
how-here = Plutôt cet appareil
how-here-hint = Enregistrer la passkey sur cet ordinateur : Windows Hello, Touch ID ou son gestionnaire de mots de passe.
how-no-bluetooth = Cet ordinateur n’a pas de Bluetooth, ou le navigateur n’a pas le droit de l’utiliser.
how-no-platform = Cet ordinateur n’a pas de verrouillage d’écran ou ne peut pas enregistrer de passkeys.
how-missing = Choisissez comment le téléphone doit créer la passkey.
how-changed = Ce moyen n’est plus disponible. Rien n’a été modifié. Choisissez-en un autre.

link-heading = Créez la passkey sur votre téléphone
link-qr = Code QR qui ouvre { $address } sur votre téléphone
link-scan-android = Ouvrez l’appareil photo de votre téléphone, ou « Scanner un code QR » dans ses réglages rapides.
link-scan-ios = Ouvrez l’appareil photo de votre iPhone ou iPad.
link-scan = Ouvrez l’appareil photo de votre téléphone.
link-point = Dirigez-le vers le code et ouvrez le lien.
link-follow = Suivez le téléphone. Laissez cette page ouverte.
link-no-camera = Pas d’appareil photo ? Sur le téléphone, ouvrez { $address } et saisissez
link-no-code = Pas d’appareil photo ? Copiez le lien et ouvrez-le sur le téléphone.
link-copy = Copier le lien
link-copied = Le lien est copié. Il fonctionne une fois, sur votre propre téléphone : ne l’envoyez à personne d’autre.
link-once = Ce code fonctionne jusqu’à { $ends }, et une seule fois.
link-new = Voici un nouveau code. L’ancien ne fonctionne plus.
link-one-minute = Ce code se termine dans 1 minute. Vous pourrez alors en demander un nouveau.
link-stages = Ce qui s’est passé
link-step-waiting = Le code attend
link-step-opened = Le téléphone a ouvert la page
link-step-signed-in = Vous vous êtes connecté sur le téléphone
link-step-confirmed = Vous avez confirmé que c’est votre téléphone
link-step-created = Passkey créée
link-cancel = Annuler
link-stop = Ce n’est pas mon téléphone : arrêter
link-again = Demander un nouveau code
link-start-again = Recommencer
link-try-again = Réessayer
link-another-way = Un autre moyen
link-another-phone = Utiliser un autre téléphone
link-try-instead = L’essayer plutôt
link-sign-in = Se reconnecter
link-refresh = Cette page se renouvelle toutes les quatre secondes.
link-refresh-now = Regarder de nouveau
link-another-tried = Un autre appareil a aussi essayé d’ouvrir ce code. Il a été refusé, et rien n’a changé. Si ce n’était pas vous, arrêtez ici.
link-lost = Nous avons perdu le contact avec le téléphone. Le code reste valable jusqu’à sa fin.
link-device = { $device } a ouvert le code.
link-device-at = { $device } à l’adresse { $address } a ouvert le code.
link-problems = Des problèmes ?
link-problems-camera = L’appareil photo n’ouvre pas le lien : saisissez plutôt l’adresse et le code.
link-problems-private = Le téléphone ne doit pas utiliser de fenêtre privée, et la page doit s’ouvrir dans son navigateur, pas dans une autre app.
link-problems-lock = Le téléphone a besoin d’un verrouillage d’écran. Activez-en un, puis réessayez.
link-problems-sign-in = Le téléphone vous demande de vous connecter : utilisez votre pass, ou une passkey que vous avez. Cela empêche d’autres personnes d’ajouter leur téléphone à votre compte.

link-number = Nombre affiché par votre téléphone
link-number-hint = Ne le saisissez que si le téléphone dans votre main l’affiche.
link-number-confirm = Confirmer
link-number-empty = Saisissez le nombre affiché par votre téléphone.
link-number-wrong = { $left ->
    [one] Ce n’est pas le bon nombre. Il vous reste { $left } essai.
   *[other] Ce n’est pas le bon nombre. Il vous reste { $left } essais.
}
link-number-other = Vous ne pouvez pas lire le nombre ? Connectez plutôt le téléphone : arrêtez ici, et choisissez un autre moyen.

stage-created = En attente de votre téléphone…
stage-opened = Votre téléphone a ouvert la page.
stage-signing-in = Connexion sur le téléphone…
stage-approve = Saisissez le nombre affiché par votre téléphone.
stage-approved = Confirmé. Continuez sur le téléphone.
stage-creating = Votre téléphone demande votre verrouillage d’écran…
stage-created-ok = Passkey créée.
stage-tried = Vous l’avez essayée : elle fonctionne.
stage-expired = Ce code est terminé. Rien n’a été créé.
stage-number-locked = Par sécurité, nous avons arrêté : le nombre était trop souvent incorrect. Rien n’a été créé.
stage-declined = Le téléphone a refusé. Rien n’a été créé.
stage-stopped = Vous avez arrêté. Rien n’a été créé.
stage-phone-unsupported = Ce téléphone ne peut pas enregistrer de passkey ici. Rien n’a été créé.
stage-phone-cancelled = L’invite sur le téléphone a été fermée. Il peut réessayer.
stage-duplicate = Ce téléphone a déjà une passkey pour vous. Vous pouvez l’utiliser telle quelle.
stage-rejected = Votre organisation n’accepte pas la passkey de ce téléphone. Rien n’a été ajouté. Utilisez un autre téléphone ou une clé de sécurité.
stage-other-account = Le téléphone s’est connecté avec un autre compte, pas le vôtre. Rien n’a été créé.
stage-ended = Vous avez été déconnecté sur cet ordinateur. Une passkey que le téléphone a déjà créée est conservée.

link-unsupported-no-screen-lock = Le téléphone n’a pas de verrouillage d’écran. Activez-en un, puis réessayez.
link-unsupported-too-old = Le téléphone ou son navigateur est trop ancien pour les passkeys. Mettez-le à jour, ou utilisez une clé de sécurité.

browser-heading = Laissez ce navigateur parler au téléphone
browser-bluetooth = Activez le Bluetooth sur l’ordinateur et sur le téléphone, et gardez-les proches l’un de l’autre.
browser-press = Appuyez sur le bouton ci-dessous. Choisissez « iPhone, iPad ou appareil Android » ou « Utiliser un téléphone ou une tablette » si le navigateur le demande.
browser-scan-android = Scannez le code du navigateur avec l’appareil photo de votre téléphone Android.
browser-scan-ios = Scannez le code du navigateur avec l’appareil photo de votre iPhone ou iPad.
browser-scan = Scannez le code du navigateur avec l’appareil photo du téléphone.
browser-save = Enregistrez la passkey là où le téléphone le propose.
browser-show = Afficher le code du navigateur
browser-instead = Passer plutôt par le lien
browser-instead-hint = Votre téléphone ouvre notre page. Cela ne demande pas de Bluetooth.
browser-not-started = Le navigateur n’a pas pu joindre de téléphone, et aucune passkey n’a été créée. Le Bluetooth est peut-être désactivé ou interdit sur cet ordinateur. Réessayez, ou passez par le lien.
browser-cancelled = Aucune passkey n’a été créée. Le téléphone ne s’est pas connecté ? Vérifiez le Bluetooth sur les deux, et gardez-les proches l’un de l’autre.
browser-timeout = Cela a pris trop de temps, et aucune passkey n’a été créée. Le téléphone ne s’est pas connecté ? Vérifiez le Bluetooth sur les deux, et gardez-les proches l’un de l’autre.
browser-duplicate = Cet appareil a déjà une passkey pour votre compte. Vous pouvez l’utiliser telle quelle.
browser-unsupported = Ce navigateur ne peut pas parler à un téléphone. Passez plutôt par le lien.
saved-here = La passkey a été enregistrée sur cet ordinateur, pas sur le téléphone. Elle fonctionne telle quelle. Ajouter aussi le téléphone ?
saved-here-add = Ajouter le téléphone

try-phone-text = Sur votre téléphone, appuyez sur « Essayer maintenant ».
try-phone-waiting = En attente de votre téléphone…
try-phone-here = L’essayer depuis cet ordinateur
try-phone-here-text = Le navigateur affiche un code pour votre téléphone. Bluetooth requis sur les deux.

resume-phone = Vous étiez en train d’ajouter une passkey sur votre téléphone.
stage-other-account-as = Le téléphone s’est connecté en tant que { $login }, et non comme vous. Rien n’a été créé.
link-unsupported-in-app-browser = La page a été ouverte dans une autre app. Ouvrez le lien dans le navigateur du téléphone.
link-unsupported-private-window = Le téléphone affiche la page dans une fenêtre privée, qui risque de ne pas garder de passkey. Ouvrez le lien dans une fenêtre ordinaire.
link-unsupported-insecure-context = Le téléphone n’a pas atteint notre page par une connexion sécurisée. Dites-le à votre contact informatique.
create-phone-text = Votre téléphone vous demandera votre empreinte, votre visage ou votre verrouillage d’écran.
create-phone-saved = Il enregistre la passkey dans son gestionnaire de mots de passe. Rien de votre empreinte ni de votre visage ne nous parvient.

phone-name = Téléphone
