# W-1, W-5a, W-5d, W-6, W-8, W-9, W-10.
stepper-label = Schritte
stepper-now = Schritt { $step } von { $steps }
step-choose = Wählen
step-create = Erstellen
step-name = Benennen
step-try = Ausprobieren
step-done = (erledigt)
choose-heading = Anmeldemethode hinzufügen
choose-missing = Wählen Sie, wo der Passkey gespeichert werden soll.
choice-this-computer = Passkey auf diesem Computer
choice-this-computer-hint = Mit Fingerabdruck, Gesicht oder der PIN Ihrer Bildschirmsperre. Gespeichert im Passwortmanager dieses Computers.
choice-security-key = Sicherheitsschlüssel
choice-security-key-hint = Ein kleiner Schlüssel für USB oder NFC, den Sie bei sich tragen. Funktioniert an vielen Computern und Telefonen.
choice-have = { $count ->
    [one] Sie haben 1.
   *[other] Sie haben { $count }.
}
choice-not-allowed = Von Ihrer Organisation ausgeschaltet.
choice-no-platform = Dieser Computer hat keine Bildschirmsperre oder kann keine Passkeys speichern. Verwenden Sie einen Sicherheitsschlüssel.
nothing-allowed = Ihre Organisation hat keine Methode eingeschaltet, die Sie verwenden können. Melden Sie es Ihrer IT-Ansprechperson: Referenz { $reference }.
create-heading-this-computer = Einen Passkey auf diesem Computer erstellen
create-heading-security-key = Einen Passkey auf Ihrem Sicherheitsschlüssel erstellen
create-computer-text = Ihr Computer fragt nach Fingerabdruck, Gesicht oder der PIN Ihrer Bildschirmsperre.
create-computer-saved = Er speichert den Passkey in seinem Passwortmanager. Nichts von Fingerabdruck oder Gesicht kommt zu uns.
create-computer-other = Die Abfrage bietet etwas anderes an
create-computer-other-text = Browser sind verschieden. Bietet Ihrer mehrere Orte an, wählen Sie diesen Computer oder Ihren Passwortmanager. Wie Sie auch wählen: Wir sagen Ihnen danach, wo der Passkey ist.
create-key-insert = Stecken Sie Ihren Sicherheitsschlüssel in den USB-Anschluss oder halten Sie ihn für NFC bereit.
create-key-press = Drücken Sie die Schaltfläche unten und folgen Sie der Abfrage. Wählen Sie „Sicherheitsschlüssel“, wenn sie fragt.
create-key-pin = Geben Sie die PIN des Schlüssels ein oder legen Sie eine fest, und berühren Sie den Schlüssel, wenn er blinkt.
create-key-trouble = Es funktioniert nicht
create-key-trouble-text = Auf iPhone oder iPad braucht der Schlüssel vorher eine PIN: Legen Sie sie zuerst an einem Computer fest. Ist der Schlüssel voll, muss ein alter Passkey gelöscht werden. Sehr alte Schlüssel, die nur U2F können, speichern keine Passkeys.
create-passkey = Passkey erstellen
name-heading = Geben Sie Ihrem Passkey einen Namen
name-created = Ihr Passkey ist erstellt und einsatzbereit.
try-heading = Probieren Sie ihn einmal aus
try-created = Ihr Passkey { $name } ist gespeichert. Sehen wir, ob er funktioniert.
try-named-lead = Sehen wir, ob { $name } funktioniert.
try-text = Ihr Gerät fragt Sie noch einmal, so wie es bei der Anmeldung fragen wird.
try-now = Jetzt ausprobieren
try-again = Erneut versuchen
skip = Überspringen
backup-heading = Fügen Sie einen zweiten Passkey hinzu
backup-lead = Geht Ihr einziger Passkey verloren, brauchen Sie Ihre IT-Ansprechperson, um wieder hineinzukommen. Ein zweiter an einem anderen Ort erspart Ihnen das.
backup-required = Ihre Organisation verlangt zwei Passkeys.
done-heading = Ihr Passkey ist bereit
done-text = Von jetzt an können Sie sich mit { $name } anmelden.
done-not-tried = Sie haben ihn noch nicht ausprobiert. Das können Sie jederzeit in den Sicherheitsinfos tun.
