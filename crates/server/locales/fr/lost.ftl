# LP-1 à LP-3 : que faire quand la connexion ne fonctionne pas, demander un pass, rendre inutilisable un appareil perdu.
help-step-by-step = Trouver quoi faire, pas à pas
lost-start-heading = Impossible de vous connecter ? Pas à pas
lost-lead = Cette page est la même pour tout le monde et ne consulte rien.
lost-question = Que s’est-il passé ?
lost-cause-lost = J’ai perdu mon téléphone, ou on me l’a volé
lost-cause-new-phone = J’ai un nouveau téléphone
lost-cause-no-passkey = Ma passkey ne s’affiche pas
lost-cause-forgotten = J’ai oublié mon mot de passe
lost-cause-never = Je n’ai jamais eu accès
lost-show = Montrer quoi faire
lost-ways = Essayez ceci, dans cet ordre
lost-way-other-passkey = Utilisez une autre passkey ou une clé de sécurité, si vous en avez une. Connectez-vous avec elle et supprimez ce que vous avez perdu dans les infos de sécurité.
lost-way-recovery-code = Utilisez un de vos codes de récupération, si vous en avez gardé.
lost-way-computer = Allez à un ordinateur sur lequel vous avez enregistré une passkey. Connectez-vous là et ajoutez le nouveau téléphone.
lost-way-same-account = Sur le nouveau téléphone, connectez-vous au même compte Apple ou Google qu’avant. Vos passkeys reviennent avec lui ; cela peut prendre quelques minutes.
lost-way-iphone = iPhone : Réglages, votre nom, iCloud, Mots de passe et trousseau doit être activé. Les passkeys sont dans l’app Mots de passe.
lost-way-android = Android : Paramètres, Mots de passe, passkeys et comptes. Choisissez le service qui avait vos passkeys auparavant.
lost-way-lock = Activez un verrouillage d’écran : code PIN, empreinte ou visage. Les passkeys en ont besoin.
lost-way-window = Quittez la fenêtre privée, et ouvrez la page dans votre navigateur, pas dans une autre app.
lost-way-bluetooth = La passkey est sur votre téléphone ? Choisissez le téléphone dans l’invite, activez le Bluetooth sur les deux et scannez le code.
lost-way-passkey-instead = Si vous avez une passkey, vous n’avez pas besoin de mot de passe : choisissez « Se connecter avec une passkey ».
lost-way-ask = Sinon, demandez un pass d’accès temporaire.
lost-way-first = Votre contact informatique vous donne un pass d’accès temporaire. Si personne ne l’a fait, demandez-en un.
lost-ask = Demander un pass d’accès temporaire
lost-thief = Est-ce un vol ? Dites-le tout de suite à votre contact informatique, pour que la passkey soit désactivée.

recover-heading = Demander un pass d’accès temporaire
recover-lead = Votre contact informatique vérifiera que c’est vous avant de vous donner un pass.
recover-off = Votre organisation ne prend pas de demandes ici. Parlez à votre contact informatique.
recover-contact-label = Comment vous joindre ?
recover-contact-hint = Un bureau, un numéro ou une personne près de vous. Nous n’appelons cependant que le numéro que votre organisation a de vous.
recover-contact-missing = Dites comment vous joindre, en 120 caractères au plus.
recover-colleague-label = Qui peut se porter garant de vous ? (facultatif)
recover-colleague-hint = Un collègue ou votre responsable.
recover-colleague-long = Nommez votre collègue en 120 caractères au plus.
recover-reason = Que s’est-il passé ?
recover-reason-missing = Choisissez ce qui s’est passé.
recover-send = Envoyer la demande
recover-sent-heading = Votre demande est en route
recover-sent = Si le compte existe, votre contact informatique a été informé. Pendant une heure, d’autres demandes pour ce compte ne changent rien.
recover-sent-reference = Référence { $reference }
recover-sent-warning = Ne donnez ce numéro à personne qui vous appelle. L’informatique n’en a pas besoin pour vous reconnaître.
recover-sent-again = Votre demande n’a pas été envoyée à l’instant. Redemandez si vous avez besoin d’un pass.

secure-heading = Sécuriser votre compte
secure-lead = Heureux de vous revoir. Rendez d’abord inutilisable l’appareil perdu.
secure-lead-full = Désactivez ce qui a disparu, et déconnectez-vous là où vous n’êtes pas.
secure-passkeys = Quelles passkeys ont disparu ?
secure-passkeys-none = Vous n’avez aucune passkey active.
secure-passkeys-hint = Elles sont désactivées tout de suite : personne ne peut se connecter avec elles. Vous les supprimez définitivement quand vous en avez une nouvelle.
secure-backed-up = sauvegardée
secure-last-used = dernière utilisation { $at }
secure-never-used = jamais utilisée
secure-off = désactivée
secure-backup-warning = Une passkey sauvegardée peut revenir sur un nouveau téléphone avec le même compte Google ou Apple. Si quelqu’un connaît peut-être ce compte, désactivez la passkey ici, et changez le mot de passe de ce compte.
secure-only = C’est votre seule passkey. Vous pouvez la désactiver maintenant, puis en créer une nouvelle.
secure-sessions = Où voulez-vous vous déconnecter ?
secure-sessions-none = Vous n’êtes connecté nulle part ailleurs.
secure-session = { $count ->
    [one] { $device }, depuis { $address }
   *[other] { $device }, depuis { $address } ({ $count } sessions)
}
secure-then = Ensuite
secure-then-create = Créer une nouvelle passkey
secure-then-history = Regarder les dernières connexions
secure-do = Le faire maintenant
secure-nothing-lost = Rien n’est perdu, continuer
secure-nothing-chosen = Choisissez ce qui a disparu, ou continuez sans rien changer.
secure-last-method = Rien n’a été modifié : il ne vous resterait aucune passkey pour vous connecter. Ajoutez-en d’abord une autre.
secure-link = Un appareil perdu ? Sécurisez d’abord votre compte
secure-remove = Supprimer définitivement : { $name }
secure-remove-hint = Les passkeys désactivées peuvent être supprimées maintenant que vous en avez une nouvelle.
secure-stolen = Est-ce un vol, ou y a-t-il ici quelque chose que vous ne connaissez pas ? Dites-le aussi à votre contact informatique.
flash-secured = { $passkeys ->
    [0] Aucune passkey n’a été désactivée.
    [one] { $passkeys } passkey a été désactivée.
   *[other] { $passkeys } passkeys ont été désactivées.
}
flash-secured-more = { $sessions ->
    [0] Aucune session n’a été terminée.
    [one] { $sessions } session a été terminée.
   *[other] { $sessions } sessions ont été terminées.
}{ $gone ->
    [0] {""}
    [one] {" "}{ $gone } entrée que vous aviez choisie n’existait déjà plus.
   *[other] {" "}{ $gone } entrées que vous aviez choisies n’existaient déjà plus.
}
