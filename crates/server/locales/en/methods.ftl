# The rows of SEC-1 beside passkeys, SEC-6, SEC-7, SI-7, SI-8, and confirming without a passkey.
row-not-set-up = Not set up
row-not-allowed = Your organisation no longer allows this. It can't be used.
row-add = Add
turn-off = Turn off
password-row = Password
password-row-on = On, chosen { $since }
password-row-off = Turned off { $since }. Nobody can sign in with it.
codes-row = Authenticator codes
codes-row-on = On since { $since }
codes-row-locked = Stopped after too many wrong codes
codes-anew = Set up anew
recovery-row = Recovery codes
recovery-row-left = { $left ->
    [0] None left. Make new ones.
    [one] 1 of 10 left
   *[other] { $left } of 10 left
}
recovery-new = New codes
restricted-window = You can add a passkey until { $ends } ({ $left } left). This sign-in reaches nothing else.
restricted-ends-five = This sign-in ends in 5 minutes. What you have finished is kept.
restricted-ends-one = This sign-in ends in 1 minute. What you have finished is kept.
restricted-ends-over = This sign-in has ended. What you finished is kept. Sign in again to go on.

change-password-heading = Change your password
set-password-heading = Choose a password
old-password-label = Present password
change-password-sessions = If you change it, sessions elsewhere that were opened with the old one end.
flash-password-changed = Your password was changed. The old one no longer works.
flash-password-set = Your password works from now on.

codes-heading = Set up authenticator codes
codes-lead = An authenticator app on your phone shows a new code every 30 seconds. It is the second step after your password.
codes-step-scan = In the app, add an account and scan this picture.
codes-step-type = Type the six digits that the app shows.
codes-picture = Picture to scan with the authenticator app. The secret stands below as text too.
codes-same-device = The app is on this device: open it
codes-secret = Or type this secret into the app:
codes-confirm = Turn on
codes-wrong = That code is not right. Nothing was changed. Check that your phone's clock is right, and type the code that the app shows now.
codes-remove-heading = Remove authenticator codes?
codes-remove-effect = Your password alone then no longer signs you in: use a passkey, or a recovery code as the second step. Delete the entry in the app too.
codes-remove-last = These codes are the second step of your only way to sign in, so they stay. Add another way first.
flash-codes-added = Authenticator codes are on. From now on your password is followed by one.
flash-codes-removed = Authenticator codes were removed. Delete the entry in the app too.

recovery-codes-heading = Recovery codes
recovery-codes-text = Ten codes that let you in once each if you lose your devices. A code alone reaches nothing but securing your account and creating a new passkey.
recovery-codes-keep = Print them, or save them where only you can reach them. Not on the device that you could lose.
recovery-codes-replace = { $left ->
    [one] You have 1 code left. It stops working when you make new ones.
   *[other] You have { $left } codes left. They stop working when you make new ones.
}
recovery-codes-make = Make ten new codes
recovery-made-heading = Your recovery codes
recovery-made-once = This is the only time that these codes are shown. Print or save them now.
recovery-made-for = For { $login } at { $organisation }.
recovery-made-use = Each code works once: on the sign-in page choose “Use a recovery code”. Nobody from IT will ever ask you for one.
recovery-made-kept = I have printed or saved these codes
recovery-made-done = Done
flash-recovery-kept = Your recovery codes are ready. Codes from before no longer work.
flash-recovery-unsure = You left before saying that you kept your new recovery codes. If you did not print or save them, make new ones.
print = Print
copy = Copy
copied = Copied.
download = Download
recovery-file-title = Recovery codes of { $login } at { $organisation }
recovery-file-use = Each works once. Nobody from IT will ever ask you for one.

interrupt-heading = Your organisation asks you to add a passkey
interrupt-lead = It takes a minute, and the next sign-in is faster. You can put it off for some days.
interrupt-last-day = It takes a minute. Today is the last day on which you can put it off.
interrupt-required = It takes a minute. It can't be put off any longer.
interrupt-restricted = Your password alone reaches nothing else here. With a passkey you sign in fully.
interrupt-postpone = { $days ->
    [one] Not now – 1 day left
   *[other] Not now – { $days } days left
}
interrupt-cannot = This device can't?
interrupt-cannot-text = Go on all the same: the next page also offers your phone or a security key, and says what this device lacks.
offer-heading = Sign in faster next time
offer-lead = Create a passkey on this device, and sign in without your password.
offer-elsewhere = You have a passkey, but not on this device. Set one up here too, and sign in without your password.
offer-text = You unlock it with your fingerprint, your face or the PIN of your screen lock.
offer-never = Don't ask on this device
flash-silent-passkey = A passkey was saved in { $provider }.
flash-silent-passkey-device = A passkey was saved on this device.
see-it = See it
undo = Undo

confirm-change-password = Confirm before you choose a password. Nothing has changed yet.
confirm-turn-off-password = Use one of your passkeys before you turn off your password. Nothing has changed yet.
confirm-add-codes = Confirm before you set up authenticator codes. Nothing has changed yet.
confirm-remove-codes = Confirm before you remove authenticator codes. Nothing has changed yet.
confirm-recovery-codes = Confirm before you make new recovery codes. Nothing has changed yet.
confirm-by-password = Use your password and a code
confirm-now = Confirm
confirm-done = Confirmed. Go on with what you were about to do.
confirm-wrong = Password or code is not right. Nothing has changed. Type both again, with the code that the app shows now.
confirm-code-used = That code was used already. Nothing has changed. Wait until the app shows the next one.
confirm-incomplete = Enter your password and the code of your authenticator app.
confirm-no-way = This account has nothing to confirm with: no passkey, and no password with authenticator codes. Ask your IT contact for a temporary access pass.
