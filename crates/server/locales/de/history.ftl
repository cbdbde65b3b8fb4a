# SH-1.
nav-history = Anmeldeverlauf
history-heading = Anmeldeverlauf
history-lead = Wer hereinkam, wer nicht, und was sich geändert hat. Wenn Sie etwas nicht waren, sagen Sie es: Sie sehen dann, was zu tun ist.
history-show-label = Anzeigen
history-show-all = Alles
history-show-sign-ins = Nur Anmeldungen
history-show-changes = Nur Änderungen
history-days-label = Zeitraum
history-days = { $days ->
    [one] Letzter Tag
   *[other] Letzte { $days } Tage
}
history-filter = Diese anzeigen
history-empty = In diesem Zeitraum gibt es nichts.
history-older = Ältere Einträge
history-newest = Zurück zu den neuesten
history-place-note = Als Ort sehen Sie das Netz, aus dem die Anfrage kam, gekürzt. Mobilnetze und VPN können Ihre eigenen Anmeldungen so aussehen lassen, als kämen sie von anderswo.
history-kept = Einträge, die älter als 90 Tage sind, stehen hier nicht.
history-entry-success = Hereingekommen
history-entry-failed = Aufgehalten
history-entry-interrupted = Nicht beendet
history-entry-changed = Änderung
history-this-session = Diese Sitzung
history-unfamiliar = Neuer Browser oder Ort
history-by-another = Von Ihrer IT
history-times = { $count ->
    [one] einmal
   *[other] { $count }-mal
}
history-from = { $device }, von { $network }
history-from-network = Von { $network }
history-reported-on = Sie haben das gemeldet: { $at }
history-details = Details
history-details-of = Details: { $title }
history-not-me = Das war ich nicht
history-not-me-of = Das war ich nicht: { $title }
history-some-passkey = Passkey (Name unbekannt)

# What happened.
history-signed-in = Angemeldet mit { $passkey }
history-signed-in-password = Angemeldet mit einem Passwort
history-signed-in-password-code = Angemeldet mit Passwort und Authenticator-Code
history-signed-in-password-recovery = Angemeldet mit Passwort und Wiederherstellungscode
history-signed-in-recovery = Angemeldet mit einem Wiederherstellungscode
history-pass-redeemed = Mit einem befristeten Zugangspass hereingekommen
history-sign-in-refused = Ein Passkey wurde nicht angenommen
history-confirm-refused = Eine Bestätigung wurde nicht angenommen
history-pass-refused = Befristeter Zugangspass nicht angenommen
history-pass-locked = Befristeter Zugangspass nach zu vielen falschen Versuchen gesperrt
history-password-refused = Falsches Passwort
history-second-step-refused = Passwort richtig, Code falsch
history-first-step = Passwort richtig, zweiter Schritt nicht gemacht
history-enrolment-ended = Das Einrichten eines Telefons endete ohne Passkey
history-enrolment-claim-refused = Ein anderer Browser wollte Ihren Einrichtungscode öffnen
history-signed-out = Abgemeldet
history-session-revoked = Eine Sitzung wurde beendet
history-other-sessions-revoked = { $count ->
    [one] Eine andere Sitzung wurde beendet
   *[other] { $count } andere Sitzungen wurden beendet
}
history-pass-issued = Für Sie wurde ein befristeter Zugangspass ausgestellt
history-pass-revoked = Befristeter Zugangspass zurückgenommen
history-passkey-added = Methode hinzugefügt: { $passkey }
history-passkey-renamed = Passkey umbenannt: { $passkey }
history-passkey-removed = Methode entfernt: { $passkey }
history-passkey-disabled = Passkey ausgeschaltet: { $passkey }
history-passkey-enabled = Passkey wieder eingeschaltet: { $passkey }
history-password-set = Methode hinzugefügt: Passwort
history-password-changed = Passwort geändert
history-password-off = Methode entfernt: Passwort
history-password-allowed = Sie dürfen wieder ein Passwort haben
history-codes-added = Methode hinzugefügt: Authenticator-Codes
history-codes-removed = Methode entfernt: Authenticator-Codes
history-codes-locked = Authenticator-Codes nach zu vielen falschen Versuchen gesperrt
history-recovery-made = Neue Wiederherstellungscodes erstellt
history-recovery-removed = Wiederherstellungscodes wertlos gemacht
history-pass-requested = Jemand hat für Sie um einen Zugangspass gebeten
history-secured = Sitzungen beendet und Passkeys ausgeschaltet, in einem Zug
history-user-changed = Ihr Name oder Ihre Adresse wurde geändert
history-user-disabled = Ihr Konto wurde ausgeschaltet
history-user-enabled = Ihr Konto wurde wieder eingeschaltet
history-role-changed = Sie haben eine andere Rolle erhalten

# Why it was stopped.
history-reason-other = Es wurde nicht angenommen.
history-reason-disabled-passkey = Dieser Passkey ist ausgeschaltet.
history-reason-unknown-passkey = Dieser Passkey gehört nicht zu Ihren.
history-reason-cancelled = Es wurde nicht beendet: abgebrochen oder abgelaufen.
history-reason-late = Es dauerte länger als fünf Minuten.
history-reason-unverified = Fingerabdruck, Gesicht oder PIN wurde nicht geprüft.
history-reason-counter = Der Passkey könnte kopiert worden sein.
history-reason-wrong = Es war falsch.
history-reason-too-many = Es gab zu viele falsche Versuche.
history-reason-replayed = Der Code war schon gebraucht worden.
history-reason-pass = Der Zugangspass galt zu dieser Zeit nicht.
history-reason-account = Das Konto war ausgeschaltet.
history-reason-first-step = Das Passwort war richtig. Niemand kam herein: Der zweite Schritt wurde nicht gemacht.
history-reason-second-step = Das Passwort war richtig, der Code nicht. Niemand kam herein.

# SH-2.
history-entry-heading = Was geschehen ist
history-fact-when = Wann
history-fact-what = Was
history-fact-result = Ergebnis
history-fact-strength = Wie stark
history-fact-device = Browser
history-fact-network = Netz
history-fact-session = Sitzung
history-fact-reference = Referenz
history-strength-multifactor = Zwei Faktoren
history-strength-passwordless = Zwei Faktoren ohne Passwort
history-strength-phishing-resistant = Lässt sich nicht abfischen
history-strength-phishing-resistant-hardware = Lässt sich nicht abfischen, Schlüssel in Hardware
history-strength-none = Ein Faktor
history-result-success = Hereingekommen
history-result-failed = Nicht hereingekommen
history-result-interrupted = Nicht hereingekommen
history-result-changed = Gemacht
history-address-hidden = nicht aufgezeichnet
history-back = Zurück zum Anmeldeverlauf

# SH-3a.
not-me-heading = Waren Sie es wirklich nicht?
not-me-lead = Sehen Sie noch einmal hin, bevor Sie etwas unternehmen. Noch ist nichts geändert.
not-me-look-alikes = Es waren vielleicht doch Sie, wenn:
not-me-look-browser = Sie einen anderen Browser oder ein privates Fenster benutzt haben,
not-me-look-vpn = Sie über ein VPN, ein Mobilnetz oder in einem Hotel im Netz waren: Der Ort wird aus dem Netz erraten,
not-me-look-phone = Ihr Telefon oder ein zweiter Computer sich von selbst angemeldet hat,
not-me-look-help = Ihnen zu dieser Zeit jemand geholfen hat.
not-me-was-me = Das war ich
not-me-was-not = Das war ich wirklich nicht

# SH-3b.
not-me-do-heading = Was jetzt zu tun ist
not-me-guessed = Jemand hat bei Ihrem Konto geraten. Er kam nicht herein, und es ist nichts zu tun. Wir sagen es Ihrer IT.
not-me-password-known = Jemand kennt Ihr Passwort. Er kam nicht herein. Ändern Sie das Passwort jetzt oder schalten Sie es aus.
not-me-in-by-password = Jemand war mit Ihrem Passwort in Ihrem Konto. Melden Sie ihn ab und nehmen Sie ihm das Passwort.
not-me-in-by-recovery-code = Jemand war mit einem Ihrer Wiederherstellungscodes in Ihrem Konto. Melden Sie ihn ab und machen Sie die Codes wertlos.
not-me-in-by-passkey = Jemand war mit { $passkey } in Ihrem Konto. Er hat das Gerät oder das Konto, in dem der Passkey gespeichert ist.
not-me-passkey-refused = Jemand wollte mit { $passkey } hereinkommen und kam nicht herein. Er hat vielleicht das Gerät.
not-me-in-by-pass = Jemand hat Ihren befristeten Zugangspass benutzt. Ihre IT muss das sofort wissen.
not-me-method-added = Jemand hat Ihrem Konto einen Zugang hinzugefügt. Entfernen Sie ihn und melden Sie diese Person ab.
not-me-changed = Jemand hat in Ihrem Konto etwas geändert. Melden Sie sich überall sonst ab und sehen Sie sich Ihre Anmeldemethoden an.
not-me-only-suspicious = Sie melden sich nur mit der fraglichen Methode an. Sie können sich überall sonst abmelden, und Sie können Ihr Konto einfrieren, bis Ihre IT Sie anruft. Ist es ein Passkey, bestätigen Sie das mit ihm.
not-me-only-administrator = Sie melden sich nur mit der fraglichen Methode an. Sie können sich überall sonst abmelden. Niemand sonst verwaltet dieses Keyward, darum lässt sich Ihr Konto nicht einfrieren: Wer den Server betreibt, kann den Passkey entfernen.
not-me-lost-device = Ich habe das Gerät nicht mehr
not-me-choose = Wählen Sie, was geschehen soll
remedy-sign-out-elsewhere = Überall sonst abmelden
remedy-end-its-sessions = Abmelden, wo sie benutzt wurde
remedy-remove-passkey = { $passkey } entfernen
remedy-turn-off-password = Das Passwort ausschalten
remedy-remove-codes = Die Authenticator-Codes entfernen
remedy-remove-recovery-codes = Die Wiederherstellungscodes wertlos machen
remedy-revoke-pass = Den befristeten Zugangspass zurücknehmen
remedy-freeze = Das Konto einfrieren, bis meine IT mich anruft
remedy-freeze-hint = Nichts meldet mehr an, auch Sie nicht. Ihre IT gibt Ihnen einen befristeten Zugangspass, der es aufhebt.
not-me-tell-it = Ihrer IT Bescheid sagen. Das geschieht immer; Sie erhalten eine Referenz.
not-me-confirm-hint = Sie bestätigen das mit einer Methode, die nicht die fragliche ist.
not-me-send = Jetzt tun
not-me-change-password = Stattdessen das Passwort ändern
not-me-problem-heading = Nichts wurde geändert
not-me-problem-suspicious = Sie haben mit der fraglichen Methode bestätigt. Nehmen Sie eine andere.
not-me-problem-not-offered = Was Sie gewählt haben, geht nicht mehr. Diese Seite ist wieder aktuell: Wählen Sie noch einmal.
not-me-too-old = Dieser Eintrag ist älter als 90 Tage, und nichts wurde geändert. Sprechen Sie mit Ihrer IT darüber.
not-me-handled = Sie haben das gemeldet: { $at }. Jetzt wurde nichts geändert.
not-me-handled-lead = Ihre Referenz ist { $reference }. Nennen Sie sie Ihrer IT, wenn sie danach fragt.
confirm-report = Benutzen Sie einen anderen Passkey als den fraglichen. Noch ist nichts geändert.
confirm-freeze = Bestätigen Sie, dass Ihr Konto eingefroren werden soll. Benutzen Sie Ihren Passkey, auch wenn er der fragliche ist. Noch ist nichts geändert.

# SH-3c.
told-heading = Ihre IT weiß Bescheid
told-lead = Ihre Referenz ist { $reference }. Ihre IT findet Ihre Meldung darunter. Nennen Sie sie niemandem, der von sich aus anruft.
told-some-not = Nicht alles ging. Was nicht ging, ist unten bezeichnet.
told-done = Was gemacht wurde
outcome-done = Gemacht
outcome-already-done = War schon gemacht
outcome-last-method = Nicht gemacht: Es ist Ihre letzte Anmeldemethode. Fügen Sie zuerst eine andere hinzu.
told-next = Ihre Anmeldemethoden ansehen
flash-entry-reported = Danke. Ihre Meldung ist aufgenommen.
flash-account-frozen = Ihr Konto ist eingefroren, und nichts meldet mehr an. Ihre Referenz ist { $reference }. Ihre IT hebt es mit einem befristeten Zugangspass auf.

# After a freeze.
frozen-heading = Ihr Konto war eingefroren
frozen-lead = Sie sind mit einem befristeten Zugangspass hereingekommen. Wählen Sie die Passkeys, die noch Ihnen gehören: Diese können wieder anmelden. Lassen Sie weg, was Sie nicht mehr haben.
frozen-choose = Welche Passkeys gehören noch Ihnen?
frozen-password = Mein Passwort: Niemand sonst kennt es
frozen-none = Keiner Ihrer Passkeys ist eingefroren.
frozen-enable = Diese wieder einschalten
frozen-add = Einen neuen Passkey erstellen
flash-frozen-lifted = { $count ->
    [0] Nichts wurde eingeschaltet. Ihre Passkeys bleiben eingefroren.
    [one] Ein Passkey kann wieder anmelden.
   *[other] { $count } Passkeys können wieder anmelden.
}
frozen-notice = Passkeys von Ihnen sind eingefroren.
frozen-notice-link = Ansehen, welche
