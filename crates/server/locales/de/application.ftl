# OC-0 bis OC-4, OC-6 und OC-7: was eine Anwendung mitbringt, die wartet.
application-ours = von Ihrer Organisation hinzugefügt
application-choose = Konto auswählen
application-other-meant = Sie sind als { $login } angemeldet, und die Anwendung meint ein anderes Konto.
application-other-account = Anderes Konto verwenden
application-cancel = Abbrechen und zurück zu { $application }

application-consent = { $application } möchte Ihr Konto verwenden
application-as = Als
application-switch = Wechseln
application-unverified = Ihre Organisation kennt diese Anwendung nicht: Sie hat sich selbst registriert. Fahren Sie nur fort, wenn Sie wissen, wem diese Adresse gehört:
application-more = Einen Teil haben Sie dieser Anwendung bereits erlaubt. Das ist neu:
application-sees = Sie sieht
application-does = Sie kann außerdem
application-new-sees = Neu: Sie sieht
application-new-does = Neu: Sie kann außerdem
application-known = Was Sie bereits erlaubt haben
application-scope-openid = dass Sie es sind, anhand einer Nummer, die für Ihr Konto steht
application-scope-profile = Ihren Namen, Ihren Anmeldenamen und Ihre Sprache
application-scope-email = Ihre E-Mail-Adresse
application-scope-groups = die Namen Ihrer Gruppen
application-scope-groups-named = Ihre Gruppen: { $groups }
application-scope-offline = verbunden bleiben, wenn Sie nicht da sind
application-scope-other = verwenden, was sie { $scope } nennt
application-allow = Erlauben
application-deny = Nicht erlauben
application-take-back = Sie können das jederzeit unter Apps mit Zugriff zurücknehmen.

application-stronger = { $application } verlangt eine stärkere Anmeldung
application-stronger-text = Bestätigen Sie mit einem Passkey. Ein Passwort oder Codes genügen hier nicht.
application-again = { $application } bittet Sie zu bestätigen, dass Sie es sind
application-old-text = Ihre letzte Anmeldung liegt für diese Anwendung zu lange zurück.
application-again-text = Diese Anwendung möchte, dass Sie sich jedes Mal anmelden, auch wenn Sie schon angemeldet sind.
application-skip = Ohne fortfahren

application-passkey-first = Fügen Sie zuerst einen Passkey hinzu
application-key-first = Fügen Sie zuerst einen Sicherheitsschlüssel hinzu
application-needs-passkey = { $application } öffnet sich nur mit einem Passkey, und Sie haben noch keinen.
application-needs-other = { $application } nimmt keinen der Passkeys, die Sie haben. Fügen Sie einen anderen hinzu.
application-needs-key = { $application } öffnet sich nur mit einem Sicherheitsschlüssel, dessen Hersteller Ihre Organisation prüfen kann.
application-returns = Das dauert etwa eine Minute. Danach kommen Sie zurück und fahren mit { $application } fort.
application-needs-pass = Die Art, wie Sie sich angemeldet haben, genügt nicht, um einen hinzuzufügen. Bitten Sie Ihre IT-Ansprechperson um einen befristeten Zugangspass.

application-not-yours = Sie haben keinen Zugang zu { $application }
application-not-yours-text = Ihre Organisation öffnet diese Anwendung für bestimmte Gruppen, und Sie sind in keiner davon. Wenn Sie sie brauchen, fragen Sie Ihre IT-Ansprechperson.

application-stopped = Wir können Sie nicht zu dieser Anwendung führen
application-stopped-named = Wir können Sie nicht zu { $application } führen
application-unknown = Niemand kennt hier die Anwendung, die Sie geschickt hat. Wir haben Sie nicht zurückgeführt, weil wir nicht wissen, wohin das wäre.
application-disabled = Ihre Organisation hat diese Anwendung ausgeschaltet. Wenn Sie sie brauchen, fragen Sie Ihre IT-Ansprechperson.
application-address = Die Anwendung möchte die Antwort an einer Adresse, die für sie nicht registriert ist. Wir haben Sie nicht dorthin geführt: Sie könnte jemand anderem gehören.
application-request = Die Anwendung hat auf eine Weise gefragt, die wir nicht verstehen. Gehen Sie zu ihr zurück und versuchen Sie es noch einmal. Wenn es wieder geschieht, sagen Sie es denen, die sie betreiben.
application-home = Zur Startseite
application-developers = Einzelheiten für Entwickler
application-developers-text = Der Fehler in den Begriffen von OAuth 2, und was genau abgelehnt wurde. Das Protokoll des Servers hat unter der Referenz mehr.
application-over = Diese Anfrage ist vorbei
application-over-text = Sie war zu lange offen, oder Sie haben sie schon beantwortet. Gehen Sie zur Anwendung zurück und beginnen Sie dort neu.

application-back = Zurück zu { $application }
application-back-nameless = Zurück zur Anwendung
application-back-text = Sie werden zurückgeführt.
application-back-noscript = In diesem Browser sind Skripte ausgeschaltet, deshalb fahren Sie selbst fort.
session-end-again = Diese Anwendung möchte, dass Sie sich noch einmal anmelden.
