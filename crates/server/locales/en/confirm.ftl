# RA-1.
confirm-heading = Confirm it's you
confirm-add = Use one of your passkeys before you add a sign-in method. Nothing has changed yet.
confirm-remove = Use one of your passkeys before you remove { $name }. Nothing has changed yet.
confirm-hint = Your device will ask you to confirm that it's you.
use-passkey = Use your passkey
cannot-confirm = I can't use my passkey
