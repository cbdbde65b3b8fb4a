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
sign-in-login = Anmeldename:{ " " }
sign-in-pass = Befristeter Zugangspass, oder [Enter] für Ihr Passwort:{ " " }
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
approve-set-pin = Ein Programm will eine PIN festlegen. Wer sie kennt, kann diesen Tresor von da an über Programme verwenden.
approve-may-create = Es darf dort einen Passkey erstellen, auch anstelle dessen, den Sie haben.
approve-may-manage = Es darf Passkeys auflisten, umbenennen und löschen.
approve-may-configure = Es darf die Einstellungen dieses Tresors ändern: wie lang PINs sein müssen und ob Sie immer geprüft werden.
approve-via-key = Verlangt von einem Programm auf diesem Computer.
approve-via-device = EIN ANDERES GERÄT verlangt das, über den Code, den Sie eingelesen haben.
approve-via-linked = EIN ANDERES GERÄT verlangt das, ohne Code: das, welches Sie «{ $device }» nennen.
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

# Anmelden an einem anderen Gerät
scan-advertising = Warte auf das andere Gerät. Sein Bluetooth muss an sein, und es muss in der Nähe sein.
scan-connected = Das andere Gerät ist da.
scan-answered = Es hat seine Antwort.
scan-done = Fertig. Weiter geht es am anderen Gerät.

# Geräte, die ohne Code fragen dürfen
link-ask = Das andere Gerät will, dass Sie es sich merken: Es darf dann ein Jahr lang ohne Code wieder fragen. Bluetooth braucht es trotzdem, und Sie werden jedes Mal gefragt. Merken?
link-name = Name dafür, oder [Enter] für «{ $name }»:{ " " }
link-name-default = gerät-{ $number }
link-kept = Das andere Gerät ist gemerkt als «{ $name }»: «keyfob links» listet solche Geräte auf und vergisst sie.
link-not-kept = Das andere Gerät ist nicht gemerkt: Der Tresor konnte das nicht aufnehmen.
link-not-wanted = Das andere Gerät will nicht gemerkt werden.
links-empty = Kein Gerät darf ohne Code fragen.
links-since = Seit
links-until = Bis
links-removed = Vergessen: { $name }. Es braucht wieder einen Code.

sign-in-as = Anmelden als { $account }
sign-in-password = Passwort:{ " " }
key-pin = PIN des Sicherheitsschlüssels:{ " " }
key-touch = Bitte den Sicherheitsschlüssel berühren oder dort erlauben.
server-is = Dieser Server nennt sich «{ $name }».
not-created = Es wurde kein Passkey erstellt: { $why }.
resumed-deleted = Ein früherer Versuch bei { $server } für { $account } war abgebrochen: Der Server hat den Passkey nicht genommen, und hier ist er gelöscht.
resumed-never = Ein früherer Versuch bei { $server } für { $account } war abgebrochen, bevor der Passkey abgegeben war: Hier ist er gelöscht.
resumed-unknown = Ein früherer Versuch bei { $server } für { $account } war abgebrochen, und der Server sagt nicht, ob er den Passkey hat. Er bleibt; «keyfob list --refresh» fragt nach.
init-offer = Es gibt noch keinen Tresor. Einen anlegen unter { $vault }?
list-display = Voller Name
list-server = Server
refreshed = Die Server kennen alle Passkeys, die für sie erstellt wurden.

# Das Gesicht auf dem ganzen Terminal
face-keys = ↑↓ wählen · Enter Einzelheiten · a hinzufügen · r umbenennen · d entfernen · u Server fragen · ? Hilfe · q beenden
face-keys-busy = Esc bricht ab · q beendet
face-back = Esc zurück · r umbenennen · d entfernen · q beenden
face-serve = Anfragen erscheinen hier: keyfob serve läuft.
face-here = Browser finden diesen Tresor nicht: keyfob serve läuft nicht.
face-gone = keyfob serve ist zu Ende: Bitte das Gesicht neu starten.
face-small = Bitte das Terminal vergrössern, um dies zu lesen.
face-empty = Mit a erstellen Sie einen Passkey für den Anmeldeserver Ihrer Organisation.
face-help = Keyfob verwahrt Ihre Passkeys. «keyfob serve» macht daraus den Sicherheitsschlüssel dieses Computers; «keyfob scan» meldet auf einem anderen Gerät an.
face-help-keys = ↑ ↓ oder k j wählen, Enter zeigt alles zu einem Passkey, a fügt einen hinzu, r benennt um, d entfernt, u fragt die Server, welche sie noch kennen, q oder Strg-C beendet.
face-help-approve = Verlangt ein Programm einen Passkey, so steht hier, welche Site, welches Konto und was geschieht. [j] erlaubt es, [n] oder Esc lehnt ab. Eine Taste, die vor der Frage gedrückt war, bewirkt nichts.
face-add = Adresse des Anmeldeservers Ihrer Organisation, oder die Adresse im Code, den ein Computer zeigt:
face-add-how = Zum Beispiel id.example.com, oder https://id.example.com/a/e/…
face-add-code = Code, den Ihr Computer zeigt, etwa 4KD-92M; oder [Enter], um sich hier anzumelden:
face-rename = Neuer Name:
face-name = Ein Name hat 1 bis 60 Zeichen.
face-busy = Eines nach dem anderen: Esc bricht ab, was läuft.
face-working = In Arbeit …
face-enter = Mit [Enter] geht es weiter.
face-waiting = Warte darauf. Esc bricht ab.

# doctor
doctor-bad = { $count ->
    [one] Etwas ist nicht, wie es sein soll.
   *[other] { $count } Dinge sind nicht, wie sie sein sollen.
}
doctor-vault-good = Der Tresor { $vault } öffnet sich mit { $lock }, und nur Sie können ihn lesen.
doctor-vault-missing = Unter { $vault } ist kein Tresor: «keyfob init» legt einen an.
doctor-vault-unreadable = Der Tresor { $vault } ist nicht zu brauchen: { $why }.
doctor-vault-unattended = Der Tresor { $vault } erlaubt alles von selbst: nur für Tests.
doctor-vault-open = Andere auf diesem Computer dürfen { $vault } oder was daneben liegt lesen: «keyfob doctor --fix» schliesst es.
doctor-vault-closed = Andere auf diesem Computer durften { $vault } oder was daneben liegt lesen; jetzt nur noch Sie.
doctor-serve-good = «keyfob serve» läuft: Browser finden diesen Tresor als Sicherheitsschlüssel.
doctor-serve-missing = «keyfob serve» läuft nicht: Browser finden diesen Tresor nicht. «systemctl --user enable --now keyfob» startet es mit Ihrer Sitzung.
doctor-uhid-good = Dieser Computer nimmt virtuelle Sicherheitsschlüssel.
doctor-uhid-denied = Sie dürfen keinen virtuellen Sicherheitsschlüssel anlegen: Die Regel für /dev/uhid fehlt, oder Sie haben sich seither nicht neu angemeldet.
doctor-uhid-missing = Der Kernel hat keine virtuellen Geräte (/dev/uhid): «sudo modprobe uhid» lädt, was fehlt, ebenso «sudo keyfob doctor --fix».
doctor-uhid-loaded = Der Kernel nimmt jetzt virtuelle Sicherheitsschlüssel.
doctor-rule-good = Die Regel, nach der Sie einen virtuellen Sicherheitsschlüssel anlegen dürfen, ist da.
doctor-rule-missing = Die Regel, nach der Sie einen virtuellen Sicherheitsschlüssel anlegen dürfen, fehlt: Das Paket hat sie, oder «sudo keyfob doctor --fix» macht sie.
doctor-rule-made = Die Regel, nach der Sie einen virtuellen Sicherheitsschlüssel anlegen dürfen, ist jetzt da: { $file }.
doctor-bluetooth-good = Bluetooth ist an und kann sich melden: «keyfob scan» geht.
doctor-bluetooth-on = Bluetooth war aus und ist jetzt an.
doctor-bluetooth-off = Bluetooth ist aus: «keyfob scan» braucht es. «keyfob doctor --fix» schaltet es ein.
doctor-bluetooth-adapter = Dieser Computer hat kein Bluetooth: «keyfob scan» braucht es.
doctor-bluetooth-advertise = Das Bluetooth dieses Computers kann sich nicht melden: «keyfob scan» braucht das.
doctor-bluetooth-permission = Sie dürfen Bluetooth hier nicht benutzen: Bitten Sie um die Aufnahme in die Gruppe bluetooth.
doctor-bluetooth-missing = Der Bluetooth-Dienst antwortet nicht: bluez installieren und starten. «keyfob scan» braucht ihn.
doctor-keyring-good = Der Schlüsselbund Ihrer Arbeitsumgebung antwortet.
doctor-keyring-needed = Der Tresor öffnet sich mit dem Schlüsselbund, und keiner antwortet: gnome-keyring oder KWallet starten.
doctor-keyring-missing = Kein Schlüsselbund antwortet; dieser Tresor braucht keinen.
doctor-tpm-good = Das TPM dieses Rechners kann Tresore öffnen: „keyfob init --tpm“.
doctor-tpm-needed = Der Tresor öffnet sich mit dem TPM dieses Rechners, und das hilft nicht: { $why }.
doctor-tpm-missing = Hier kann kein TPM Tresore öffnen: { $why }. Dieser Tresor braucht keines.
doctor-notices-good = Ihre Arbeitsumgebung zeigt Mitteilungen: Sie fragt, wo kein Terminal fragt.
doctor-notices-missing = Ihre Arbeitsumgebung zeigt keine Mitteilungen: Erlauben Sie im Terminal mit «keyfob».
doctor-polkit-good = Ihre Arbeitsumgebung kann fragen, wer Sie sind.
doctor-polkit-missing = polkit antwortet nicht: Ihre Arbeitsumgebung kann nicht fragen, wer Sie sind.
doctor-polkit-policy = polkit kennt Keyfob nicht: Das Paket hat die Datei org.keyfob.policy.
doctor-finger-good = Ihr Fingerabdruck ist bekannt.
doctor-finger-none = Ein Fingerabdruckleser ist da, aber keiner Ihrer Finger ist bekannt: «fprintd-enroll» ändert das.
doctor-finger-reader = Es ist kein Fingerabdruckleser da.
doctor-finger-missing = fprintd ist nicht installiert: Nach Fingerabdrücken kann nicht gefragt werden.
doctor-screen-good = «keyfob scan --screen» nimmt den Bildschirm mit { $program } auf.
doctor-screen-missing = Weder grim noch maim noch import ist installiert: «keyfob scan --screen» braucht eines davon.
doctor-camera-good = Eine Kamera ist da, und ffmpeg, um sie zu lesen.
doctor-camera-missing = Es ist keine Kamera da.
doctor-camera-program = Eine Kamera ist da, aber kein ffmpeg, um sie zu lesen: «keyfob scan --camera» braucht es.
doctor-clock-good = Ihre Uhr wird übers Netz gestellt.
doctor-clock-unset = Ihre Uhr wird nicht übers Netz gestellt: Geht sie mehr als eine Minute falsch, werden Codes abgelehnt.
doctor-clock-unknown = Ob Ihre Uhr stimmt, ist hier nicht zu erfahren.
doctor-clock-never = Ihre Uhr wurde nie gestellt: Zertifikate und Codes werden abgelehnt.
doctor-server-good = { $server } antwortet und nennt sich «{ $name }».
doctor-server-bad = { $server }: { $why }.
doctor-server-other = { $server } sagt, seine Adresse sei { $origin }: Nehmen Sie diese.
doctor-server-clock-good = Ihre Uhr und die von { $server } stimmen überein.
doctor-server-clock = Ihre Uhr und die von { $server } gehen { $seconds } Sekunden auseinander: Codes werden abgelehnt.
doctor-relay-none = { $server } betreibt keinen eigenen Tunneldienst; «keyfob scan» nimmt den, den das andere Gerät nennt.
doctor-relay-good = Der Tunneldienst { $relay } antwortet.
doctor-relay-name = Der Server nennt einen Tunneldienst, der kein Rechner ist: { $relay }.
doctor-relay-bad = Der Tunneldienst { $relay } antwortet nicht: { $why }.
