# Was gesagt wird, während ein Passkey verwendet wird und wenn es anders endet als erhofft.
passkey-prompt = Folgen Sie der Aufforderung Ihres Browsers oder Geräts.
passkey-checking = Wird geprüft …
passkey-copied = Der Link ist kopiert.

passkey-get-unsupported = Dieser Browser kann hier keine Passkeys verwenden. Wählen Sie einen anderen Weg.
passkey-get-not-started = Ihr Browser konnte die Passkey-Abfrage nicht öffnen. Prüfen Sie, ob eine Bildschirmsperre eingeschaltet ist, und versuchen Sie es erneut oder wählen Sie einen anderen Weg.
passkey-get-cancelled = Sie wurden nicht angemeldet. Versuchen Sie es erneut oder wählen Sie einen anderen Weg.
passkey-get-timeout = Das hat zu lange gedauert. Versuchen Sie es erneut; Sie haben 5 Minuten Zeit.
passkey-get-duplicate = Sie wurden nicht angemeldet. Versuchen Sie es erneut oder wählen Sie einen anderen Weg.
passkey-get-config = Passkeys funktionieren unter dieser Adresse nicht. Melden Sie es Ihrer IT-Ansprechperson: Referenz { $reference }.
passkey-get-network = Sie sind offline. Wir versuchen es weiter.
passkey-get-unknown = Etwas ist schiefgegangen, und Sie wurden nicht angemeldet. Versuchen Sie es erneut. Wenn es wieder geschieht, melden Sie es Ihrer IT-Ansprechperson: Referenz { $reference }.
passkey-get-unknown-credential = Dieser Passkey ist hier nicht mehr bekannt. Vielleicht wurde er entfernt. Wählen Sie einen anderen.
passkey-get-disabled-credential = Dieser Passkey wurde von Ihrer Organisation ausgeschaltet. Wählen Sie einen anderen oder fragen Sie Ihre IT-Ansprechperson.
passkey-get-disabled-user = Dieses Konto ist ausgeschaltet. Fragen Sie Ihre IT-Ansprechperson.
passkey-get-uv-missing = Ihr Gerät hat weder Fingerabdruck noch Gesicht noch PIN geprüft. Versuchen Sie es erneut oder verwenden Sie einen anderen Passkey.
passkey-get-not-accepted = Ihre Organisation nimmt diesen Passkey nicht an. Wählen Sie einen anderen oder fragen Sie Ihre IT-Ansprechperson.
passkey-get-challenge-expired = Die Seite war zu lange offen. Versuchen Sie es erneut.
passkey-get-wrong-account = Dieser Passkey gehört zu einem anderen Konto. Verwenden Sie einen Passkey dieses Kontos.
passkey-get-wrong-passkey = Sie haben einen anderen Passkey verwendet. Der neue ist noch nicht ausprobiert: Versuchen Sie es erneut und wählen Sie den neuen.
passkey-get-limit = Sie wurden nicht angemeldet. Versuchen Sie es erneut oder wählen Sie einen anderen Weg.
passkey-get-confirm-needed = Nichts hat sich geändert. Bestätigen Sie zuerst, dass Sie es sind.
passkey-get-session-ended = Sie wurden inzwischen abgemeldet. Melden Sie sich wieder an.
passkey-get-rate-limited = Zu viele Versuche. Warten Sie einige Minuten und versuchen Sie es dann erneut.

passkey-create-unsupported = Dieses Gerät kann keinen Passkey speichern. Verwenden Sie Ihr Telefon oder einen Sicherheitsschlüssel.
passkey-create-not-started = Ihr Browser konnte die Abfrage nicht öffnen. Prüfen Sie, ob eine Bildschirmsperre eingeschaltet ist und ob Sie nicht in einem privaten Fenster sind.
passkey-create-cancelled = Es wurde kein Passkey erstellt. Nichts hat sich geändert. Versuchen Sie es erneut, wenn Sie bereit sind.
passkey-create-timeout = Das hat zu lange gedauert, und es wurde kein Passkey erstellt. Versuchen Sie es erneut; Sie haben 5 Minuten Zeit.
passkey-create-duplicate = Hier gibt es schon einen Passkey für Ihr Konto. Sie können ihn verwenden, wie er ist.
passkey-create-config = Passkeys funktionieren unter dieser Adresse nicht. Melden Sie es Ihrer IT-Ansprechperson: Referenz { $reference }.
passkey-create-network = Der Passkey ist auf Ihrem Gerät gespeichert, aber wir konnten ihn noch nicht aufnehmen. Lassen Sie diese Seite offen: Wir versuchen es weiter.
passkey-create-unknown = Etwas ist schiefgegangen, und es wurde kein Passkey hinzugefügt. Versuchen Sie es erneut. Wenn es wieder geschieht, melden Sie es Ihrer IT-Ansprechperson: Referenz { $reference }.
passkey-create-unknown-credential = Etwas ist schiefgegangen, und es wurde kein Passkey hinzugefügt. Versuchen Sie es erneut.
passkey-create-disabled-credential = Dieser Passkey wurde von Ihrer Organisation ausgeschaltet. Fragen Sie Ihre IT-Ansprechperson.
passkey-create-disabled-user = Dieses Konto ist ausgeschaltet. Es wurde kein Passkey hinzugefügt. Fragen Sie Ihre IT-Ansprechperson.
passkey-create-uv-missing = Ihr Gerät hat weder Fingerabdruck noch Gesicht noch PIN geprüft. Es wurde kein Passkey hinzugefügt. Versuchen Sie es erneut oder verwenden Sie ein anderes Gerät.
passkey-create-not-accepted = Ihre Organisation nimmt diese Art von Passkey nicht an. Es wurde kein Passkey hinzugefügt. Verwenden Sie ein anderes Gerät oder einen Sicherheitsschlüssel oder fragen Sie Ihre IT-Ansprechperson.
passkey-create-challenge-expired = Die Seite war zu lange offen, und es wurde kein Passkey hinzugefügt. Versuchen Sie es erneut.
passkey-create-wrong-account = Dieser Passkey gehört zu einem anderen Konto. Es wurde kein Passkey hinzugefügt.
passkey-create-wrong-passkey = Sie haben einen anderen Passkey verwendet. Versuchen Sie es erneut und wählen Sie den neuen.
passkey-create-limit = Sie haben so viele Passkeys, wie Ihre Organisation erlaubt. Entfernen Sie zuerst einen.
passkey-create-confirm-needed = Nichts hat sich geändert. Bestätigen Sie zuerst, dass Sie es sind.
passkey-create-session-ended = Sie wurden inzwischen abgemeldet, und es wurde kein Passkey hinzugefügt. Melden Sie sich wieder an.
passkey-create-rate-limited = Zu viele Versuche. Warten Sie einige Minuten und versuchen Sie es dann erneut.

passkey-works = Es funktioniert. Sie können sich mit { $name } anmelden.
