# Der Rahmen jeder Seite und Wörter, die mehrere Seiten teilen.
title = { $title } – { $organisation }
title-failed = Fehler: { $title } – { $organisation }
skip-link = Zum Inhalt springen
help-link = Hilfe
language-label = Sprache:
nav-label = Ihr Konto
nav-security = Sicherheitsinfos
nav-sessions = Geräte und Sitzungen
sign-out = Abmelden
signed-in-as = Angemeldet als { $login }
footer = Anmeldedienst von { $organisation }
offline = Sie sind offline. Wir merken uns, wo Sie sind.
online-again = Sie sind wieder online.
read-only = Änderungen sind bis { $until } angehalten. Ansehen können Sie weiterhin alles.
pass-window = Ihr Pass gilt bis { $ends } (noch { $left }).
pass-ends-five = Ihr Pass endet in 5 Minuten. Was Sie fertiggestellt haben, bleibt erhalten.
pass-ends-one = Ihr Pass endet in 1 Minute. Was Sie fertiggestellt haben, bleibt erhalten.
pass-ends-over = Ihr Pass ist abgelaufen. Was Sie fertiggestellt haben, bleibt erhalten. Bitten Sie Ihre IT-Ansprechperson um einen neuen, um weiterzumachen.
too-many-tries = { $minutes ->
    [one] Zu viele Versuche. Versuchen Sie es in 1 Minute wieder.
   *[other] Zu viele Versuche. Versuchen Sie es in { $minutes } Minuten wieder.
}
tries-again-now = Sie können es jetzt wieder versuchen.
reference = Referenz { $reference }
get-help = Hilfe holen
cancel = Abbrechen
next = Weiter
back = Zurück
later = Später
not-now = Nicht jetzt
set-it-up = Einrichten
or = oder
change = Ändern
start = Beginnen
go-on = Fortfahren
yes = Ja
never = Nie
unknown = Nicht bekannt
to-security-info = Sicherheitsinfos öffnen
to-sign-in = Zur Anmeldung
no-script = Passkeys brauchen JavaScript, das in diesem Browser ausgeschaltet ist. Alles andere auf dieser Seite funktioniert. Sie können sich mit einem befristeten Zugangspass anmelden.
no-webauthn = Dieser Browser kann hier keine Passkeys verwenden.
no-webauthn-browsers = Aktuelle Versionen von Chrome, Edge, Safari und Firefox können es. Sie können sich auch mit einem befristeten Zugangspass anmelden.
in-app = Sie haben diese Seite in einer anderen App geöffnet, in der Passkeys nicht funktionieren. Öffnen Sie sie in Ihrem Browser, zum Beispiel Safari oder Chrome.
copy-link = Link kopieren
open-browser = Im Browser öffnen
what-is-passkey = Was ist ein Passkey?
what-is-passkey-text = Ein Passkey ersetzt Ihr Passwort. Sie entsperren ihn mit Fingerabdruck, Gesicht oder der PIN Ihrer Bildschirmsperre. Er funktioniert nur auf der echten Seite; niemand kann Sie dazu bringen, ihn herauszugeben.
where-is-passkey = Wo wird er gespeichert?
where-is-passkey-text = Auf Ihrem Gerät, in dessen Passwortmanager, oder auf einem Sicherheitsschlüssel. Fingerabdruck und Gesicht verlassen Ihr Gerät nie.

flash-passkey-added = Der Passkey { $name } ist einsatzbereit.
flash-passkey-renamed = Der Passkey heißt jetzt { $name }.
flash-passkey-renamed-duplicate = Der Passkey heißt jetzt { $name }. Ein anderer Ihrer Passkeys hat denselben Namen.
flash-passkey-removed = Der Passkey { $name } wurde entfernt. Niemand kann sich mehr damit anmelden.
flash-passkey-removed-lost = Der Passkey { $name } wurde entfernt, und die damit geöffneten Sitzungen wurden beendet. Niemand kann sich mehr damit anmelden.
flash-passkey-removed-provider = Falls { $provider } ihn weiterhin anbietet, löschen Sie ihn auch dort. Wir haben Ihren Browser darum gebeten.
flash-passkey-removed-device = Falls Ihr Gerät ihn weiterhin anbietet, löschen Sie ihn auch in den Einstellungen seines Passwortmanagers.
flash-already-gone = Jemand war schneller: Dieser Eintrag ist schon weg. Diese Liste ist aktuell.
flash-pass-deleted = Ihr befristeter Zugangspass wurde gelöscht. Er gilt nicht mehr.
flash-session-ended = Diese Sitzung wurde beendet.
flash-other-sessions-ended = { $count ->
    [0] Es gab keine andere Sitzung zu beenden.
    [one] Eine andere Sitzung wurde beendet.
   *[other] { $count } andere Sitzungen wurden beendet.
}
flash-account-forgotten = Dieser Browser bietet das Konto nicht mehr an. Das Konto selbst ist unverändert.
flash-setup-saved = Gespeichert. Sie sind die erste Person mit Administrationsrechten.
flash-came-from-elsewhere = Sie sind mit einem anderen Gerät angemeldet. Auch auf diesem Computer einen Passkey einrichten?
