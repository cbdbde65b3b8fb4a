# Die Zeilen von SEC-1 neben Passkeys, SEC-6, SEC-7, SI-7, SI-8 und das Bestätigen ohne Passkey.
row-not-set-up = Nicht eingerichtet
row-not-allowed = Ihre Organisation erlaubt das nicht mehr. Es lässt sich nicht verwenden.
row-add = Hinzufügen
turn-off = Ausschalten
password-row = Passwort
password-row-on = Ein, gewählt: { $since }
password-row-off = Ausgeschaltet: { $since }. Niemand kann sich damit anmelden.
codes-row = Authenticator-Codes
codes-row-on = Ein seit { $since }
codes-row-locked = Angehalten nach zu vielen falschen Codes
codes-anew = Neu einrichten
recovery-row = Wiederherstellungscodes
recovery-row-left = { $left ->
    [0] Keiner übrig. Erstellen Sie neue.
    [one] 1 von 10 übrig
   *[other] { $left } von 10 übrig
}
recovery-new = Neue Codes
restricted-window = Sie können bis { $ends } (noch { $left }) einen Passkey hinzufügen. Mehr erreicht diese Anmeldung nicht.
restricted-ends-five = Diese Anmeldung endet in 5 Minuten. Was Sie fertiggestellt haben, bleibt erhalten.
restricted-ends-one = Diese Anmeldung endet in 1 Minute. Was Sie fertiggestellt haben, bleibt erhalten.
restricted-ends-over = Diese Anmeldung ist zu Ende. Was Sie fertiggestellt haben, bleibt erhalten. Melden Sie sich wieder an, um weiterzumachen.

change-password-heading = Passwort ändern
set-password-heading = Passwort wählen
old-password-label = Jetziges Passwort
change-password-sessions = Wenn Sie es ändern, enden Sitzungen anderswo, die mit dem alten begonnen haben.
flash-password-changed = Ihr Passwort ist geändert. Das alte gilt nicht mehr.
flash-password-set = Ihr Passwort gilt ab jetzt.

codes-heading = Authenticator-Codes einrichten
codes-lead = Eine Authenticator-App auf Ihrem Telefon zeigt alle 30 Sekunden einen neuen Code. Er ist der zweite Schritt nach Ihrem Passwort.
codes-step-scan = Fügen Sie in der App ein Konto hinzu und scannen Sie dieses Bild.
codes-step-type = Geben Sie die sechs Ziffern ein, die die App zeigt.
codes-picture = Bild zum Scannen mit der Authenticator-App. Das Geheimnis steht darunter auch als Text.
codes-same-device = Die App ist auf diesem Gerät: öffnen
codes-secret = Oder tippen Sie dieses Geheimnis in die App:
codes-confirm = Einschalten
codes-wrong = Dieser Code stimmt nicht. Nichts wurde geändert. Prüfen Sie, ob die Uhr Ihres Telefons stimmt, und geben Sie den Code ein, den die App jetzt zeigt.
codes-remove-heading = Authenticator-Codes entfernen?
codes-remove-effect = Ihr Passwort allein meldet Sie dann nicht mehr an: Verwenden Sie einen Passkey oder als zweiten Schritt einen Wiederherstellungscode. Löschen Sie den Eintrag auch in der App.
codes-remove-last = Diese Codes sind der zweite Schritt Ihres einzigen Wegs, sich anzumelden; sie bleiben. Fügen Sie zuerst einen anderen Weg hinzu.
flash-codes-added = Authenticator-Codes sind eingeschaltet. Ab jetzt folgt einer auf Ihr Passwort.
flash-codes-removed = Authenticator-Codes wurden entfernt. Löschen Sie den Eintrag auch in der App.

recovery-codes-heading = Wiederherstellungscodes
recovery-codes-text = Zehn Codes, die Sie je einmal einlassen, wenn Sie Ihre Geräte verlieren. Ein Code allein reicht nur dazu, Ihr Konto zu sichern und einen neuen Passkey zu erstellen.
recovery-codes-keep = Drucken Sie sie aus oder speichern Sie sie dort, wo nur Sie hinkommen. Nicht auf dem Gerät, das Sie verlieren könnten.
recovery-codes-replace = { $left ->
    [one] Sie haben noch 1 Code. Er gilt nicht mehr, sobald Sie neue erstellen.
   *[other] Sie haben noch { $left } Codes. Sie gelten nicht mehr, sobald Sie neue erstellen.
}
recovery-codes-make = Zehn neue Codes erstellen
recovery-made-heading = Ihre Wiederherstellungscodes
recovery-made-once = Diese Codes werden nur dieses eine Mal gezeigt. Drucken oder speichern Sie sie jetzt.
recovery-made-for = Für { $login } bei { $organisation }.
recovery-made-use = Jeder Code gilt einmal: Wählen Sie auf der Anmeldeseite „Einen Wiederherstellungscode verwenden“. Niemand von der IT wird Sie je nach einem fragen.
recovery-made-kept = Ich habe diese Codes ausgedruckt oder gespeichert
recovery-made-done = Fertig
flash-recovery-kept = Ihre Wiederherstellungscodes sind bereit. Frühere Codes gelten nicht mehr.
flash-recovery-unsure = Sie sind gegangen, bevor Sie bestätigt haben, dass Sie Ihre neuen Wiederherstellungscodes behalten. Wenn Sie sie nicht gedruckt oder gespeichert haben, erstellen Sie neue.
print = Drucken
copy = Kopieren
copied = Kopiert.
download = Herunterladen
recovery-file-title = Wiederherstellungscodes von { $login } bei { $organisation }
recovery-file-use = Jeder gilt einmal. Niemand von der IT wird Sie je nach einem fragen.

interrupt-heading = Ihre Organisation bittet Sie, einen Passkey hinzuzufügen
interrupt-lead = Es dauert eine Minute, und die nächste Anmeldung geht schneller. Sie können es ein paar Tage aufschieben.
interrupt-last-day = Es dauert eine Minute. Heute ist der letzte Tag, an dem Sie es aufschieben können.
interrupt-required = Es dauert eine Minute. Es lässt sich nicht länger aufschieben.
interrupt-restricted = Ihr Passwort allein erreicht hier nichts anderes. Mit einem Passkey melden Sie sich ganz an.
interrupt-postpone = { $days ->
    [one] Nicht jetzt – noch 1 Tag
   *[other] Nicht jetzt – noch { $days } Tage
}
interrupt-cannot = Dieses Gerät kann das nicht?
interrupt-cannot-text = Machen Sie trotzdem weiter: Die nächste Seite bietet auch Ihr Telefon oder einen Sicherheitsschlüssel an und sagt, was diesem Gerät fehlt.
offer-heading = Nächstes Mal schneller anmelden
offer-lead = Erstellen Sie auf diesem Gerät einen Passkey und melden Sie sich ohne Passwort an.
offer-elsewhere = Sie haben einen Passkey, aber nicht auf diesem Gerät. Richten Sie auch hier einen ein und melden Sie sich ohne Passwort an.
offer-text = Sie entsperren ihn mit Ihrem Fingerabdruck, Ihrem Gesicht oder der PIN Ihrer Bildschirmsperre.
offer-never = Auf diesem Gerät nicht mehr fragen
flash-silent-passkey = Ein Passkey wurde in { $provider } gespeichert.
flash-silent-passkey-device = Ein Passkey wurde auf diesem Gerät gespeichert.
see-it = Ansehen
undo = Rückgängig machen

confirm-change-password = Bestätigen Sie, bevor Sie ein Passwort wählen. Noch ist nichts geändert.
confirm-turn-off-password = Verwenden Sie einen Ihrer Passkeys, bevor Sie Ihr Passwort ausschalten. Noch ist nichts geändert.
confirm-add-codes = Bestätigen Sie, bevor Sie Authenticator-Codes einrichten. Noch ist nichts geändert.
confirm-remove-codes = Bestätigen Sie, bevor Sie Authenticator-Codes entfernen. Noch ist nichts geändert.
confirm-recovery-codes = Bestätigen Sie, bevor Sie neue Wiederherstellungscodes erstellen. Noch ist nichts geändert.
confirm-by-password = Passwort und Code verwenden
confirm-now = Bestätigen
confirm-done = Bestätigt. Machen Sie weiter, wo Sie waren.
confirm-wrong = Passwort oder Code stimmt nicht. Nichts wurde geändert. Geben Sie beides noch einmal ein, mit dem Code, den die App jetzt zeigt.
confirm-code-used = Dieser Code wurde schon verwendet. Nichts wurde geändert. Warten Sie, bis die App den nächsten zeigt.
confirm-incomplete = Geben Sie Ihr Passwort und den Code Ihrer Authenticator-App ein.
confirm-no-way = Dieses Konto hat nichts zum Bestätigen: keinen Passkey und kein Passwort mit Authenticator-Codes. Bitten Sie Ihre IT-Ansprechperson um einen befristeten Zugangspass.
