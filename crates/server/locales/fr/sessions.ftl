# DS-1.
sessions-heading = Appareils et sessions
sessions-lead = Où vous êtes connecté. Terminez ce que vous ne connaissez pas.
session-current = Cette session
session-by-passkey = Connexion avec { $name }
session-by-removed-passkey = Connexion avec une passkey supprimée depuis
session-by-pass = Connexion avec un pass d’accès temporaire
session-times = Depuis { $since }, vue pour la dernière fois { $seen }
session-address = Depuis { $address }
end-session = Terminer la session
end-other-sessions = Se déconnecter partout ailleurs
sessions-only-this = Vous n’êtes connecté nulle part ailleurs.
session-by-password = Connexion avec un mot de passe
session-by-password-code = Connexion avec un mot de passe et un code
session-by-recovery-code = Connexion avec un code de récupération
session-device-times = Vu pour la première fois { $first }, pour la dernière fois { $seen }
session-device-count = { $count ->
    [one] Une session
   *[other] { $count } sessions
}
sign-in-with-former-passkey = Utiliser une passkey de { $former }
