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
