# SI-2 (ses entrées plus récentes), SI-4, SI-4b, SI-5, et un code de récupération seul.
have-password = Utiliser mon mot de passe
method-password-hint = Avec un code de votre app d’authentification comme deuxième étape.
have-recovery-code = Utiliser un code de récupération
method-recovery-hint = Un des dix que vous avez imprimés ou enregistrés en configurant votre connexion.

password-heading = Saisissez votre mot de passe
password-label = Mot de passe
password-forgot = Mot de passe oublié ?
password-missing = Saisissez votre mot de passe.
password-wrong = Ce nom d’utilisateur et ce mot de passe ne vont pas ensemble. Vous n’avez pas été connecté. Vérifiez les deux, ou essayez un autre moyen.
password-wrong-left = { $count ->
    [one] Ce nom d’utilisateur et ce mot de passe ne vont pas ensemble. Vous n’avez pas été connecté. Vérifiez les deux, ou essayez un autre moyen. Encore { $count } essai.
   *[other] Ce nom d’utilisateur et ce mot de passe ne vont pas ensemble. Vous n’avez pas été connecté. Vérifiez les deux, ou essayez un autre moyen. Encore { $count } essais.
}
password-off = Le mot de passe de ce compte est désactivé. Vous n’avez pas été connecté. Utilisez votre passkey.
password-use-passkey = Ce compte a une passkey et se connecte avec elle. Vous n’avez pas été connecté. Utilisez votre passkey.
password-nothing-second = Votre mot de passe seul ne vous connecte pas, et ce compte n’a pas encore de deuxième étape. Demandez un pass d’accès temporaire à votre contact informatique.
show-password = Afficher le mot de passe
caps-lock = Verr. maj. est activé.

new-password-heading = Choisissez un nouveau mot de passe
new-password-lead = Votre mot de passe était correct, mais il faut le changer avant de continuer. Vous n’êtes pas encore connecté.
new-password-label = Nouveau mot de passe
new-password-rules = { $shortest ->
   *[other] Au moins { $shortest } caractères. Le mieux : quelques mots que vous seul mettriez ensemble ; les caractères spéciaux ne sont pas nécessaires.
}
new-password-save = Enregistrer le nouveau mot de passe
new-password-too-short = { $shortest ->
   *[other] Ce mot de passe est trop court, et rien n’a été modifié. Utilisez au moins { $shortest } caractères.
}
new-password-too-long = Ce mot de passe est trop long, et rien n’a été modifié. Utilisez-en un plus court.
new-password-breached = Ce mot de passe figure dans une liste de mots de passe volés ; d’autres l’essaieraient en premier. Rien n’a été modifié. Choisissez-en un autre.
new-password-same = C’est le mot de passe que vous avez. Rien n’a été modifié. Choisissez-en un autre.
new-password-contains-login = Ce mot de passe contient votre nom d’utilisateur ; d’autres l’essaieraient en premier. Rien n’a été modifié. Choisissez-en un autre.
old-password-wrong = Votre mot de passe actuel n’est pas correct. Rien n’a été modifié. Saisissez-le de nouveau.

step-heading = Saisissez votre code
code-label = Code de votre app d’authentification
code-hint = Ouvrez l’app sur votre téléphone et saisissez les six chiffres qu’elle affiche pour ce compte.
code-missing = Saisissez les six chiffres.
code-slip = Ce n’est pas un code : il a six chiffres. Cela n’a pas compté comme essai.
code-wrong = Ce code n’est pas correct. Vous n’avez pas été connecté. Vérifiez que l’heure de votre téléphone est juste, et saisissez le code que l’app affiche maintenant.
code-wrong-left = { $count ->
    [one] Ce code n’est pas correct. Vous n’avez pas été connecté. Vérifiez que l’heure de votre téléphone est juste, et saisissez le code que l’app affiche maintenant. Encore { $count } essai.
   *[other] Ce code n’est pas correct. Vous n’avez pas été connecté. Vérifiez que l’heure de votre téléphone est juste, et saisissez le code que l’app affiche maintenant. Encore { $count } essais.
}
code-used = Ce code a déjà été utilisé. Vous n’avez pas été connecté. Attendez que l’app affiche le suivant.
step-use-recovery = Utiliser plutôt un code de récupération
step-use-code = Utiliser plutôt l’app d’authentification

recovery-heading = Saisissez un code de récupération
recovery-label = Code de récupération
recovery-lead = Il vous permet de sécuriser votre compte et de créer une nouvelle passkey. Chaque code fonctionne une fois.
recovery-hint = Majuscules, espaces et tirets sont sans importance.
recovery-missing = Saisissez un code de récupération.
recovery-slip = Il y a une faute de frappe dans ce code de récupération. Vérifiez chaque caractère ; cela n’a pas compté comme essai.
recovery-wrong = Ce nom d’utilisateur et ce code de récupération ne vont pas ensemble. Vous n’avez pas été connecté. Vérifiez les deux, ou essayez un autre moyen.
recovery-wrong-left = { $count ->
    [one] Ce nom d’utilisateur et ce code de récupération ne vont pas ensemble. Vous n’avez pas été connecté. Vérifiez les deux, ou essayez un autre moyen. Encore { $count } essai.
   *[other] Ce nom d’utilisateur et ce code de récupération ne vont pas ensemble. Vous n’avez pas été connecté. Vérifiez les deux, ou essayez un autre moyen. Encore { $count } essais.
}
recovery-used = Ce code de récupération a déjà été utilisé. Vous n’avez pas été connecté. Utilisez le suivant.
