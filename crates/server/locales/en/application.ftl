# OC-0 to OC-4, OC-6 and OC-7: what an application that waits brings.
application-ours = added by your organisation
application-choose = Choose an account
application-other-meant = You are signed in as { $login }, and the application means another account.
application-other-account = Use another account
application-cancel = Cancel and go back to { $application }

application-consent = { $application } wants to use your account
application-as = As
application-switch = Switch
application-unverified = Your organisation does not know this application: it registered itself. Go on only if you know whose address this is:
application-more = You have allowed this application some of it before. This is new:
application-sees = It will see
application-does = It can also
application-new-sees = New: it will see
application-new-does = New: it can also
application-known = What you allowed before
application-scope-openid = that it is you, by a number that stands for your account
application-scope-profile = your name, your login name and your language
application-scope-email = your email address
application-scope-groups = the names of your groups
application-scope-groups-named = your groups: { $groups }
application-scope-offline = stay connected when you are away
application-scope-other = use what it calls { $scope }
application-allow = Allow
application-deny = Don't allow
application-take-back = You can take this back at any time under Apps with access.

application-stronger = { $application } asks for a stronger sign-in
application-stronger-text = Confirm with a passkey. A password or codes are not enough here.
application-again = { $application } asks you to confirm that it's you
application-old-text = Your last sign-in was too long ago for this application.
application-again-text = This application wants you to sign in each time, even if you are signed in already.
application-skip = Go on without it

application-passkey-first = Add a passkey first
application-key-first = Add a security key first
application-needs-passkey = { $application } opens only with a passkey, and you have none yet.
application-needs-other = { $application } does not take any of the passkeys that you have. Add another one.
application-needs-key = { $application } opens only with a security key whose maker your organisation can check.
application-returns = It takes about a minute. Afterwards you come back and go on to { $application }.
application-needs-pass = The way you signed in is not enough to add one. Ask your IT contact for a temporary access pass.

application-not-yours = You have no access to { $application }
application-not-yours-text = Your organisation opens this application for certain groups, and you are in none of them. If you need it, ask your IT contact.

application-stopped = We can't lead you to this application
application-stopped-named = We can't lead you to { $application }
application-unknown = Nobody here knows the application that sent you. We did not lead you back, because we don't know where that would be.
application-disabled = Your organisation has turned this application off. If you need it, ask your IT contact.
application-address = The application wants to be answered at an address that is not registered for it. We did not lead you there: it could be somebody else's.
application-request = The application asked in a way that we don't understand. Go back to it and try again. If it happens again, tell those who run it.
application-home = Go to the start page
application-developers = Details for developers
application-developers-text = The error in the terms of OAuth 2, and what exactly was refused. The server's log has more under the reference.
application-over = This request is over
application-over-text = It was open too long, or you have answered it already. Go back to the application and start again there.

application-back = Back to { $application }
application-back-nameless = Back to the application
application-back-text = You are being led back.
application-back-noscript = Scripts are turned off in this browser, so you go on by yourself.
session-end-again = This application wants you to sign in again.
