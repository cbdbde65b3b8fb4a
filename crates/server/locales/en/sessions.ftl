# DS-1.
sessions-heading = Devices and sessions
sessions-lead = Where you are signed in. End what you do not know.
session-current = This session
session-by-passkey = Signed in with { $name }
session-by-removed-passkey = Signed in with a passkey that was removed since
session-by-pass = Signed in with a temporary access pass
session-times = Since { $since }, last seen { $seen }
session-address = From { $address }
end-session = End session
end-other-sessions = Sign out everywhere else
sessions-only-this = You are signed in nowhere else.
session-by-password = Signed in with a password
session-by-password-code = Signed in with a password and a code
session-by-recovery-code = Signed in with a recovery code
session-device-times = First seen { $first }, last seen { $seen }
session-device-count = { $count ->
    [one] One session
   *[other] { $count } sessions
}

# SI-1 during a move to another domain.
sign-in-with-former-passkey = Use a passkey from { $former }
