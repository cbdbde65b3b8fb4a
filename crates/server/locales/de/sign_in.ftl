# SI-1 bis SI-3, Hilfe, abgemeldet.
sign-in-heading = Anmelden
sign-in-to = um mit { $application } fortzufahren
sign-in = Anmelden
identifier-label = E-Mail oder Benutzername
identifier-empty = Geben Sie Ihre E-Mail oder Ihren Benutzernamen ein.
identifier-malformed = Das ist zu lang für eine E-Mail oder einen Benutzernamen oder enthält Zeichen, die man nicht tippen kann. Prüfen Sie es.
sign-in-with-passkey = Mit einem Passkey anmelden
have-pass = Ich habe einen befristeten Zugangspass
cannot-sign-in = Anmeldung klappt nicht?
continue-as = Als { $name } fortfahren
continue-as-label = Fortfahren als
welcome-back = Willkommen zurück
another-account = oder ein anderes Konto verwenden
forget-account = { $name } auf diesem Gerät vergessen
another-way = Anderen Weg versuchen
other-ways-show = Die anderen Wege zeigen
session-end-timed-out = Sie wurden abgemeldet, weil eine Weile nichts geschah.
session-end-over = Sie wurden abgemeldet, weil diese Sitzung zu Ende ist: Sie dauerte zu lange, oder sie wurde von einem anderen Gerät oder von Ihrer Organisation beendet.
session-end-pass-ended = Sie wurden abgemeldet, weil Ihr befristeter Zugangspass abgelaufen ist. Was Sie fertiggestellt haben, bleibt erhalten. Bitten Sie Ihre IT-Ansprechperson um einen neuen.
session-end-account-disabled = Sie wurden abgemeldet, weil dieses Konto ausgeschaltet wurde. Fragen Sie Ihre IT-Ansprechperson.

method-heading = Wählen Sie, wie Sie sich anmelden
method-passkey-hint = Mit Fingerabdruck, Gesicht, Bildschirmsperre oder einem Sicherheitsschlüssel.
method-pass-hint = Von Ihrer IT-Ansprechperson, für das erste Mal oder nach einem Verlust.

tap-heading = Geben Sie Ihren befristeten Zugangspass ein
tap-label = Befristeter Zugangspass
tap-hint = Sie haben diesen Pass von Ihrer IT-Ansprechperson. Großschreibung, Leerzeichen und Striche spielen keine Rolle.
tap-missing = Geben Sie Ihren befristeten Zugangspass ein.
tap-slip = In diesem Pass steckt ein Tippfehler. Prüfen Sie jedes Zeichen; das hat nicht als Versuch gezählt.
tap-wrong = Dieser Pass stimmt nicht. Prüfen Sie die Zeichen oder bitten Sie um einen neuen.
tap-wrong-left = { $count ->
    [one] Dieser Pass stimmt nicht. Prüfen Sie die Zeichen oder bitten Sie um einen neuen. Noch 1 Versuch.
   *[other] Dieser Pass stimmt nicht. Prüfen Sie die Zeichen oder bitten Sie um einen neuen. Noch { $count } Versuche.
}
tap-not-yet-valid = Dieser Pass gilt ab { $from }. Kommen Sie dann wieder.
tap-expired = Dieser Pass ist abgelaufen ({ $at }). Bitten Sie Ihre IT-Ansprechperson um einen neuen.
tap-used = Dieser Pass galt einmal und wurde schon verwendet ({ $at }). Waren Sie das nicht? Melden Sie es Ihrer IT-Ansprechperson. Sonst bitten Sie um einen neuen.
tap-revoked = Dieser Pass wurde zurückgezogen oder durch einen neueren ersetzt. Verwenden Sie den neueren oder fragen Sie Ihre IT-Ansprechperson.
tap-locked = Zur Sicherheit gilt dieser Pass nach zu vielen falschen Versuchen nicht mehr. Bitten Sie Ihre IT-Ansprechperson um einen neuen.
tap-not-allowed = Ihre Organisation nimmt für dieses Konto keinen befristeten Zugangspass an. Verwenden Sie einen Passkey oder fragen Sie Ihre IT-Ansprechperson.
tap-account-disabled = Dieses Konto ist ausgeschaltet. Fragen Sie Ihre IT-Ansprechperson.
no-pass = Ich habe keinen Pass

help-heading = Anmeldung klappt nicht?
help-lead = Das meiste ist in einer Minute gelöst. Diese Seite ist für alle gleich und schlägt nichts nach.
help-no-show = Mein Passkey wird nicht angezeigt
help-no-show-account = Melden Sie sich auf einem neuen Telefon oder Computer mit demselben Apple-, Google- oder Microsoft-Konto an wie vorher. Ihre Passkeys kommen damit zurück.
help-no-show-lock = Schalten Sie eine Bildschirmsperre ein: PIN, Fingerabdruck oder Gesicht. Passkeys brauchen sie.
help-no-show-private = Verlassen Sie das private Fenster und öffnen Sie die Seite im Browser, nicht in einer anderen App.
help-no-show-bluetooth = Ist Ihr Passkey auf dem Telefon, wählen Sie in der Abfrage das Telefon, schalten auf beiden Geräten Bluetooth ein und scannen den Code mit der Kamera des Telefons.
help-lost = Mein Gerät ist verloren oder gestohlen
help-lost-other = Verwenden Sie einen anderen Passkey oder einen Sicherheitsschlüssel, wenn Sie einen haben.
help-lost-computer = Verwenden Sie einen Computer, auf dem Sie einen Passkey gespeichert haben. Entfernen Sie danach den verlorenen in den Sicherheitsinfos.
help-lost-pass = Sonst bitten Sie Ihre IT-Ansprechperson um einen befristeten Zugangspass. Sagen Sie, dass das Gerät verloren ist, damit dessen Passkey ausgeschaltet werden kann.
help-first = Ich bin zum ersten Mal hier
help-first-text = Ihre IT-Ansprechperson gibt Ihnen einen befristeten Zugangspass. Geben Sie ihn einmal ein und erstellen Sie Ihren Passkey. Sie brauchen kein Passwort.
help-contact = Mit einem Menschen sprechen
help-contact-unset = Fragen Sie die IT-Ansprechperson Ihrer Organisation.
help-contact-warning = Niemand aus der IT fragt Sie je am Telefon nach einem Pass oder Code.
signed-out-heading = Sie sind abgemeldet
signed-out-text = Sie haben diesen Dienst auf diesem Gerät verlassen. Anwendungen, die Sie geöffnet haben, sind vielleicht noch offen.
signed-out-shared = An einem gemeinsamen Computer schließen Sie auch den Browser.
sign-in-again = Wieder anmelden
