# DS-1.
sessions-heading = Geräte und Sitzungen
sessions-lead = Wo Sie angemeldet sind. Beenden Sie, was Sie nicht kennen.
session-current = Diese Sitzung
session-by-passkey = Angemeldet mit { $name }
session-by-removed-passkey = Angemeldet mit einem Passkey, der inzwischen entfernt wurde
session-by-pass = Angemeldet mit einem befristeten Zugangspass
session-times = Seit: { $since }, zuletzt gesehen: { $seen }
session-address = Von { $address }
end-session = Sitzung beenden
end-other-sessions = Überall sonst abmelden
sessions-only-this = Sie sind nirgends sonst angemeldet.
session-by-password = Angemeldet mit einem Passwort
session-by-password-code = Angemeldet mit Passwort und Code
session-by-recovery-code = Angemeldet mit einem Wiederherstellungscode
session-device-times = Zuerst gesehen: { $first }, zuletzt gesehen: { $seen }
session-device-count = { $count ->
    [one] Eine Sitzung
   *[other] { $count } Sitzungen
}

# SI-1 during a move to another domain.
sign-in-with-former-passkey = Einen Passkey von { $former } benutzen
