# RA-1.
confirm-heading = Bestätigen Sie, dass Sie es sind
confirm-add = Verwenden Sie einen Ihrer Passkeys, bevor Sie eine Anmeldemethode hinzufügen. Noch hat sich nichts geändert.
confirm-remove = Verwenden Sie einen Ihrer Passkeys, bevor Sie { $name } entfernen. Noch hat sich nichts geändert.
confirm-hint = Ihr Gerät wird Sie bitten zu bestätigen, dass Sie es sind.
use-passkey = Passkey verwenden
cannot-confirm = Ich kann meinen Passkey nicht verwenden
