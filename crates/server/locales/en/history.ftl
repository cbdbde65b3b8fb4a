# SH-1.
nav-history = Sign-in history
history-heading = Sign-in history
history-lead = Who came in, who did not, and what changed. If something was not you, say so: you are shown what to do.
history-show-label = Show
history-show-all = All
history-show-sign-ins = Sign-ins only
history-show-changes = Changes only
history-days-label = Period
history-days = { $days ->
    [one] Last day
   *[other] Last { $days } days
}
history-filter = Show these
history-empty = There is nothing in this period.
history-older = Older entries
history-newest = Back to the newest
history-place-note = Places are shown as the network the request came from, shortened. Mobile networks and VPNs can make your own sign-ins look as if they came from elsewhere.
history-kept = Entries older than 90 days are not listed here.
history-entry-success = Came in
history-entry-failed = Stopped
history-entry-interrupted = Not finished
history-entry-changed = Change
history-this-session = This session
history-unfamiliar = New browser or place
history-by-another = Done by your IT
history-times = { $count ->
    [one] once
   *[other] { $count } times
}
history-from = { $device }, from { $network }
history-from-network = From { $network }
history-reported-on = You reported this: { $at }
history-details = Details
history-details-of = Details: { $title }
history-not-me = This wasn't me
history-not-me-of = This wasn't me: { $title }
history-some-passkey = a passkey

# What happened.
history-signed-in = Signed in with { $passkey }
history-signed-in-password = Signed in with a password
history-signed-in-password-code = Signed in with a password and an authenticator code
history-signed-in-password-recovery = Signed in with a password and a recovery code
history-signed-in-recovery = Signed in with a recovery code
history-pass-redeemed = Came in with a temporary access pass
history-sign-in-refused = A passkey was not accepted
history-confirm-refused = A confirmation was not accepted
history-pass-refused = Temporary access pass not accepted
history-pass-locked = Temporary access pass blocked after too many wrong tries
history-password-refused = Wrong password
history-second-step-refused = Password right, code wrong
history-first-step = Password right, second step not taken
history-enrolment-ended = Setting up a phone ended without a passkey
history-enrolment-claim-refused = Another browser tried to open your set-up code
history-signed-out = Signed out
history-session-revoked = A session was ended
history-other-sessions-revoked = { $count ->
    [one] One other session was ended
   *[other] { $count } other sessions were ended
}
history-pass-issued = A temporary access pass was issued for you
history-pass-revoked = Temporary access pass taken back
history-passkey-added = Method added: { $passkey }
history-passkey-renamed = Passkey renamed: { $passkey }
history-passkey-removed = Method removed: { $passkey }
history-passkey-disabled = Passkey switched off: { $passkey }
history-passkey-enabled = Passkey switched on again: { $passkey }
history-password-set = Method added: password
history-password-changed = Password changed
history-password-off = Method removed: password
history-password-allowed = You may have a password again
history-codes-added = Method added: authenticator codes
history-codes-removed = Method removed: authenticator codes
history-codes-locked = Authenticator codes blocked after too many wrong tries
history-recovery-made = New recovery codes made
history-recovery-removed = Recovery codes made worthless
history-pass-requested = Somebody asked for a pass for you
history-secured = Sessions ended and passkeys switched off at once
history-user-changed = Your name or address was changed
history-user-disabled = Your account was switched off
history-user-enabled = Your account was switched on again
history-role-changed = You got another role

# Why it was stopped.
history-reason-other = It was not accepted.
history-reason-disabled-passkey = This passkey is switched off.
history-reason-unknown-passkey = This passkey is not one of yours.
history-reason-cancelled = It was not finished: cancelled, or left to expire.
history-reason-late = It took longer than five minutes.
history-reason-unverified = The fingerprint, face or PIN was not checked.
history-reason-counter = The passkey may have been copied.
history-reason-wrong = It was wrong.
history-reason-too-many = There had been too many wrong tries.
history-reason-replayed = The code had been used before.
history-reason-pass = The pass was not valid at that time.
history-reason-account = The account was switched off.
history-reason-first-step = The password was right. Nobody came in: the second step was not taken.
history-reason-second-step = The password was right, and the code was not. Nobody came in.

# SH-2.
history-entry-heading = What happened
history-fact-when = When
history-fact-what = What
history-fact-result = Result
history-fact-strength = How strong
history-fact-device = Browser
history-fact-network = Network
history-fact-session = Session
history-fact-reference = Reference
history-strength-multifactor = Two factors
history-strength-passwordless = Two factors without a password
history-strength-phishing-resistant = Cannot be phished
history-strength-phishing-resistant-hardware = Cannot be phished, key in hardware
history-strength-none = One factor
history-result-success = Came in
history-result-failed = Did not come in
history-result-interrupted = Did not come in
history-result-changed = Done
history-address-hidden = not recorded
history-back = Back to the sign-in history

# SH-3a.
not-me-heading = Was it really not you?
not-me-lead = Look at this once more before you do something about it. Nothing has changed yet.
not-me-look-alikes = It may well have been you if:
not-me-look-browser = you used another browser or a private window,
not-me-look-vpn = you were on a VPN, on mobile data or in a hotel: the place is guessed from the network,
not-me-look-phone = your phone or a second computer signed in by itself,
not-me-look-help = somebody helped you at that time.
not-me-was-me = It was me
not-me-was-not = It really wasn't me

# SH-3b.
not-me-do-heading = What to do now
not-me-guessed = Somebody guessed at your account. They did not get in, and nothing needs to be done. We tell your IT.
not-me-password-known = Somebody knows your password. They did not get in. Change the password or turn it off now.
not-me-in-by-password = Somebody was in your account with your password. Sign them out and take the password away from them.
not-me-in-by-recovery-code = Somebody was in your account with one of your recovery codes. Sign them out and make the codes worthless.
not-me-in-by-passkey = Somebody was in your account with { $passkey }. They have the device, or the account it is saved in.
not-me-passkey-refused = Somebody tried to come in with { $passkey } and did not get in. They may have the device.
not-me-in-by-pass = Somebody used your temporary access pass. Your IT needs to know at once.
not-me-method-added = Somebody added a way into your account. Remove it and sign them out.
not-me-changed = Somebody changed something in your account. Sign out everywhere else, and look at your sign-in methods.
not-me-only-suspicious = The only way you sign in with is the one in question. You can sign out everywhere else, and you can freeze your account until your IT calls you. If it is a passkey, it confirms that.
not-me-only-administrator = The only way you sign in with is the one in question. You can sign out everywhere else. Nobody else administers this Keyward, so your account cannot be frozen: whoever runs the server can take the passkey away.
not-me-lost-device = I do not have the device any more
not-me-choose = Choose what to do
remedy-sign-out-elsewhere = Sign out everywhere else
remedy-end-its-sessions = Sign out wherever it was used
remedy-remove-passkey = Remove { $passkey }
remedy-turn-off-password = Turn off the password
remedy-remove-codes = Remove the authenticator codes
remedy-remove-recovery-codes = Make the recovery codes worthless
remedy-revoke-pass = Take the temporary access pass back
remedy-freeze = Freeze the account until my IT calls me
remedy-freeze-hint = Nothing signs in any more, you included. Your IT gives you a temporary access pass to lift it.
not-me-tell-it = Tell your IT. This always happens, with a reference for you.
not-me-confirm-hint = You confirm this with a method that is not the one in question.
not-me-send = Do this now
not-me-change-password = Change the password instead
not-me-problem-heading = Nothing was changed
not-me-problem-suspicious = You confirmed with the method in question. Use another one.
not-me-problem-not-offered = What you chose is not possible any more. This page is current again: choose once more.
not-me-too-old = This entry is older than 90 days, and nothing was changed. Speak to your IT about it.
not-me-handled = You reported this: { $at }. Nothing was changed now.
not-me-handled-lead = Your reference is { $reference }. Give it to your IT if they ask for it.
confirm-report = Use a passkey other than the one in question. Nothing has changed yet.
confirm-freeze = Confirm that your account is to be frozen. Use your passkey, also if it is the one in question. Nothing has changed yet.

# SH-3c.
told-heading = Your IT knows
told-lead = Your reference is { $reference }. Your IT finds your report under it. Do not give it to anyone who calls you by themselves.
told-some-not = Not all of it could be done. What could not is marked below.
told-done = What was done
outcome-done = Done
outcome-already-done = Was done already
outcome-last-method = Not done: it is your last way to sign in. Add another one first.
told-next = Look at your sign-in methods
flash-entry-reported = Thank you. Your report is on record.
flash-account-frozen = Your account is frozen, and nothing signs in any more. Your reference is { $reference }. Your IT lifts it with a temporary access pass.

# After a freeze.
frozen-heading = Your account was frozen
frozen-lead = You came in with a temporary access pass. Choose the passkeys that are still yours: they can sign in again. Leave out what you do not have any more.
frozen-choose = Which passkeys are still yours?
frozen-password = My password: nobody else knows it
frozen-none = None of your passkeys is frozen.
frozen-enable = Switch these on again
frozen-add = Create a new passkey
flash-frozen-lifted = { $count ->
    [0] Nothing was switched on. Your passkeys stay frozen.
    [one] One passkey can sign in again.
   *[other] { $count } passkeys can sign in again.
}
frozen-notice = Passkeys of yours are frozen.
frozen-notice-link = See which
