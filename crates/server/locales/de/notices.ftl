# Benachrichtigungen: auf der Seite und in E-Mails. Was geschehen ist, je Art ein Titel und ein Satz.
nav-notices = Benachrichtigungen
notices-heading = Benachrichtigungen
notices-lead = Was rund um Ihre Anmeldung geschehen ist. Wir senden es auch per E-Mail, wenn Ihr Konto eine Adresse hat.
notices-none = Noch ist nichts geschehen.
notices-new = Neu
notices-unseen = { $count ->
    [one] 1 neue Benachrichtigung
   *[other] { $count } neue Benachrichtigungen
}
notices-mark-seen = Alle als gesehen markieren
notices-history = Alle Anmeldungen und Änderungen ansehen
notices-not-me = Waren Sie etwas davon nicht? Öffnen Sie Ihren Verlauf und sagen Sie es dort.
flash-notices-seen = Alle Benachrichtigungen sind als gesehen markiert. Sie bleiben 90 Tage hier.

notice-passkey = Passkey: { $name }
notice-when = Wann: { $when }
notice-where = Wo: { $browser }, von { $address }
notice-by-oneself = Durch: jemanden, der in Ihrem Konto angemeldet war
notice-by-somebody = Durch: Helpdesk oder Administration Ihrer Organisation
notice-by-server = Durch: Ihre Organisation
notice-by-nobody = Durch: jemanden, der nicht angemeldet war
notice-codes-left = { $count ->
    [one] 1 Wiederherstellungscode ist übrig.
   *[other] { $count } Wiederherstellungscodes sind übrig.
}
notice-sessions-ended = { $count ->
    [one] 1 Sitzung wurde beendet.
   *[other] { $count } Sitzungen wurden beendet.
}

notice-kind-passkey-added = Ein Passkey wurde hinzugefügt
notice-kind-passkey-added-text = Mit einem neuen Passkey kann man sich in Ihrem Konto anmelden.
notice-kind-passkey-first-used = Ein neuer Passkey wurde zum ersten Mal verwendet
notice-kind-passkey-first-used-text = Der Passkey funktioniert.
notice-kind-passkey-removed = Ein Passkey wurde entfernt
notice-kind-passkey-removed-text = Niemand kann sich mehr damit anmelden.
notice-kind-passkey-disabled = Ein Passkey wurde ausgeschaltet
notice-kind-passkey-disabled-text = Niemand kann sich mehr damit anmelden. Er bleibt in Ihrer Liste, bis Sie ihn entfernen.
notice-kind-passkey-enabled = Ein Passkey wurde wieder eingeschaltet
notice-kind-passkey-enabled-text = Man kann sich damit wieder in Ihrem Konto anmelden.
notice-kind-passkey-copied = Ein Passkey wurde vielleicht kopiert
notice-kind-passkey-copied-text = Er zählte bei der Verwendung rückwärts, was ein Sicherheitsschlüssel von selbst nicht tut. Entfernen Sie ihn im Zweifel.
notice-kind-pass-issued = Ein befristeter Zugangspass wurde für Sie ausgestellt
notice-kind-pass-issued-text = Wer ihn hat, kann für Ihr Konto einen Passkey einrichten. Wenn Sie ihn nicht verlangt haben, melden Sie es Ihrer IT-Ansprechperson.
notice-kind-pass-used = Ihr befristeter Zugangspass wurde verwendet
notice-kind-pass-used-text = Jemand hat damit die Einrichtung Ihrer Anmeldung geöffnet.
notice-kind-pass-revoked = Ihr befristeter Zugangspass wurde zurückgezogen
notice-kind-pass-revoked-text = Er gilt nicht mehr.
notice-kind-pass-locked = Ihr befristeter Zugangspass ist beendet
notice-kind-pass-locked-text = Es gab zu viele falsche Versuche. Bitten Sie Ihre IT-Ansprechperson um einen neuen, wenn Sie noch einen brauchen.
notice-kind-password-set = Ein Passwort wurde gesetzt
notice-kind-password-set-text = Ihr Konto hat jetzt ein Passwort.
notice-kind-password-changed = Ihr Passwort wurde geändert
notice-kind-password-changed-text = Das alte gilt nicht mehr.
notice-kind-password-off = Ihr Passwort wurde ausgeschaltet
notice-kind-password-off-text = Niemand kann sich mehr damit anmelden. Sitzungen, die darauf beruhten, wurden beendet.
notice-kind-password-allowed = Ihr Konto darf wieder ein Passwort haben
notice-kind-password-allowed-text = Es hat keines, bis eines gesetzt wird.
notice-kind-codes-added = Authenticator-Codes wurden eingerichtet
notice-kind-codes-added-text = Eine App zeigt Codes, die eine Anmeldung mit Ihrem Passwort vervollständigen.
notice-kind-codes-removed = Authenticator-Codes wurden entfernt
notice-kind-codes-removed-text = Codes der App gelten nicht mehr.
notice-kind-codes-locked = Ihre Authenticator-Codes sind gesperrt
notice-kind-codes-locked-text = Nach dem richtigen Passwort kamen zu viele falsche Codes. Wenn Sie das nicht waren, ändern Sie Ihr Passwort. Melden Sie sich auf einem anderen Weg an und richten Sie die App neu ein, oder bitten Sie Ihre IT-Ansprechperson um einen befristeten Zugangspass.
notice-kind-recovery-codes-made = Neue Wiederherstellungscodes wurden erstellt
notice-kind-recovery-codes-made-text = Ältere gelten nicht mehr.
notice-kind-recovery-code-used = Ein Wiederherstellungscode wurde verwendet
notice-kind-recovery-code-used-text = Jeder Code gilt einmal.
notice-kind-new-browser = Eine Anmeldung mit einem bisher nicht verwendeten Browser
notice-kind-new-browser-text = Jemand hat sich in Ihrem Konto mit einem Browser angemeldet, den wir damit noch nicht gesehen haben.
notice-kind-enrolment-ended = Ein Telefon sollte einen Passkey erhalten und erhielt keinen
notice-kind-enrolment-ended-text = Die Einrichtung mit einem Telefon wurde abgelehnt, gesperrt oder verweigert. Es wurde kein Passkey erstellt.
notice-kind-pass-requested = Jemand hat für Sie um einen befristeten Zugangspass gebeten
notice-kind-pass-requested-text = Die Anfrage allein ändert nichts. Der Helpdesk gibt einen Pass nur jemandem, den er als Sie erkannt hat.
notice-kind-request-closed = Die Anfrage nach einem Pass wurde erledigt
notice-kind-request-closed-text = Wenn Sie darum gebeten haben, wissen Sie, wie es weitergeht.
notice-kind-account-secured = Sitzungen Ihres Kontos wurden beendet
notice-kind-account-secured-text = Jemand, der in Ihrem Konto angemeldet war, hat andere Geräte abgemeldet.
notice-kind-entry-reported = Sie haben gemeldet, dass Sie etwas nicht waren
notice-kind-entry-reported-text = Ein Eintrag Ihres Verlaufs wurde als nicht von Ihnen markiert.
notice-kind-account-changed = Ihr Name oder Ihre Adresse wurde geändert
notice-kind-account-changed-text = Ihre Passkeys sind unverändert.
notice-kind-address-left = Mitteilungen zu Ihrem Konto gehen ab jetzt an eine andere Adresse
notice-kind-address-left-text = Dies ist die letzte Mitteilung an diese Adresse. Ihre Passkeys sind unverändert. Wenn Sie Ihre IT nicht um diese Änderung gebeten haben, sagen Sie es ihr jetzt.
notice-kind-role-changed = Die Rolle Ihres Kontos wurde geändert
notice-kind-role-changed-text = Es darf an den Konten anderer mehr oder weniger tun als bisher.
