# W-2, W-3, W-4, W-5b, W-5c: ein Passkey auf dem Telefon.
choice-phone = Passkey im Authenticator (auf Ihrem Telefon)
choice-phone-hint = Mit Fingerabdruck, Gesicht oder Bildschirmsperre. Gespeichert im Passwortmanager Ihres Telefons. Funktioniert an jedem Computer.
choice-this-phone = Passkey auf diesem Telefon
choice-this-phone-hint = Mit Fingerabdruck, Gesicht oder Bildschirmsperre. Gespeichert im Passwortmanager dieses Telefons.
choice-recommended = Empfohlen

check-heading = Was Sie brauchen
check-versions = Ein Telefon mit Android { $android } oder neuer, oder ein iPhone mit iOS { $ios } oder neuer.
check-lock = Eine Bildschirmsperre darauf: PIN, Fingerabdruck oder Gesicht.
check-internet = Internet auf dem Telefon.
check-bluetooth = Bluetooth nur, wenn Sie den Weg wählen, bei dem der Browser den Code zeigt.
check-version-how = Wie sehe ich meine Version?
check-version-android = Android: Öffnen Sie die Einstellungen, dann „Über das Telefon“. Die Zahl steht bei „Android-Version“.
check-version-ios = iPhone oder iPad: Öffnen Sie die Einstellungen, dann „Allgemein“, dann „Info“. Die Zahl steht bei „iOS-Version“.
check-older = Mein Telefon ist älter
check-older-text = Aktualisieren Sie es, wenn es das anbietet. Bleibt es älter, verwenden Sie einen Sicherheitsschlüssel oder einen Passkey auf diesem Computer.
check-instead-key = Sicherheitsschlüssel verwenden
check-instead-computer = Diesen Computer verwenden

which-heading = Welches Telefon haben Sie?
which-lead = Davon hängt nur ab, was wir erklären.
which-android = Android
which-ios = iPhone oder iPad
which-here = Ich bin jetzt auf dem Telefon
which-none = Ein anderes Telefon oder keines
which-none-text = Ein Sicherheitsschlüssel oder ein Passkey auf diesem Computer geht ohne Telefon.
which-missing = Wählen Sie Ihr Telefon.

how-heading = Wie soll das Telefon den Passkey erstellen?
how-link = Einen Code scannen und das Telefon verwenden
how-link-hint = Ihr Telefon öffnet unsere Seite. Ohne Bluetooth.
how-browser = Diesen Browser mit dem Telefon sprechen lassen
how-browser-hint = Der Browser zeigt einen eigenen Code. Braucht Bluetooth auf beiden.
how-here = Stattdessen dieses Gerät
how-here-hint = Den Passkey auf diesem Computer speichern: Windows Hello, Touch ID oder sein Passwortmanager.
how-no-bluetooth = Dieser Computer hat kein Bluetooth, oder der Browser darf es nicht verwenden.
how-no-platform = Dieser Computer hat keine Bildschirmsperre oder kann keine Passkeys speichern.
how-missing = Wählen Sie, wie das Telefon den Passkey erstellen soll.
how-changed = Dieser Weg ist nicht mehr verfügbar. Nichts wurde geändert. Wählen Sie einen anderen.

link-heading = Erstellen Sie den Passkey auf Ihrem Telefon
link-qr = QR-Code, der { $address } auf Ihrem Telefon öffnet
link-scan-android = Öffnen Sie die Kamera Ihres Telefons oder „QR-Code scannen“ in den Schnelleinstellungen.
link-scan-ios = Öffnen Sie die Kamera Ihres iPhones oder iPads.
link-scan = Öffnen Sie die Kamera Ihres Telefons.
link-point = Richten Sie sie auf den Code und öffnen Sie den Link.
link-follow = Folgen Sie dem Telefon. Lassen Sie diese Seite offen.
link-no-camera = Keine Kamera? Öffnen Sie auf dem Telefon { $address } und tippen Sie
link-no-code = Keine Kamera? Kopieren Sie den Link und öffnen Sie ihn auf dem Telefon.
link-copy = Link kopieren
link-copied = Der Link ist kopiert. Er gilt einmal und nur für Ihr eigenes Telefon: Senden Sie ihn sonst niemandem.
link-once = Dieser Code gilt bis { $ends }, und nur einmal.
link-new = Hier ist ein neuer Code. Der alte gilt nicht mehr.
link-one-minute = Dieser Code endet in 1 Minute. Dann können Sie einen neuen holen.
link-stages = Was geschehen ist
link-step-waiting = Der Code wartet
link-step-opened = Das Telefon hat die Seite geöffnet
link-step-signed-in = Sie haben sich auf dem Telefon angemeldet
link-step-confirmed = Sie haben bestätigt, dass es Ihr Telefon ist
link-step-created = Passkey erstellt
link-cancel = Abbrechen
link-stop = Das ist nicht mein Telefon: anhalten
link-again = Neuen Code holen
link-start-again = Neu beginnen
link-try-again = Erneut versuchen
link-another-way = Anderer Weg
link-another-phone = Anderes Telefon verwenden
link-try-instead = Stattdessen ausprobieren
link-sign-in = Erneut anmelden
link-refresh = Diese Seite erneuert sich alle vier Sekunden.
link-refresh-now = Erneut nachsehen
link-another-tried = Ein anderes Gerät hat auch versucht, diesen Code zu öffnen. Es wurde abgewiesen, und nichts hat sich geändert. Waren das nicht Sie, halten Sie hier an.
link-lost = Wir haben den Kontakt zum Telefon verloren. Der Code gilt weiter, bis er endet.
link-device = { $device } hat den Code geöffnet.
link-device-at = { $device } an der Adresse { $address } hat den Code geöffnet.
link-problems = Probleme?
link-problems-camera = Die Kamera öffnet den Link nicht: Tippen Sie stattdessen die Adresse und den Code.
link-problems-private = Das Telefon darf kein privates Fenster verwenden, und die Seite muss in seinem Browser aufgehen, nicht in einer anderen App.
link-problems-lock = Das Telefon braucht eine Bildschirmsperre. Schalten Sie eine ein und versuchen Sie es erneut.
link-problems-sign-in = Das Telefon verlangt eine Anmeldung: Verwenden Sie Ihren Pass oder einen Passkey, den Sie haben. So fügt niemand sonst sein Telefon Ihrem Konto hinzu.

link-number = Zahl, die Ihr Telefon zeigt
link-number-hint = Tippen Sie sie nur, wenn das Telefon in Ihrer Hand sie zeigt.
link-number-confirm = Bestätigen
link-number-empty = Tippen Sie die Zahl, die Ihr Telefon zeigt.
link-number-wrong = { $left ->
    [one] Das ist nicht die Zahl. Sie haben noch 1 Versuch.
   *[other] Das ist nicht die Zahl. Sie haben noch { $left } Versuche.
}
link-number-other = Sie können die Zahl nicht lesen? Lassen Sie das Telefon sich selbst anmelden: Halten Sie hier an und wählen Sie einen anderen Weg.

stage-created = Wir warten auf Ihr Telefon…
stage-opened = Ihr Telefon hat die Seite geöffnet.
stage-signing-in = Anmeldung auf dem Telefon…
stage-approve = Tippen Sie die Zahl, die Ihr Telefon zeigt.
stage-approved = Bestätigt. Fahren Sie auf dem Telefon fort.
stage-creating = Ihr Telefon fragt nach Ihrer Bildschirmsperre…
stage-created-ok = Passkey erstellt.
stage-tried = Sie haben ihn ausprobiert: Er funktioniert.
stage-expired = Dieser Code ist abgelaufen. Nichts wurde erstellt.
stage-number-locked = Zur Sicherheit haben wir angehalten: Die Zahl war zu oft falsch. Nichts wurde erstellt.
stage-declined = Das Telefon hat abgelehnt. Nichts wurde erstellt.
stage-stopped = Sie haben angehalten. Nichts wurde erstellt.
stage-phone-unsupported = Dieses Telefon kann hier keinen Passkey speichern. Nichts wurde erstellt.
stage-phone-cancelled = Die Abfrage auf dem Telefon wurde geschlossen. Versuchen Sie es dort noch einmal.
stage-duplicate = Dieses Telefon hat schon einen Passkey für Sie. Sie können ihn so verwenden.
stage-rejected = Ihre Organisation nimmt den Passkey dieses Telefons nicht an. Nichts wurde hinzugefügt. Verwenden Sie ein anderes Telefon oder einen Sicherheitsschlüssel.
stage-other-account = Das Telefon hat sich mit einem anderen Konto angemeldet, nicht mit Ihrem. Nichts wurde erstellt.
stage-other-account-as = Das Telefon hat sich als { $login } angemeldet, nicht als Sie. Nichts wurde erstellt.
stage-ended = Sie wurden an diesem Computer abgemeldet. Ein Passkey, den das Telefon schon erstellt hat, bleibt erhalten.

link-unsupported-in-app-browser = Die Seite wurde in einer anderen App geöffnet. Öffnen Sie den Link im Browser des Telefons.
link-unsupported-no-screen-lock = Das Telefon hat keine Bildschirmsperre. Schalten Sie eine ein und versuchen Sie es erneut.
link-unsupported-too-old = Das Telefon oder sein Browser ist zu alt für Passkeys. Aktualisieren Sie es, oder verwenden Sie einen Sicherheitsschlüssel.
link-unsupported-private-window = Das Telefon zeigt die Seite in einem privaten Fenster, das einen Passkey vielleicht nicht behält. Öffnen Sie den Link in einem gewöhnlichen Fenster.
link-unsupported-insecure-context = Das Telefon hat unsere Seite nicht über eine sichere Verbindung erreicht. Melden Sie es Ihrer IT-Ansprechperson.

browser-heading = Diesen Browser mit dem Telefon sprechen lassen
browser-bluetooth = Schalten Sie Bluetooth ein, am Computer und am Telefon, und lassen Sie beide nahe beieinander.
browser-press = Drücken Sie die Schaltfläche unten. Wählen Sie „iPhone, iPad oder Android-Gerät“ oder „Smartphone oder Tablet verwenden“, wenn der Browser fragt.
browser-scan-android = Scannen Sie den Code des Browsers mit der Kamera Ihres Android-Telefons.
browser-scan-ios = Scannen Sie den Code des Browsers mit der Kamera Ihres iPhones oder iPads.
browser-scan = Scannen Sie den Code des Browsers mit der Kamera des Telefons.
browser-save = Speichern Sie den Passkey dort, wo es das Telefon vorschlägt.
browser-show = Code des Browsers zeigen
browser-instead = Stattdessen den Weg mit dem Link
browser-instead-hint = Ihr Telefon öffnet unsere Seite. Das braucht kein Bluetooth.
browser-not-started = Der Browser hat kein Telefon erreicht, und kein Passkey wurde erstellt. Bluetooth ist an diesem Computer vielleicht aus oder nicht erlaubt. Versuchen Sie es erneut, oder nehmen Sie den Weg mit dem Link.
browser-cancelled = Kein Passkey wurde erstellt. Hat sich das Telefon nicht verbunden? Prüfen Sie Bluetooth auf beiden und lassen Sie sie nahe beieinander.
browser-timeout = Das hat zu lange gedauert, und kein Passkey wurde erstellt. Hat sich das Telefon nicht verbunden? Prüfen Sie Bluetooth auf beiden und lassen Sie sie nahe beieinander.
browser-duplicate = Dieses Gerät hat schon einen Passkey für Ihr Konto. Sie können ihn so verwenden.
browser-unsupported = Dieser Browser kann nicht mit einem Telefon sprechen. Nehmen Sie stattdessen den Weg mit dem Link.
saved-here = Der Passkey wurde auf diesem Computer gespeichert, nicht auf dem Telefon. Er funktioniert so. Das Telefon auch hinzufügen?
saved-here-add = Telefon hinzufügen

try-phone-text = Drücken Sie auf Ihrem Telefon „Jetzt ausprobieren“.
try-phone-waiting = Wir warten auf Ihr Telefon…
try-phone-here = Von diesem Computer aus ausprobieren
try-phone-here-text = Der Browser zeigt einen Code für Ihr Telefon. Braucht Bluetooth auf beiden.

resume-phone = Sie waren dabei, einen Passkey auf Ihrem Telefon hinzuzufügen.

create-phone-text = Ihr Telefon fragt nach Fingerabdruck, Gesicht oder Bildschirmsperre.
create-phone-saved = Es speichert den Passkey in seinem Passwortmanager. Nichts von Fingerabdruck oder Gesicht kommt zu uns.

phone-name = Telefon
