# Was Keyfob zu Menschen sagt.

yes-keys = j
no-keys = n
question = { $text } [{ $yes }/{ $no }]{ " " }

errand-title = Passkey erstellen bei { $server }
errand-account = Konto      { $account }
errand-started = Begonnen   { $at } auf { $browser }, { $address }
errand-warning = Fahren Sie nur fort, wenn Sie das selbst an Ihrem Computer begonnen haben. Solche Codes verschickt niemand per E-Mail.
errand-choose = [w]eiter, [n]icht ich: Ich habe das nicht begonnen, oder [b]eenden?{ " " }
errand-choose-keys = wnb
sign-in-title = Anmelden bei { $server } als { $account }
sign-in-login = Anmeldename:{ " " }
sign-in-pass = Befristeter Zugangspass, oder [Enter] für Ihr Passwort:{ " " }
sign-in-password = Passwort:{ " " }
sign-in-wrong = Das war nicht richtig.
sign-in-wrong-left = { $left ->
    [one] Das war nicht richtig. Noch ein Versuch.
   *[other] Das war nicht richtig. Noch { $left } Versuche.
}
sign-in-code = Sechs Ziffern Ihrer Authenticator-App:{ " " }
sign-in-recovery = Wiederherstellungscode:{ " " }
number = Tippen Sie diese Zahl an Ihrem Computer ein:  { $number }
number-waiting = Wir warten darauf. Strg-C bricht ab.
creating = Der Passkey entsteht hier, in Ihrem Tresor.
handing-in = Er wird übergeben …
handing-in-again = Die Antwort ging verloren. Noch einmal …
created = Gespeichert: «{ $name }» für { $account } bei { $server }. Ihr Computer zeigt es auch an.
created-alone = Gespeichert: «{ $name }» für { $account } bei { $server }.

approve-register = { $site } will einen Passkey für { $account } erstellen.
approve-register-named = { $site } (nennt sich selbst «{ $name }») will einen Passkey für { $account } erstellen.
approve-replaces = Er ersetzt den Passkey, den Sie dort haben.
approve-sign-in = Bei { $site } als { $account } anmelden?
approve-sign-in-many = Bei { $site } anmelden. Mit welchem Konto?
approve-known = { $site } fragt nach einem Passkey dieses Tresors. Hier ist schon einer dafür.
approve-none = { $site } fragt nach einem Passkey dieses Tresors. Hier ist keiner dafür.
approve-select = Ein Programm fragt, ob Sie diesen Sicherheitsschlüssel meinen.
approve-reset = Ein Programm will JEDEN Passkey dieses Tresors löschen. Das lässt sich nicht rückgängig machen.
approve-reset-word = löschen
approve-reset-type = Tippen Sie «{ $word }», um alle zu löschen:{ " " }
approve-verify = Ein Programm will einige Minuten lang mit diesem Tresor handeln.
approve-verify-site = Ein Programm will einige Minuten lang mit diesem Tresor handeln, bei { $site }.
approve-may-manage = Es darf Passkeys auflisten, umbenennen und löschen.
approve-may-configure = Es darf die Einstellungen dieses Tresors ändern: wie lang PINs sein müssen und ob Sie immer geprüft werden.
approve-via-key = Verlangt von einem Programm auf diesem Computer.
approve-via-device = EIN ANDERES GERÄT verlangt das, über den Code, den Sie eingelesen haben.
approve-via-server = Verlangt von diesem Befehl, für { $server }.
approve-ask = Zustimmen?
approve-account = Nummer des Kontos, oder [Enter] für keines:{ " " }
withdrawn = Die andere Seite hat aufgegeben.
verify-passphrase = Passphrase des Tresors:{ " " }
verify-wrong = Das ist nicht die Passphrase.
verify-desktop = Ihr Desktop fragt, wer Sie sind.
passphrase-ask = Passphrase von { $vault }:{ " " }
passphrase-new = Passphrase für den neuen Tresor:{ " " }
passphrase-export = Passphrase für den Export:{ " " }
passphrase-import = Passphrase des Exports:{ " " }
passphrase-changed = Neue Passphrase:{ " " }
passphrase-again = Dieselbe noch einmal:{ " " }

notice-title = Keyfob
notice-approve = Zustimmen
notice-refuse = Ablehnen

list-empty = Der Tresor enthält keine Passkeys.
list-site = Site
list-account = Konto
list-name = Name
list-created = Erstellt
list-used = Zuletzt benutzt
list-id = Id
never = nie
renamed = Heisst jetzt «{ $name }».
removed = Entfernt: { $account } bei { $site }.
removed-server = Hier und beim Server entfernt: { $account } bei { $site }.
remove-ask = Den Passkey von { $account } bei { $site } entfernen? Wer dort keinen anderen Weg hat, ist ausgesperrt.
remove-only-here = { $site } bietet diesen Passkey vielleicht weiter an: Entfernen Sie ihn auch in Ihrem Konto dort.
gone-there = { $site } kennt diesen Passkey von { $account } nicht mehr; er ist auch hier entfernt.

face-title = Keyfob
face-keys = ↑↓ wählen   Enter Einzelheiten   r umbenennen   d entfernen   a hinzufügen   ? Hilfe   q Ende
face-serve = Ein laufendes keyfob serve hält den Tresor: Anfragen erscheinen hier.
face-here = Es läuft kein keyfob serve: Browser finden diesen Tresor zurzeit nicht.
face-back = Esc zurück
face-approve = j zustimmen   n ablehnen
face-small = Bitte das Terminal vergrössern.
face-help = Keyfob verwahrt Ihre Passkeys. «keyfob serve» macht daraus den Sicherheitsschlüssel dieses Computers; «keyfob scan» meldet auf einem anderen Gerät an.
face-add = Adresse des Anmeldeservers Ihrer Organisation:
face-rename = Neuer Name:
face-remove = Entfernen? j entfernt, n behält.

# Anmelden an einem anderen Gerät
scan-advertising = Warte auf das andere Gerät. Sein Bluetooth muss an sein, und es muss in der Nähe sein.
scan-connected = Das andere Gerät ist da.
scan-answered = Es hat seine Antwort.
scan-done = Fertig. Weiter geht es am anderen Gerät.
