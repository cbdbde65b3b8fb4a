# SH-1.
nav-history = Historique des connexions
history-heading = Historique des connexions
history-lead = Qui est entré, qui ne l’a pas pu, et ce qui a changé. Si quelque chose n’était pas vous, dites-le : on vous montre quoi faire.
history-show-label = Afficher
history-show-all = Tout
history-show-sign-ins = Connexions seulement
history-show-changes = Modifications seulement
history-days-label = Période
history-days = { $days ->
    [one] Dernier jour
   *[other] { $days } derniers jours
}
history-filter = Afficher ceux-ci
history-empty = Il n’y a rien dans cette période.
history-older = Entrées plus anciennes
history-newest = Retour aux plus récentes
history-place-note = Les lieux sont indiqués par le réseau d’où venait la demande, abrégé. Les réseaux mobiles et les VPN peuvent faire croire que vos propres connexions viennent d’ailleurs.
history-kept = Les entrées de plus de 90 jours ne figurent pas ici.
history-entry-success = Entré
history-entry-failed = Arrêté
history-entry-interrupted = Pas terminé
history-entry-changed = Modification
history-this-session = Cette session
history-unfamiliar = Nouveau navigateur ou lieu
history-by-another = Fait par votre informatique
history-times = { $count ->
    [one] une fois
   *[other] { $count } fois
}
history-from = { $device }, depuis { $network }
history-from-network = Depuis { $network }
history-reported-on = Vous l’avez signalé { $at }
history-details = Détails
history-details-of = Détails : { $title }
history-not-me = Ce n’était pas moi
history-not-me-of = Ce n’était pas moi : { $title }
history-some-passkey = une passkey

# Ce qui s’est passé.
history-signed-in = Connexion avec { $passkey }
history-signed-in-password = Connexion avec un mot de passe
history-signed-in-password-code = Connexion avec un mot de passe et un code d’authentification
history-signed-in-password-recovery = Connexion avec un mot de passe et un code de récupération
history-signed-in-recovery = Connexion avec un code de récupération
history-pass-redeemed = Entrée avec un pass d’accès temporaire
history-sign-in-refused = Une passkey n’a pas été acceptée
history-confirm-refused = Une confirmation n’a pas été acceptée
history-pass-refused = Pass d’accès temporaire non accepté
history-pass-locked = Pass d’accès temporaire bloqué après trop d’essais incorrects
history-password-refused = Mot de passe incorrect
history-second-step-refused = Mot de passe correct, code incorrect
history-first-step = Mot de passe correct, deuxième étape non franchie
history-enrolment-ended = La configuration d’un téléphone s’est terminée sans passkey
history-enrolment-claim-refused = Un autre navigateur a essayé d’ouvrir votre code de configuration
history-signed-out = Déconnexion
history-session-revoked = Une session a été terminée
history-other-sessions-revoked = { $count ->
    [one] Une autre session a été terminée
   *[other] { $count } autres sessions ont été terminées
}
history-pass-issued = Un pass d’accès temporaire a été émis pour vous
history-pass-revoked = Pass d’accès temporaire repris
history-passkey-added = Méthode ajoutée : { $passkey }
history-passkey-renamed = Passkey renommée : { $passkey }
history-passkey-removed = Méthode supprimée : { $passkey }
history-passkey-disabled = Passkey désactivée : { $passkey }
history-passkey-enabled = Passkey réactivée : { $passkey }
history-password-set = Méthode ajoutée : mot de passe
history-password-changed = Mot de passe changé
history-password-off = Méthode supprimée : mot de passe
history-password-allowed = Vous pouvez de nouveau avoir un mot de passe
history-codes-added = Méthode ajoutée : codes d’authentification
history-codes-removed = Méthode supprimée : codes d’authentification
history-codes-locked = Codes d’authentification bloqués après trop d’essais incorrects
history-recovery-made = Nouveaux codes de récupération créés
history-recovery-removed = Codes de récupération rendus sans valeur
history-pass-requested = Quelqu’un a demandé un pass pour vous
history-secured = Sessions terminées et passkeys désactivées en une fois
history-user-changed = Votre nom ou votre adresse a été modifié
history-user-disabled = Votre compte a été désactivé
history-user-enabled = Votre compte a été réactivé
history-role-changed = Vous avez reçu un autre rôle

# Pourquoi cela a été arrêté.
history-reason-other = Cela n’a pas été accepté.
history-reason-disabled-passkey = Cette passkey est désactivée.
history-reason-unknown-passkey = Cette passkey n’est pas une des vôtres.
history-reason-cancelled = Cela n’a pas été terminé : annulé, ou laissé expirer.
history-reason-late = Cela a pris plus de cinq minutes.
history-reason-unverified = L’empreinte, le visage ou le code PIN n’a pas été vérifié.
history-reason-counter = La passkey a peut-être été copiée.
history-reason-wrong = C’était incorrect.
history-reason-too-many = Il y avait eu trop d’essais incorrects.
history-reason-replayed = Le code avait déjà été utilisé.
history-reason-pass = Le pass n’était pas valable à ce moment.
history-reason-account = Le compte était désactivé.
history-reason-first-step = Le mot de passe était correct. Personne n’est entré : la deuxième étape n’a pas été franchie.
history-reason-second-step = Le mot de passe était correct, et le code ne l’était pas. Personne n’est entré.

# SH-2.
history-entry-heading = Ce qui s’est passé
history-fact-when = Quand
history-fact-what = Quoi
history-fact-result = Résultat
history-fact-strength = Force
history-fact-device = Navigateur
history-fact-network = Réseau
history-fact-session = Session
history-fact-reference = Référence
history-strength-multifactor = Deux facteurs
history-strength-passwordless = Deux facteurs sans mot de passe
history-strength-phishing-resistant = Résiste à l’hameçonnage
history-strength-phishing-resistant-hardware = Résiste à l’hameçonnage, clé matérielle
history-strength-none = Un facteur
history-result-success = Entré
history-result-failed = Pas entré
history-result-interrupted = Pas entré
history-result-changed = Fait
history-address-hidden = non enregistré
history-back = Retour à l’historique des connexions

# SH-3a.
not-me-heading = N’était-ce vraiment pas vous ?
not-me-lead = Regardez encore une fois avant d’agir. Rien n’a encore changé.
not-me-look-alikes = C’était peut-être bien vous si :
not-me-look-browser = vous avez utilisé un autre navigateur ou une fenêtre privée,
not-me-look-vpn = vous étiez sur un VPN, en données mobiles ou à l’hôtel : le lieu est deviné d’après le réseau,
not-me-look-phone = votre téléphone ou un deuxième ordinateur s’est connecté tout seul,
not-me-look-help = quelqu’un vous aidait à ce moment-là.
not-me-was-me = C’était moi
not-me-was-not = Ce n’était vraiment pas moi

# SH-3b.
not-me-do-heading = Ce qu’il faut faire maintenant
not-me-guessed = Quelqu’un a essayé de deviner. Cette personne n’est pas entrée, et il n’y a rien à faire. Nous le disons à votre informatique.
not-me-password-known = Quelqu’un connaît votre mot de passe. Cette personne n’est pas entrée. Changez le mot de passe ou désactivez-le maintenant.
not-me-in-by-password = Quelqu’un est entré dans votre compte avec votre mot de passe. Déconnectez cette personne et retirez-lui le mot de passe.
not-me-in-by-recovery-code = Quelqu’un est entré dans votre compte avec un de vos codes de récupération. Déconnectez cette personne et rendez les codes sans valeur.
not-me-in-by-passkey = Quelqu’un est entré dans votre compte avec { $passkey }. Cette personne a l’appareil, ou le compte où elle est enregistrée.
not-me-passkey-refused = Quelqu’un a essayé d’entrer avec { $passkey } et n’y est pas arrivé. Cette personne a peut-être l’appareil.
not-me-in-by-pass = Quelqu’un a utilisé votre pass d’accès temporaire. Votre informatique doit le savoir tout de suite.
not-me-method-added = Quelqu’un a ajouté un moyen d’entrer dans votre compte. Supprimez-le et déconnectez cette personne.
not-me-changed = Quelqu’un a modifié quelque chose dans votre compte. Déconnectez-vous partout ailleurs, et regardez vos méthodes de connexion.
not-me-only-suspicious = Votre seul moyen de connexion est celui qui est en cause. Vous pouvez vous déconnecter partout ailleurs, et geler votre compte jusqu’à ce que votre informatique vous appelle. Si c’est une passkey, elle le confirme.
not-me-only-administrator = Votre seul moyen de connexion est celui qui est en cause. Vous pouvez vous déconnecter partout ailleurs. Personne d’autre n’administre ce Keyward, votre compte ne peut donc pas être gelé : la personne qui exploite le serveur peut retirer la passkey.
not-me-lost-device = Je n’ai plus l’appareil
not-me-choose = Choisissez quoi faire
remedy-sign-out-elsewhere = Se déconnecter partout ailleurs
remedy-end-its-sessions = Se déconnecter partout où il a servi
remedy-remove-passkey = Supprimer { $passkey }
remedy-turn-off-password = Désactiver le mot de passe
remedy-remove-codes = Supprimer les codes d’authentification
remedy-remove-recovery-codes = Rendre les codes de récupération sans valeur
remedy-revoke-pass = Reprendre le pass d’accès temporaire
remedy-freeze = Geler le compte jusqu’à ce que mon informatique m’appelle
remedy-freeze-hint = Plus rien ne connecte, vous compris. Votre informatique vous donne un pass d’accès temporaire pour lever le gel.
not-me-tell-it = Prévenir votre informatique. Cela se fait toujours, avec une référence pour vous.
not-me-confirm-hint = Vous confirmez cela avec une méthode qui n’est pas celle en cause.
not-me-send = Le faire maintenant
not-me-change-password = Changer plutôt le mot de passe
not-me-problem-heading = Rien n’a été modifié
not-me-problem-suspicious = Vous avez confirmé avec la méthode en cause. Utilisez-en une autre.
not-me-problem-not-offered = Ce que vous avez choisi n’est plus possible. Cette page est de nouveau à jour : choisissez encore une fois.
not-me-too-old = Cette entrée a plus de 90 jours, et rien n’a été modifié. Parlez-en à votre informatique.
not-me-handled = Vous l’avez signalé { $at }. Rien n’a été modifié maintenant.
not-me-handled-lead = Votre référence est { $reference }. Donnez-la à votre informatique si elle la demande.
confirm-report = Utilisez une autre passkey que celle en cause. Rien n’a encore changé.
confirm-freeze = Confirmez que votre compte doit être gelé. Utilisez votre passkey, même si c’est celle en cause. Rien n’a encore changé.

# SH-3c.
told-heading = Votre informatique est au courant
told-lead = Votre référence est { $reference }. Votre informatique trouve votre signalement sous ce numéro. Ne le donnez à personne qui vous appelle de son propre chef.
told-some-not = Tout n’a pas pu être fait. Ce qui n’a pas pu l’être est marqué ci-dessous.
told-done = Ce qui a été fait
outcome-done = Fait
outcome-already-done = Était déjà fait
outcome-last-method = Pas fait : c’est votre dernier moyen de vous connecter. Ajoutez-en d’abord un autre.
told-next = Regarder vos méthodes de connexion
flash-entry-reported = Merci. Votre signalement est enregistré.
flash-account-frozen = Votre compte est gelé, et plus rien ne connecte. Votre référence est { $reference }. Votre informatique lève le gel avec un pass d’accès temporaire.

# Après un gel.
frozen-heading = Votre compte a été gelé
frozen-lead = Vous êtes entré avec un pass d’accès temporaire. Choisissez les passkeys qui sont encore à vous : elles pourront de nouveau vous connecter. Laissez de côté ce que vous n’avez plus.
frozen-choose = Quelles passkeys sont encore à vous ?
frozen-password = Mon mot de passe : personne d’autre ne le connaît
frozen-none = Aucune de vos passkeys n’est gelée.
frozen-enable = Les réactiver
frozen-add = Créer une nouvelle passkey
flash-frozen-lifted = { $count ->
    [0] Rien n’a été réactivé. Vos passkeys restent gelées.
    [one] { $count } passkey peut de nouveau vous connecter.
   *[other] { $count } passkeys peuvent de nouveau vous connecter.
}
frozen-notice = Des passkeys à vous sont gelées.
frozen-notice-link = Voir lesquelles
