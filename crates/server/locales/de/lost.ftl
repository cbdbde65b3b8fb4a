# LP-1 bis LP-3: was tun, wenn die Anmeldung nicht geht, um einen Pass bitten, ein verlorenes Gerät unbrauchbar machen.
help-step-by-step = Schritt für Schritt herausfinden, was zu tun ist
lost-start-heading = Anmelden geht nicht? Schritt für Schritt
lost-lead = Diese Seite ist für alle gleich und schlägt nichts nach.
lost-question = Was ist geschehen?
lost-cause-lost = Ich habe mein Telefon verloren, oder es wurde gestohlen
lost-cause-new-phone = Ich habe ein neues Telefon
lost-cause-no-passkey = Mein Passkey erscheint nicht
lost-cause-forgotten = Ich habe mein Passwort vergessen
lost-cause-never = Ich hatte noch nie Zugang
lost-show = Zeigen, was zu tun ist
lost-ways = Versuchen Sie dies, in dieser Reihenfolge
lost-way-other-passkey = Verwenden Sie einen anderen Passkey oder einen Sicherheitsschlüssel, falls Sie einen haben. Melden Sie sich damit an und entfernen Sie das Verlorene in den Sicherheitsinfos.
lost-way-recovery-code = Verwenden Sie einen Ihrer Wiederherstellungscodes, falls Sie welche aufbewahrt haben.
lost-way-computer = Gehen Sie an einen Computer, auf dem Sie einen Passkey gespeichert haben. Melden Sie sich dort an und fügen Sie das neue Telefon hinzu.
lost-way-same-account = Melden Sie sich auf dem neuen Telefon beim selben Apple- oder Google-Konto an wie bisher. Ihre Passkeys kommen damit zurück; es kann einige Minuten dauern.
lost-way-iphone = iPhone: Einstellungen, Ihr Name, iCloud: „Passwörter & Schlüsselbund“ muss eingeschaltet sein. Passkeys sind in der App Passwörter.
lost-way-android = Android: Einstellungen, Passwörter, Passkeys und Konten. Wählen Sie den Dienst, der Ihre Passkeys bisher hatte.
lost-way-lock = Schalten Sie eine Bildschirmsperre ein: PIN, Fingerabdruck oder Gesicht. Passkeys brauchen sie.
lost-way-window = Verlassen Sie das private Fenster und öffnen Sie die Seite in Ihrem Browser, nicht in einer anderen App.
lost-way-bluetooth = Ist der Passkey auf Ihrem Telefon? Wählen Sie im Dialog das Telefon, schalten Sie Bluetooth auf beiden ein und scannen Sie den Code.
lost-way-passkey-instead = Wenn Sie einen Passkey haben, brauchen Sie kein Passwort: Wählen Sie „Mit einem Passkey anmelden“.
lost-way-ask = Sonst bitten Sie um einen befristeten Zugangspass.
lost-way-first = Ihre IT-Ansprechperson gibt Ihnen einen befristeten Zugangspass. Falls Sie keinen erhalten haben, bitten Sie darum.
lost-ask = Um einen befristeten Zugangspass bitten
lost-thief = Wurde es gestohlen? Melden Sie es sofort Ihrer IT-Ansprechperson, damit dessen Passkey ausgeschaltet werden kann.

recover-heading = Um einen befristeten Zugangspass bitten
recover-lead = Ihre IT-Ansprechperson prüft, dass Sie es sind, bevor sie Ihnen einen Pass gibt.
recover-off = Ihre Organisation nimmt hier keine Anfragen an. Sprechen Sie mit Ihrer IT-Ansprechperson.
recover-contact-label = Wie erreichen wir Sie?
recover-contact-hint = Ein Raum, eine Nummer oder eine Person in Ihrer Nähe. Wir rufen trotzdem nur die Nummer an, die Ihre Organisation von Ihnen hat.
recover-contact-missing = Sagen Sie in höchstens 120 Zeichen, wie wir Sie erreichen.
recover-colleague-label = Wer kann für Sie bürgen? (freiwillig)
recover-colleague-hint = Eine Kollegin, ein Kollege oder Ihre vorgesetzte Person.
recover-colleague-long = Nennen Sie die Person in höchstens 120 Zeichen.
recover-reason = Was ist geschehen?
recover-reason-missing = Wählen Sie, was geschehen ist.
recover-send = Anfrage senden
recover-sent-heading = Ihre Anfrage ist unterwegs
recover-sent = Falls es das Konto gibt, wurde Ihre IT-Ansprechperson benachrichtigt. Weitere Anfragen dafür ändern innerhalb einer Stunde nichts.
recover-sent-reference = Referenz { $reference }
recover-sent-warning = Geben Sie diese Nummer niemandem, der Sie anruft. Niemand aus der IT braucht sie, um Sie zu erkennen.
recover-sent-again = Ihre Anfrage wurde nicht soeben gesendet. Bitten Sie nochmals darum, wenn Sie einen Pass brauchen.

secure-heading = Konto sichern
secure-lead = Willkommen zurück. Machen Sie zuerst das verlorene Gerät unbrauchbar.
secure-lead-full = Schalten Sie aus, was weg ist, und melden Sie sich ab, wo Sie nicht sind.
secure-passkeys = Welche Passkeys sind weg?
secure-passkeys-none = Sie haben keinen eingeschalteten Passkey.
secure-passkeys-hint = Sie werden sofort ausgeschaltet: Niemand kann sich mehr damit anmelden. Endgültig entfernen Sie sie, sobald Sie einen neuen haben.
secure-backed-up = gesichert
secure-last-used = zuletzt verwendet { $at }
secure-never-used = nie verwendet
secure-off = ausgeschaltet
secure-backup-warning = Ein gesicherter Passkey kann auf einem neuen Telefon mit demselben Google- oder Apple-Konto zurückkommen. Wenn jemand dieses Konto kennen könnte, schalten Sie den Passkey hier aus und ändern Sie das Passwort jenes Kontos.
secure-only = Das ist Ihr einziger Passkey. Sie können ihn jetzt ausschalten und danach einen neuen erstellen.
secure-sessions = Wo möchten Sie sich abmelden?
secure-sessions-none = Sie sind nirgends sonst angemeldet.
secure-session = { $count ->
    [one] { $device }, von { $address }
   *[other] { $device }, von { $address } ({ $count } Sitzungen)
}
secure-then = Danach
secure-then-create = Neuen Passkey erstellen
secure-then-history = Letzte Anmeldungen ansehen
secure-do = Jetzt ausführen
secure-nothing-lost = Nichts ist verloren, weiter
secure-nothing-chosen = Wählen Sie, was weg ist, oder fahren Sie fort, ohne etwas zu ändern.
secure-last-method = Es wurde nichts geändert: Sie hätten keinen Passkey mehr, um sich anzumelden. Fügen Sie zuerst einen anderen hinzu.
secure-link = Gerät verloren? Sichern Sie zuerst Ihr Konto
secure-remove = Endgültig entfernen: { $name }
secure-remove-hint = Ausgeschaltete Passkeys können Sie jetzt entfernen, da Sie einen neuen haben.
secure-stolen = Wurde es gestohlen, oder kennen Sie etwas davon nicht? Melden Sie es auch Ihrer IT-Ansprechperson.
flash-secured = { $passkeys ->
    [0] Es wurde kein Passkey ausgeschaltet.
    [one] 1 Passkey wurde ausgeschaltet.
   *[other] { $passkeys } Passkeys wurden ausgeschaltet.
}
flash-secured-more = { $sessions ->
    [0] Es wurde keine Sitzung beendet.
    [one] 1 Sitzung wurde beendet.
   *[other] { $sessions } Sitzungen wurden beendet.
}{ $gone ->
    [0] {""}
    [one] {" "}1 gewählter Eintrag war schon weg.
   *[other] {" "}{ $gone } gewählte Einträge waren schon weg.
}
