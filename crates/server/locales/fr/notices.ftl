# Messages : sur la page et par e-mail. Ce qui s’est passé, en un titre et une phrase pour chaque sorte.
nav-notices = Messages
notices-heading = Messages
notices-lead = Ce qui s’est passé autour de votre connexion. Nous l’envoyons aussi par e-mail si votre compte a une adresse.
notices-none = Il ne s’est encore rien passé.
notices-new = Nouveau
notices-unseen = { $count ->
    [one] { $count } nouveau message
   *[other] { $count } nouveaux messages
}
notices-mark-seen = Tout marquer comme vu
notices-history = Regarder toutes les connexions et modifications
notices-not-me = L’un d’eux n’était pas vous ? Ouvrez votre historique et dites-le là.
flash-notices-seen = Tous les messages sont marqués comme vus. Ils restent ici 90 jours.

notice-passkey = Passkey : { $name }
notice-when = Quand : { $when }
notice-where = Où : { $browser }, depuis { $address }
notice-by-oneself = Fait par : quelqu’un qui était connecté à votre compte
notice-by-somebody = Fait par : le support ou l’administration de votre organisation
notice-by-server = Fait par : votre organisation
notice-by-nobody = Fait par : quelqu’un qui n’était pas connecté
notice-codes-left = { $count ->
    [one] Il reste { $count } code de récupération.
   *[other] Il reste { $count } codes de récupération.
}
notice-sessions-ended = { $count ->
    [one] { $count } session a été terminée.
   *[other] { $count } sessions ont été terminées.
}

notice-kind-passkey-added = Une passkey a été ajoutée
notice-kind-passkey-added-text = Une nouvelle passkey peut se connecter à votre compte.
notice-kind-passkey-first-used = Une nouvelle passkey a été utilisée pour la première fois
notice-kind-passkey-first-used-text = La passkey fonctionne.
notice-kind-passkey-removed = Une passkey a été supprimée
notice-kind-passkey-removed-text = Plus personne ne peut se connecter avec elle.
notice-kind-passkey-disabled = Une passkey a été désactivée
notice-kind-passkey-disabled-text = Plus personne ne peut se connecter avec elle. Elle reste dans votre liste jusqu’à ce que vous la supprimiez.
notice-kind-passkey-enabled = Une passkey a été réactivée
notice-kind-passkey-enabled-text = Elle peut de nouveau se connecter à votre compte.
notice-kind-passkey-copied = Une passkey a peut-être été copiée
notice-kind-passkey-copied-text = Elle a compté à rebours lors de son utilisation, ce qu’une clé de sécurité ne fait pas d’elle-même. Supprimez-la en cas de doute.
notice-kind-pass-issued = Un pass d’accès temporaire a été émis pour vous
notice-kind-pass-issued-text = Qui l’a peut configurer une passkey pour votre compte. Si vous ne l’avez pas demandé, dites-le à votre contact informatique.
notice-kind-pass-used = Votre pass d’accès temporaire a été utilisé
notice-kind-pass-used-text = Quelqu’un a ouvert avec lui la configuration de votre connexion.
notice-kind-pass-revoked = Votre pass d’accès temporaire a été retiré
notice-kind-pass-revoked-text = Il ne fonctionne plus.
notice-kind-pass-locked = Votre pass d’accès temporaire est terminé
notice-kind-pass-locked-text = Il y a eu trop d’essais incorrects. Demandez-en un nouveau à votre contact informatique si vous en avez encore besoin.
notice-kind-password-set = Un mot de passe a été défini
notice-kind-password-set-text = Votre compte a maintenant un mot de passe.
notice-kind-password-changed = Votre mot de passe a été changé
notice-kind-password-changed-text = L’ancien ne fonctionne plus.
notice-kind-password-off = Votre mot de passe a été désactivé
notice-kind-password-off-text = Plus personne ne peut se connecter avec lui. Les sessions qui en dépendaient sont terminées.
notice-kind-password-allowed = Votre compte peut de nouveau avoir un mot de passe
notice-kind-password-allowed-text = Il n’en a aucun tant qu’il n’est pas défini.
notice-kind-codes-added = Des codes d’authentification ont été configurés
notice-kind-codes-added-text = Une app affiche des codes qui complètent une connexion avec votre mot de passe.
notice-kind-codes-removed = Les codes d’authentification ont été supprimés
notice-kind-codes-removed-text = Les codes de l’app ne fonctionnent plus.
notice-kind-codes-locked = Vos codes d’authentification sont bloqués
notice-kind-codes-locked-text = Il y a eu trop de codes incorrects après le bon mot de passe. Si ce n’était pas vous, changez votre mot de passe. Connectez-vous d’une autre manière et configurez de nouveau l’app, ou demandez un pass d’accès temporaire à votre contact informatique.
notice-kind-recovery-codes-made = De nouveaux codes de récupération ont été créés
notice-kind-recovery-codes-made-text = Les anciens ne fonctionnent plus.
notice-kind-recovery-code-used = Un code de récupération a été utilisé
notice-kind-recovery-code-used-text = Chaque code fonctionne une fois.
notice-kind-new-browser = Une connexion avec un navigateur jamais utilisé auparavant
notice-kind-new-browser-text = Quelqu’un s’est connecté à votre compte avec un navigateur que nous n’avions pas encore vu avec lui.
notice-kind-enrolment-ended = Un téléphone devait recevoir une passkey et ne l’a pas reçue
notice-kind-enrolment-ended-text = La configuration avec un téléphone a été refusée, bloquée ou rejetée. Aucune passkey n’a été créée.
notice-kind-pass-requested = Quelqu’un a demandé un pass d’accès temporaire pour vous
notice-kind-pass-requested-text = La demande seule ne change rien. Le support ne donne un pass qu’à une personne qu’il a reconnue comme étant vous.
notice-kind-request-closed = La demande de pass a été traitée
notice-kind-request-closed-text = Si vous l’aviez faite, on vous a dit comment cela continue.
notice-kind-account-secured = Des sessions de votre compte ont été terminées
notice-kind-account-secured-text = Quelqu’un qui était connecté à votre compte a déconnecté d’autres appareils.
notice-kind-entry-reported = Vous avez signalé que quelque chose n’était pas vous
notice-kind-entry-reported-text = Une entrée de votre historique a été marquée comme n’étant pas la vôtre.
notice-kind-account-changed = Votre nom ou votre adresse a été modifié
notice-kind-account-changed-text = Vos passkeys sont inchangées.
notice-kind-address-left = Les avis de votre compte vont désormais à une autre adresse
notice-kind-address-left-text = Ceci est le dernier avis à cette adresse. Vos passkeys sont inchangées. Si vous n’avez pas demandé ce changement à votre informatique, prévenez-la maintenant.
notice-kind-role-changed = Le rôle de votre compte a été modifié
notice-kind-role-changed-text = Il peut faire plus ou moins qu’avant sur les comptes d’autres personnes.
