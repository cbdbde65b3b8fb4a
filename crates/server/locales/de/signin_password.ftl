# SI-2 (die neueren Einträge), SI-4, SI-4b, SI-5 und ein Wiederherstellungscode allein.
have-password = Mein Passwort verwenden
method-password-hint = Mit einem Code Ihrer Authenticator-App als zweitem Schritt.
have-recovery-code = Einen Wiederherstellungscode verwenden
method-recovery-hint = Einer der zehn, die Sie beim Einrichten gedruckt oder gespeichert haben.

password-heading = Geben Sie Ihr Passwort ein
password-label = Passwort
password-forgot = Passwort vergessen?
password-missing = Geben Sie Ihr Passwort ein.
password-wrong = Dieser Benutzername und dieses Passwort gehören nicht zusammen. Sie wurden nicht angemeldet. Prüfen Sie beides oder versuchen Sie einen anderen Weg.
password-wrong-left = { $count ->
    [one] Dieser Benutzername und dieses Passwort gehören nicht zusammen. Sie wurden nicht angemeldet. Prüfen Sie beides oder versuchen Sie einen anderen Weg. Noch 1 Versuch.
   *[other] Dieser Benutzername und dieses Passwort gehören nicht zusammen. Sie wurden nicht angemeldet. Prüfen Sie beides oder versuchen Sie einen anderen Weg. Noch { $count } Versuche.
}
password-off = Das Passwort dieses Kontos ist ausgeschaltet. Sie wurden nicht angemeldet. Verwenden Sie Ihren Passkey.
password-use-passkey = Dieses Konto hat einen Passkey und meldet sich damit an. Sie wurden nicht angemeldet. Verwenden Sie Ihren Passkey.
password-nothing-second = Ihr Passwort allein meldet Sie nicht an, und dieses Konto hat noch keinen zweiten Schritt. Bitten Sie Ihre IT-Ansprechperson um einen befristeten Zugangspass.
show-password = Passwort anzeigen
caps-lock = Die Feststelltaste ist gedrückt.

new-password-heading = Wählen Sie ein neues Passwort
new-password-lead = Ihr Passwort stimmt, muss aber geändert werden, bevor es weitergeht. Sie sind noch nicht angemeldet.
new-password-label = Neues Passwort
new-password-rules = { $shortest ->
   *[other] Mindestens { $shortest } Zeichen. Am besten ein paar Wörter, die nur Sie so zusammenstellen; Sonderzeichen sind nicht nötig.
}
new-password-save = Neues Passwort speichern
new-password-too-short = { $shortest ->
   *[other] Dieses Passwort ist zu kurz; nichts wurde geändert. Verwenden Sie mindestens { $shortest } Zeichen.
}
new-password-too-long = Dieses Passwort ist zu lang; nichts wurde geändert. Verwenden Sie ein kürzeres.
new-password-breached = Dieses Passwort steht in einer Liste gestohlener Passwörter: Andere würden es zuerst probieren. Nichts wurde geändert. Wählen Sie ein anderes.
new-password-same = Das ist Ihr jetziges Passwort. Nichts wurde geändert. Wählen Sie ein anderes.
new-password-contains-login = Dieses Passwort enthält Ihren Benutzernamen: Andere würden es zuerst probieren. Nichts wurde geändert. Wählen Sie ein anderes.
old-password-wrong = Ihr jetziges Passwort stimmt nicht. Nichts wurde geändert. Geben Sie es noch einmal ein.

step-heading = Geben Sie Ihren Code ein
code-label = Code Ihrer Authenticator-App
code-hint = Öffnen Sie die App auf Ihrem Telefon und geben Sie die sechs Ziffern ein, die sie für dieses Konto zeigt.
code-missing = Geben Sie die sechs Ziffern ein.
code-slip = Das ist kein Code: Er hat sechs Ziffern. Das hat nicht als Versuch gezählt.
code-wrong = Dieser Code stimmt nicht. Sie wurden nicht angemeldet. Prüfen Sie, ob die Uhr Ihres Telefons stimmt, und geben Sie den Code ein, den die App jetzt zeigt.
code-wrong-left = { $count ->
    [one] Dieser Code stimmt nicht. Sie wurden nicht angemeldet. Prüfen Sie, ob die Uhr Ihres Telefons stimmt, und geben Sie den Code ein, den die App jetzt zeigt. Noch 1 Versuch.
   *[other] Dieser Code stimmt nicht. Sie wurden nicht angemeldet. Prüfen Sie, ob die Uhr Ihres Telefons stimmt, und geben Sie den Code ein, den die App jetzt zeigt. Noch { $count } Versuche.
}
code-used = Dieser Code wurde schon verwendet. Sie wurden nicht angemeldet. Warten Sie, bis die App den nächsten zeigt.
step-use-recovery = Stattdessen einen Wiederherstellungscode verwenden
step-use-code = Stattdessen die Authenticator-App verwenden

recovery-heading = Geben Sie einen Wiederherstellungscode ein
recovery-label = Wiederherstellungscode
recovery-lead = Damit sichern Sie Ihr Konto und erstellen einen neuen Passkey. Jeder Code gilt einmal.
recovery-hint = Gross und klein, Leerzeichen und Striche spielen keine Rolle.
recovery-missing = Geben Sie einen Wiederherstellungscode ein.
recovery-slip = In diesem Wiederherstellungscode steckt ein Tippfehler. Prüfen Sie jedes Zeichen; das hat nicht als Versuch gezählt.
recovery-wrong = Dieser Benutzername und dieser Wiederherstellungscode gehören nicht zusammen. Sie wurden nicht angemeldet. Prüfen Sie beides oder versuchen Sie einen anderen Weg.
recovery-wrong-left = { $count ->
    [one] Dieser Benutzername und dieser Wiederherstellungscode gehören nicht zusammen. Sie wurden nicht angemeldet. Prüfen Sie beides oder versuchen Sie einen anderen Weg. Noch 1 Versuch.
   *[other] Dieser Benutzername und dieser Wiederherstellungscode gehören nicht zusammen. Sie wurden nicht angemeldet. Prüfen Sie beides oder versuchen Sie einen anderen Weg. Noch { $count } Versuche.
}
recovery-used = Dieser Wiederherstellungscode wurde schon verwendet. Sie wurden nicht angemeldet. Verwenden Sie den nächsten.
