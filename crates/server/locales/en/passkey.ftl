# What is said while a passkey is used, and when it ends otherwise than hoped. Each says what did not happen and what
# to do next; each must be true for every cause that ends in the same outcome.
passkey-prompt = Follow the prompt of your browser or device.
passkey-checking = Checking…
passkey-copied = The link is copied.

passkey-get-unsupported = This browser can't use passkeys here. Choose another way.
passkey-get-not-started = Your browser could not open the passkey prompt. Check that a screen lock is on, then try again or choose another way.
passkey-get-cancelled = You were not signed in. Try again, or choose another way.
passkey-get-timeout = That took too long. Try again; you have 5 minutes.
passkey-get-duplicate = You were not signed in. Try again, or choose another way.
passkey-get-config = Passkeys don't work at this address. Tell your IT contact: reference { $reference }.
passkey-get-network = You are offline. We will try again.
passkey-get-unknown = Something went wrong, and you were not signed in. Try again. If it happens again, tell your IT contact: reference { $reference }.
passkey-get-unknown-credential = This passkey is not known here any more. It may have been removed. Choose another one.
passkey-get-disabled-credential = This passkey was turned off by your organisation. Choose another one, or ask your IT contact.
passkey-get-disabled-user = This account is turned off. Ask your IT contact.
passkey-get-uv-missing = Your device did not check your fingerprint, face or PIN. Try again, or use another passkey.
passkey-get-not-accepted = Your organisation does not accept this passkey. Choose another one, or ask your IT contact.
passkey-get-challenge-expired = The page was open too long. Try again.
passkey-get-wrong-account = That passkey belongs to another account. Use a passkey of this account.
passkey-get-wrong-passkey = You used a different passkey. The new one is not tried yet: try again and choose the new one.
passkey-get-limit = You were not signed in. Try again, or choose another way.
passkey-get-confirm-needed = Nothing has changed. Confirm that it's you first.
passkey-get-session-ended = You were signed out meanwhile. Sign in again.
passkey-get-rate-limited = Too many tries. Wait a few minutes, then try again.

passkey-create-unsupported = This device can't save a passkey. Use your phone or a security key.
passkey-create-not-started = Your browser could not open the prompt. Check that a screen lock is on and that you are not in a private window.
passkey-create-cancelled = No passkey was created. Nothing has changed. Try again when you are ready.
passkey-create-timeout = That took too long, and no passkey was created. Try again; you have 5 minutes.
passkey-create-duplicate = There already is a passkey for your account here. You can use it as it is.
passkey-create-config = Passkeys don't work at this address. Tell your IT contact: reference { $reference }.
passkey-create-network = The passkey is saved on your device, but we could not store it yet. Keep this page open: we try again.
passkey-create-unknown = Something went wrong, and no passkey was added. Try again. If it happens again, tell your IT contact: reference { $reference }.
passkey-create-unknown-credential = Something went wrong, and no passkey was added. Try again.
passkey-create-disabled-credential = This passkey was turned off by your organisation. Ask your IT contact.
passkey-create-disabled-user = This account is turned off. No passkey was added. Ask your IT contact.
passkey-create-uv-missing = Your device did not check your fingerprint, face or PIN. No passkey was added. Try again, or use another device.
passkey-create-not-accepted = Your organisation does not accept this kind of passkey. No passkey was added. Use another device or a security key, or ask your IT contact.
passkey-create-challenge-expired = The page was open too long, and no passkey was added. Try again.
passkey-create-wrong-account = That passkey belongs to another account. No passkey was added.
passkey-create-wrong-passkey = You used a different passkey. Try again and choose the new one.
passkey-create-limit = You have as many passkeys as your organisation allows. Remove one first.
passkey-create-confirm-needed = Nothing has changed. Confirm that it's you first.
passkey-create-session-ended = You were signed out meanwhile, and no passkey was added. Sign in again.
passkey-create-rate-limited = Too many tries. Wait a few minutes, then try again.

passkey-works = It works. You can sign in with { $name }.
