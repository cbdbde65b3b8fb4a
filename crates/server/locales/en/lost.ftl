# LP-1 to LP-3: what to do when signing in does not work, asking for a pass, making a lost device useless.
help-step-by-step = Find out what to do, step by step
lost-start-heading = Can't sign in? Step by step
lost-lead = This page is the same for everybody and looks nothing up.
lost-question = What happened?
lost-cause-lost = I lost my phone, or it was stolen
lost-cause-new-phone = I have a new phone
lost-cause-no-passkey = My passkey does not show up
lost-cause-forgotten = I forgot my password
lost-cause-never = I never had access
lost-show = Show what to do
lost-ways = Try this, in this order
lost-way-other-passkey = Use another passkey or a security key, if you have one. Sign in with it and remove what you lost in Security info.
lost-way-recovery-code = Use one of your recovery codes, if you kept any.
lost-way-computer = Go to a computer on which you saved a passkey. Sign in there and add the new phone.
lost-way-same-account = On the new phone, sign in to the same Apple or Google account as before. Your passkeys come back with it; it can take some minutes.
lost-way-iphone = iPhone: Settings, your name, iCloud, Passwords and Keychain must be on. Passkeys are in the app Passwords.
lost-way-android = Android: Settings, Passwords, passkeys and accounts. Choose the service that had your passkeys before.
lost-way-lock = Turn on a screen lock: a PIN, a fingerprint or your face. Passkeys need it.
lost-way-window = Leave the private window, and open the page in your browser, not inside another app.
lost-way-bluetooth = Is the passkey on your phone? Choose the phone in the prompt, turn on Bluetooth on both, and scan the code.
lost-way-passkey-instead = If you have a passkey, you need no password: choose “Sign in with a passkey”.
lost-way-ask = Otherwise ask for a temporary access pass.
lost-way-first = Your IT contact gives you a temporary access pass. If nobody has, ask for one.
lost-ask = Ask for a temporary access pass
lost-thief = Was it stolen? Tell your IT contact at once, so that they can turn off its passkey.

recover-heading = Ask for a temporary access pass
recover-lead = Your IT contact will check that it's you before they give you a pass.
recover-off = Your organisation does not take requests here. Talk to your IT contact.
recover-contact-label = How can we reach you?
recover-contact-hint = A room, a number or a person near you. We still call only the number that your organisation has for you.
recover-contact-missing = Say how we can reach you, in at most 120 characters.
recover-colleague-label = Who can vouch for you? (optional)
recover-colleague-hint = A colleague or your manager.
recover-colleague-long = Name your colleague in at most 120 characters.
recover-reason = What happened?
recover-reason-missing = Choose what happened.
recover-send = Send the request
recover-sent-heading = Your request is on its way
recover-sent = If the account exists, your IT contact was told. Within one hour, further requests for it change nothing.
recover-sent-reference = Reference { $reference }
recover-sent-warning = Do not give this number to anyone who calls you. Nobody from IT needs it to recognise you.
recover-sent-again = Your request was not sent just now. Ask again if you need a pass.

secure-heading = Secure your account
secure-lead = Welcome back. First make the lost device useless.
secure-lead-full = Turn off what is gone, and sign out where you are not.
secure-passkeys = Which passkeys are gone?
secure-passkeys-none = You have no passkey that is on.
secure-passkeys-hint = They are turned off at once: nobody can sign in with them. You remove them for good once you have a new one.
secure-backed-up = backed up
secure-last-used = last used { $at }
secure-never-used = never used
secure-off = turned off
secure-backup-warning = A backed-up passkey can come back on a new phone with the same Google or Apple account. If somebody may know that account, turn the passkey off here, and change that account's password.
secure-only = This is your only passkey. You can turn it off now, and go on to create a new one.
secure-sessions = Where do you want to sign out?
secure-sessions-none = You are signed in nowhere else.
secure-session = { $count ->
    [one] { $device }, from { $address }
   *[other] { $device }, from { $address } ({ $count } sessions)
}
secure-then = Then
secure-then-create = Create a new passkey
secure-then-history = Look at the last sign-ins
secure-do = Do this now
secure-nothing-lost = Nothing is lost, go on
secure-nothing-chosen = Choose what is gone, or go on without changing anything.
secure-last-method = Nothing was changed: you would have no passkey left to sign in with. Add another one first.
secure-link = Lost a device? Secure your account first
secure-remove = Remove for good: { $name }
secure-remove-hint = Passkeys that are off can be removed now that you have a new one.
secure-stolen = Was it stolen, or do you not know some of this? Tell your IT contact as well.
flash-secured = { $passkeys ->
    [0] No passkey was turned off.
    [one] 1 passkey was turned off.
   *[other] { $passkeys } passkeys were turned off.
}
flash-secured-more = { $sessions ->
    [0] No session was ended.
    [one] 1 session was ended.
   *[other] { $sessions } sessions were ended.
}{ $gone ->
    [0] {""}
    [one] {" "}1 entry that you chose was gone already.
   *[other] {" "}{ $gone } entries that you chose were gone already.
}
