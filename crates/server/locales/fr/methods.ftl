# Les lignes de SEC-1 à côté des passkeys, SEC-6, SEC-7, SI-7, SI-8, et la confirmation sans passkey.
row-not-set-up = Pas configuré
row-not-allowed = Votre organisation ne le permet plus. Cela ne peut pas être utilisé.
row-add = Ajouter
turn-off = Désactiver
password-row = Mot de passe
password-row-on = Actif, choisi { $since }
password-row-off = Désactivé { $since }. Personne ne peut se connecter avec lui.
codes-row = Codes d’authentification
codes-row-on = Actifs depuis { $since }
recovery-row = Codes de récupération
recovery-row-left = { $left ->
    [0] Il n’en reste aucun. Créez-en de nouveaux.
    [one] Il en reste { $left } sur 10
   *[other] Il en reste { $left } sur 10
}
recovery-new = Nouveaux codes
restricted-window = Vous pouvez ajouter une passkey jusqu’à { $ends } (encore { $left }). Cette connexion ne donne accès à rien d’autre.
restricted-ends-five = Cette connexion se termine dans 5 minutes. Ce que vous avez terminé est conservé.
restricted-ends-one = Cette connexion se termine dans 1 minute. Ce que vous avez terminé est conservé.
restricted-ends-over = Cette connexion est terminée. Ce que vous avez terminé est conservé. Reconnectez-vous pour continuer.

change-password-heading = Changer votre mot de passe
set-password-heading = Choisir un mot de passe
old-password-label = Mot de passe actuel
change-password-sessions = Si vous le changez, les sessions ailleurs ouvertes avec l’ancien se terminent.
flash-password-changed = Votre mot de passe a été changé. L’ancien ne fonctionne plus.
flash-password-set = Votre mot de passe fonctionne désormais.

codes-heading = Configurer les codes d’authentification
codes-lead = Une app d’authentification sur votre téléphone affiche un nouveau code toutes les 30 secondes. C’est la deuxième étape après votre mot de passe.
codes-step-scan = Dans l’app, ajoutez un compte et scannez cette image.
codes-step-type = Saisissez les six chiffres que l’app affiche.
codes-picture = Image à scanner avec l’app d’authentification. Le secret figure aussi en texte ci-dessous.
codes-same-device = L’app est sur cet appareil : l’ouvrir
codes-secret = Ou saisissez ce secret dans l’app :
codes-confirm = Activer
codes-wrong = Ce n’est pas le code de maintenant. Rien n’a été modifié. Vérifiez que l’heure de votre téléphone est juste, et saisissez le code que l’app affiche maintenant.
codes-remove-heading = Supprimer les codes d’authentification ?
codes-remove-effect = Votre mot de passe seul ne vous connectera alors plus : utilisez une passkey, ou un code de récupération comme deuxième étape. Supprimez aussi l’entrée dans l’app.
flash-codes-added = Les codes d’authentification sont actifs. Désormais, votre mot de passe est suivi d’un code.
flash-codes-removed = Les codes d’authentification ont été supprimés. Supprimez aussi l’entrée dans l’app.

recovery-codes-heading = Codes de récupération
recovery-codes-text = Dix codes qui vous laissent entrer une fois chacun si vous perdez vos appareils. Un code seul permet uniquement de sécuriser votre compte et de créer une nouvelle passkey.
recovery-codes-keep = Imprimez-les, ou enregistrez-les là où vous seul pouvez les atteindre. Pas sur l’appareil que vous pourriez perdre.
recovery-codes-replace = { $left ->
    [one] Il vous reste { $left } code. Il cesse de fonctionner quand vous en créez de nouveaux.
   *[other] Il vous reste { $left } codes. Ils cessent de fonctionner quand vous en créez de nouveaux.
}
recovery-codes-make = Créer dix nouveaux codes
recovery-made-heading = Vos codes de récupération
recovery-made-once = C’est la seule fois que ces codes sont affichés. Imprimez-les ou enregistrez-les maintenant.
recovery-made-for = Pour { $login } chez { $organisation }.
recovery-made-use = Chaque code fonctionne une fois : sur la page de connexion, choisissez « Utiliser un code de récupération ». Personne de l’informatique ne vous en demandera jamais un.
recovery-made-kept = J’ai imprimé ou enregistré ces codes
recovery-made-done = Terminé
flash-recovery-kept = Vos codes de récupération sont prêts. Les codes précédents ne fonctionnent plus.
flash-recovery-unsure = Vous êtes parti avant de dire que vous avez conservé vos nouveaux codes de récupération. Si vous ne les avez ni imprimés ni enregistrés, créez-en de nouveaux.
print = Imprimer
copy = Copier
copied = Copié.
download = Télécharger
recovery-file-title = Codes de récupération de { $login } chez { $organisation }
recovery-file-use = Chacun fonctionne une fois. Personne de l’informatique ne vous en demandera jamais un.

interrupt-heading = Votre organisation vous demande d’ajouter une passkey
interrupt-lead = Cela prend une minute, et la prochaine connexion est plus rapide. Vous pouvez le reporter de quelques jours.
interrupt-last-day = Cela prend une minute. Aujourd’hui est le dernier jour où vous pouvez le reporter.
interrupt-required = Cela prend une minute. Il n’est plus possible de le reporter.
interrupt-restricted = Votre mot de passe seul ne donne accès à rien d’autre ici. Avec une passkey, vous vous connectez entièrement.
interrupt-postpone = { $days ->
    [one] Pas maintenant – encore { $days } jour
   *[other] Pas maintenant – encore { $days } jours
}
interrupt-cannot = Cet appareil ne peut pas ?
interrupt-cannot-text = Continuez quand même : la page suivante propose aussi votre téléphone ou une clé de sécurité, et dit ce qui manque à cet appareil.
offer-heading = Connectez-vous plus vite la prochaine fois
offer-lead = Créez une passkey sur cet appareil, et connectez-vous sans votre mot de passe.
offer-elsewhere = Vous avez une passkey, mais pas sur cet appareil. Configurez-en une ici aussi, et connectez-vous sans votre mot de passe.
offer-text = Vous la déverrouillez avec votre empreinte, votre visage ou le code PIN de votre verrouillage d’écran.
offer-never = Ne plus demander sur cet appareil
flash-silent-passkey = Une passkey a été enregistrée dans { $provider }.
flash-silent-passkey-device = Une passkey a été enregistrée sur cet appareil.
see-it = La voir
undo = Annuler cela

confirm-change-password = Confirmez avant de choisir un mot de passe. Rien n’a encore changé.
confirm-turn-off-password = Utilisez une de vos passkeys avant de désactiver votre mot de passe. Rien n’a encore changé.
confirm-add-codes = Confirmez avant de configurer les codes d’authentification. Rien n’a encore changé.
confirm-remove-codes = Confirmez avant de supprimer les codes d’authentification. Rien n’a encore changé.
confirm-recovery-codes = Confirmez avant de créer de nouveaux codes de récupération. Rien n’a encore changé.
confirm-by-password = Utiliser votre mot de passe et un code
confirm-now = Confirmer
confirm-done = Confirmé. Continuez ce que vous alliez faire.
confirm-wrong = Le mot de passe ou le code n’est pas correct. Rien n’a changé. Saisissez de nouveau les deux, avec le code que l’app affiche maintenant.
confirm-code-used = Ce code a déjà été utilisé. Rien n’a changé. Attendez que l’app affiche le suivant.
confirm-incomplete = Saisissez votre mot de passe et le code de votre app d’authentification.
confirm-no-way = Ce compte n’a rien pour confirmer : ni passkey, ni mot de passe avec codes d’authentification. Demandez un pass d’accès temporaire à votre contact informatique.
codes-row-locked = Arrêtés après trop de codes incorrects
codes-anew = Configurer de nouveau
codes-remove-last = Ces codes sont la deuxième étape de votre seul moyen de vous connecter, ils restent donc. Ajoutez d’abord un autre moyen.
