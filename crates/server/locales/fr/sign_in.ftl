# SI-1 à SI-3, aide, déconnexion.
sign-in-heading = Se connecter
sign-in-to = pour continuer vers { $application }
sign-in = Se connecter
identifier-label = E-mail ou nom d’utilisateur
identifier-empty = Saisissez votre e-mail ou votre nom d’utilisateur.
identifier-malformed = C’est trop long pour un e-mail ou un nom d’utilisateur, ou cela contient des caractères qu’on ne peut pas saisir. Vérifiez.
sign-in-with-passkey = Se connecter avec une passkey
have-pass = J’ai un pass d’accès temporaire
cannot-sign-in = Impossible de vous connecter ?
continue-as = Continuer en tant que { $name }
continue-as-label = Continuer en tant que
welcome-back = Heureux de vous revoir
another-account = ou utiliser un autre compte
forget-account = Oublier { $name } sur cet appareil
another-way = Essayer un autre moyen
other-ways-show = Afficher les autres moyens
session-end-timed-out = Vous avez été déconnecté parce que rien ne s’est passé pendant un moment.
session-end-over = Vous avez été déconnecté parce que cette session est terminée : elle a duré trop longtemps, ou elle a été terminée depuis un autre appareil ou par votre organisation.
session-end-pass-ended = Vous avez été déconnecté parce que votre pass d’accès temporaire est terminé. Ce que vous avez terminé est conservé. Demandez-en un nouveau à votre contact informatique.
session-end-account-disabled = Vous avez été déconnecté parce que ce compte a été désactivé. Adressez-vous à votre contact informatique.

method-heading = Choisissez comment vous connecter
method-passkey-hint = Avec votre empreinte, votre visage, votre verrouillage d’écran ou une clé de sécurité.
method-pass-hint = De votre contact informatique, pour la première fois ou après une perte.

tap-heading = Saisissez votre pass d’accès temporaire
tap-label = Pass d’accès temporaire
tap-hint = Votre contact informatique vous a donné ce pass. Majuscules, espaces et tirets sont sans importance.
tap-missing = Saisissez votre pass d’accès temporaire.
tap-slip = Il y a une faute de frappe dans ce pass. Vérifiez chaque caractère ; cela n’a pas compté comme essai.
tap-wrong = Ce pass n’est pas correct. Vérifiez les caractères, ou demandez-en un nouveau.
tap-wrong-left = { $count ->
    [one] Ce pass n’est pas correct. Vérifiez les caractères, ou demandez-en un nouveau. Encore { $count } essai.
   *[other] Ce pass n’est pas correct. Vérifiez les caractères, ou demandez-en un nouveau. Encore { $count } essais.
}
tap-not-yet-valid = Ce pass fonctionne à partir de { $from }. Revenez à ce moment-là.
tap-expired = Ce pass est terminé ({ $at }). Demandez-en un nouveau à votre contact informatique.
tap-used = Ce pass fonctionnait une fois et a déjà été utilisé ({ $at }). Ce n’était pas vous ? Dites-le à votre contact informatique. Sinon, demandez-en un nouveau.
tap-revoked = Ce pass a été retiré ou remplacé par un plus récent. Utilisez le plus récent, ou adressez-vous à votre contact informatique.
tap-locked = Par sécurité, ce pass est terminé après trop d’essais incorrects. Demandez-en un nouveau à votre contact informatique.
tap-not-allowed = Votre organisation n’accepte pas de pass d’accès temporaire pour ce compte. Utilisez une passkey, ou adressez-vous à votre contact informatique.
tap-account-disabled = Ce compte est désactivé. Adressez-vous à votre contact informatique.
no-pass = Je n’ai pas de pass

help-heading = Impossible de vous connecter ?
help-lead = La plupart des problèmes se règlent en une minute. Cette page est la même pour tout le monde et ne consulte rien.
help-no-show = Ma passkey ne s’affiche pas
help-no-show-account = Sur un nouveau téléphone ou ordinateur, connectez-vous au même compte Apple, Google ou Microsoft qu’avant. Vos passkeys reviennent avec lui.
help-no-show-lock = Activez un verrouillage d’écran : code PIN, empreinte ou visage. Les passkeys en ont besoin.
help-no-show-private = Quittez la fenêtre privée, et ouvrez la page dans votre navigateur, pas dans une autre app.
help-no-show-bluetooth = Si votre passkey est sur votre téléphone, choisissez le téléphone dans l’invite, activez le Bluetooth sur les deux et scannez le code avec l’appareil photo du téléphone.
help-lost = Mon appareil est perdu ou volé
help-lost-other = Utilisez une autre passkey, ou une clé de sécurité, si vous en avez une.
help-lost-computer = Utilisez un ordinateur sur lequel vous avez enregistré une passkey. Supprimez ensuite celle qui est perdue dans les infos de sécurité.
help-lost-pass = Sinon, demandez un pass d’accès temporaire à votre contact informatique. Dites que l’appareil est perdu, pour que sa passkey puisse être désactivée.
help-first = Je suis ici pour la première fois
help-first-text = Votre contact informatique vous donne un pass d’accès temporaire. Saisissez-le une fois et créez votre passkey. Vous n’avez pas besoin de mot de passe.
help-contact = Parler à quelqu’un
help-contact-unset = Adressez-vous au contact informatique de votre organisation.
help-contact-warning = Personne de l’informatique ne vous demandera jamais un pass ou un code au téléphone.
signed-out-heading = Vous êtes déconnecté
signed-out-text = Vous avez quitté ce service sur cet appareil. Les applications que vous avez ouvertes le sont peut-être encore.
signed-out-shared = Sur un ordinateur partagé, fermez aussi le navigateur.
sign-in-again = Se reconnecter
