# SI-1 to SI-3, help, signed out.
sign-in-heading = Sign in
sign-in-to = to continue to { $application }
sign-in = Sign in
identifier-label = Email or username
identifier-empty = Enter your email or username.
identifier-malformed = That is too long for an email or username, or contains characters that cannot be typed. Check it.
sign-in-with-passkey = Sign in with a passkey
have-pass = I have a temporary access pass
cannot-sign-in = Can't sign in?
continue-as = Continue as { $name }
continue-as-label = Continue as
welcome-back = Welcome back
another-account = or use another account
forget-account = Forget { $name } on this device
another-way = Try another way
other-ways-show = Show the other ways
session-end-timed-out = You were signed out because nothing happened for a while.
session-end-over = You were signed out because this session is over: it lasted too long, or it was ended from another device or by your organisation.
session-end-pass-ended = You were signed out because your temporary access pass has ended. What you finished is kept. Ask your IT contact for a new one.
session-end-account-disabled = You were signed out because this account was turned off. Ask your IT contact.

method-heading = Choose how to sign in
method-passkey-hint = With your fingerprint, your face, your screen lock or a security key.
method-pass-hint = From your IT contact, for the first time or after a loss.

tap-heading = Enter your temporary access pass
tap-label = Temporary access pass
tap-hint = Your IT contact gave you this pass. Capital letters, spaces and dashes don't matter.
tap-missing = Enter your temporary access pass.
tap-slip = There is a slip in that pass. Check each letter; this did not count as a try.
tap-wrong = That pass is not right. Check the letters, or ask for a new one.
tap-wrong-left = { $count ->
    [one] That pass is not right. Check the letters, or ask for a new one. 1 try left.
   *[other] That pass is not right. Check the letters, or ask for a new one. { $count } tries left.
}
tap-not-yet-valid = This pass works from { $from }. Come back then.
tap-expired = This pass has ended ({ $at }). Ask your IT contact for a new one.
tap-used = This pass worked once and has been used ({ $at }). Was that not you? Tell your IT contact. Otherwise ask for a new one.
tap-revoked = This pass was withdrawn or replaced by a newer one. Use the newer one, or ask your IT contact.
tap-locked = For safety this pass has ended after too many wrong tries. Ask your IT contact for a new one.
tap-not-allowed = Your organisation does not accept a temporary access pass for this account. Use a passkey, or ask your IT contact.
tap-account-disabled = This account is turned off. Ask your IT contact.
no-pass = I don't have a pass

help-heading = Can't sign in?
help-lead = Most of it can be put right in a minute. This page is the same for everybody and looks nothing up.
help-no-show = My passkey does not show up
help-no-show-account = On a new phone or computer, sign in to the same Apple, Google or Microsoft account as before. Your passkeys come back with it.
help-no-show-lock = Turn on a screen lock: a PIN, a fingerprint or your face. Passkeys need it.
help-no-show-private = Leave the private window, and open the page in your browser, not inside another app.
help-no-show-bluetooth = If your passkey is on your phone, choose the phone in the prompt, turn on Bluetooth on both, and scan the code with the phone's camera.
help-lost = My device is lost or stolen
help-lost-other = Use another passkey, or a security key, if you have one.
help-lost-computer = Use a computer on which you saved a passkey. Then remove the lost one in Security info.
help-lost-pass = Otherwise ask your IT contact for a temporary access pass. Say that the device is lost, so that they can turn off its passkey.
help-first = I am here for the first time
help-first-text = Your IT contact gives you a temporary access pass. Enter it once and create your passkey. You need no password.
help-contact = Talk to a person
help-contact-unset = Ask the IT contact of your organisation.
help-contact-warning = Nobody from IT will ever ask you for a pass or a code on the phone.
signed-out-heading = You are signed out
signed-out-text = You left this service on this device. Applications that you opened may still be open.
signed-out-shared = On a shared computer, close the browser too.
sign-in-again = Sign in again
