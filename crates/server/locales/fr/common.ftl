# Le cadre de chaque page, et les mots que plusieurs pages partagent.
title = { $title } – { $organisation }
title-failed = Erreur : { $title } – { $organisation }
skip-link = Aller au contenu
help-link = Aide
language-label = Langue :
nav-label = Votre compte
nav-security = Infos de sécurité
nav-sessions = Appareils et sessions
sign-out = Se déconnecter
signed-in-as = Connecté en tant que { $login }
footer = Service de connexion de { $organisation }
offline = Vous êtes hors ligne. Nous gardons votre place.
online-again = Vous êtes de nouveau en ligne.
read-only = Les modifications sont suspendues jusqu’à { $until }. Vous pouvez toujours tout consulter.
pass-window = Votre pass fonctionne jusqu’à { $ends } (encore { $left }).
pass-ends-five = Votre pass se termine dans 5 minutes. Ce que vous avez terminé est conservé.
pass-ends-one = Votre pass se termine dans 1 minute. Ce que vous avez terminé est conservé.
pass-ends-over = Votre pass est terminé. Ce que vous avez terminé est conservé. Demandez-en un nouveau à votre contact informatique pour continuer.
too-many-tries = { $minutes ->
    [one] Trop d’essais. Réessayez dans { $minutes } minute.
   *[other] Trop d’essais. Réessayez dans { $minutes } minutes.
}
tries-again-now = Vous pouvez réessayer maintenant.
reference = Référence { $reference }
get-help = Obtenir de l’aide
cancel = Annuler
next = Suivant
back = Retour
later = Plus tard
not-now = Pas maintenant
set-it-up = Configurer
or = ou
change = Modifier
start = Commencer
go-on = Continuer
yes = Oui
never = Jamais
unknown = Inconnu
to-security-info = Ouvrir les infos de sécurité
to-sign-in = Aller à la connexion
no-script = Les passkeys ont besoin de JavaScript, qui est désactivé dans ce navigateur. Tout le reste de cette page fonctionne. Vous pouvez vous connecter avec un pass d’accès temporaire.
no-webauthn = Ce navigateur ne peut pas utiliser de passkeys ici.
no-webauthn-browsers = Les versions actuelles de Chrome, Edge, Safari et Firefox le peuvent. Vous pouvez aussi vous connecter avec un pass d’accès temporaire.
in-app = Vous avez ouvert cette page dans une autre app, où les passkeys ne fonctionnent pas. Ouvrez-la dans votre navigateur, par exemple Safari ou Chrome.
copy-link = Copier le lien
open-browser = Ouvrir dans le navigateur
what-is-passkey = Qu’est-ce qu’une passkey ?
what-is-passkey-text = Une passkey remplace votre mot de passe. Vous la déverrouillez avec votre empreinte digitale, votre visage ou le code PIN de votre verrouillage d’écran. Elle ne fonctionne qu’avec le vrai site ; personne ne peut vous amener à la livrer.
where-is-passkey = Où est-elle enregistrée ?
where-is-passkey-text = Sur votre appareil, dans son gestionnaire de mots de passe, ou sur une clé de sécurité. Votre empreinte et votre visage ne quittent jamais votre appareil.

flash-passkey-added = La passkey { $name } est prête à l’emploi.
flash-passkey-renamed = La passkey s’appelle maintenant { $name }.
flash-passkey-renamed-duplicate = La passkey s’appelle maintenant { $name }. Une autre de vos passkeys porte le même nom.
flash-passkey-removed = La passkey { $name } a été supprimée. Plus personne ne peut se connecter avec elle.
flash-passkey-removed-lost = La passkey { $name } a été supprimée, et les sessions qu’elle avait ouvertes sont terminées. Plus personne ne peut se connecter avec elle.
flash-passkey-removed-provider = Si { $provider } la propose encore, supprimez-la aussi à cet endroit. Nous l’avons demandé à votre navigateur.
flash-passkey-removed-device = Si votre appareil la propose encore, supprimez-la aussi dans les réglages de son gestionnaire de mots de passe.
flash-already-gone = Quelqu’un a été plus rapide : cette entrée n’existe déjà plus. Cette liste est à jour.
flash-pass-deleted = Votre pass d’accès temporaire a été supprimé. Il ne fonctionne plus.
flash-session-ended = Cette session est terminée.
flash-other-sessions-ended = { $count ->
    [0] Il n’y avait aucune autre session à terminer.
    [one] Une autre session a été terminée.
   *[other] { $count } autres sessions ont été terminées.
}
flash-account-forgotten = Ce navigateur ne propose plus ce compte. Le compte lui-même est inchangé.
flash-setup-saved = Enregistré. Vous êtes la première personne à administrer ce service.
flash-came-from-elsewhere = Vous êtes connecté avec un autre appareil. Configurer aussi une passkey sur cet ordinateur ?
