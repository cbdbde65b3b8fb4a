# The frame of every page, and words that several pages share.
title = { $title } – { $organisation }
title-failed = Error: { $title } – { $organisation }
skip-link = Skip to the content
help-link = Help
language-label = Language:
nav-label = Your account
nav-security = Security info
nav-sessions = Devices and sessions
sign-out = Sign out
signed-in-as = Signed in as { $login }
footer = Sign-in service of { $organisation }
offline = You are offline. We keep your place.
online-again = You are online again.
read-only = Changes are paused until { $until }. You can still look at everything.
pass-window = Your pass works until { $ends } ({ $left } left).
pass-ends-five = Your pass ends in 5 minutes. What you have finished is kept.
pass-ends-one = Your pass ends in 1 minute. What you have finished is kept.
pass-ends-over = Your pass has ended. What you finished is kept. Ask your IT contact for a new one to go on.
too-many-tries = { $minutes ->
    [one] Too many tries. Try again in 1 minute.
   *[other] Too many tries. Try again in { $minutes } minutes.
}
tries-again-now = You can try again now.
reference = Reference { $reference }
get-help = Get help
cancel = Cancel
next = Next
back = Back
later = Later
not-now = Not now
set-it-up = Set it up
or = or
change = Change
start = Start
go-on = Continue
yes = Yes
never = Never
unknown = Not known
to-security-info = Open Security info
to-sign-in = Go to sign-in
no-script = Passkeys need JavaScript, which is off in this browser. Everything else on this page works. You can sign in with a temporary access pass.
no-webauthn = This browser cannot use passkeys here.
no-webauthn-browsers = Current versions of Chrome, Edge, Safari and Firefox can. You can also sign in with a temporary access pass.
in-app = You opened this page inside another app, where passkeys do not work. Open it in your browser, such as Safari or Chrome.
copy-link = Copy the link
open-browser = Open in the browser
what-is-passkey = What is a passkey?
what-is-passkey-text = A passkey replaces your password. You unlock it with your fingerprint, your face, or the PIN of your screen lock. It works only with the real site, so nobody can trick you into giving it away.
where-is-passkey = Where is it saved?
where-is-passkey-text = On your device, in its password manager, or on a security key. Your fingerprint and your face never leave your device.

flash-passkey-added = The passkey { $name } is ready to use.
flash-passkey-renamed = The passkey is now called { $name }.
flash-passkey-renamed-duplicate = The passkey is now called { $name }. Another of your passkeys has the same name.
flash-passkey-removed = The passkey { $name } was removed. Nobody can sign in with it any more.
flash-passkey-removed-lost = The passkey { $name } was removed, and the sessions that it opened were ended. Nobody can sign in with it any more.
flash-passkey-removed-provider = If { $provider } still offers it, delete it there too. We asked your browser to do that.
flash-passkey-removed-device = If your device still offers it, delete it in the settings of its password manager too.
flash-already-gone = Somebody else was faster: that entry is gone already. This list is up to date.
flash-pass-deleted = Your temporary access pass was deleted. It no longer works.
flash-session-ended = That session was ended.
flash-other-sessions-ended = { $count ->
    [0] There was no other session to end.
    [one] One other session was ended.
   *[other] { $count } other sessions were ended.
}
flash-account-forgotten = This browser no longer offers that account. The account itself is unchanged.
flash-setup-saved = Saved. You are the first administrator.
flash-came-from-elsewhere = You are signed in with another device. Set up a passkey on this computer too?
