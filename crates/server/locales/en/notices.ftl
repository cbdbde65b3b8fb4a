# Notices: on the page and in mails. What happened, in a title and a sentence for each kind.
nav-notices = Notices
notices-heading = Notices
notices-lead = What happened around your sign-in. We also send it by mail if your account has an address.
notices-none = Nothing has happened yet.
notices-new = New
notices-unseen = { $count ->
    [one] 1 new notice
   *[other] { $count } new notices
}
notices-mark-seen = Mark all as seen
notices-history = Look at all sign-ins and changes
notices-not-me = Was one of these not you? Open your history and say so there.
flash-notices-seen = All notices are marked as seen. They stay here for 90 days.

notice-passkey = Passkey: { $name }
notice-when = When: { $when }
notice-where = Where: { $browser }, from { $address }
notice-by-oneself = Done by: somebody who was signed in to your account
notice-by-somebody = Done by: your organisation's helpdesk or administrators
notice-by-server = Done by: your organisation
notice-by-nobody = Done by: somebody who was not signed in
notice-codes-left = { $count ->
    [one] 1 recovery code is left.
   *[other] { $count } recovery codes are left.
}
notice-sessions-ended = { $count ->
    [one] 1 session was ended.
   *[other] { $count } sessions were ended.
}

notice-kind-passkey-added = A passkey was added
notice-kind-passkey-added-text = A new passkey can sign in to your account.
notice-kind-passkey-first-used = A new passkey was used for the first time
notice-kind-passkey-first-used-text = The passkey works.
notice-kind-passkey-removed = A passkey was removed
notice-kind-passkey-removed-text = Nobody can sign in with it any more.
notice-kind-passkey-disabled = A passkey was turned off
notice-kind-passkey-disabled-text = Nobody can sign in with it any more. It stays in your list until you remove it.
notice-kind-passkey-enabled = A passkey was turned on again
notice-kind-passkey-enabled-text = It can sign in to your account again.
notice-kind-passkey-copied = A passkey may have been copied
notice-kind-passkey-copied-text = It counted backwards when it was used, which a security key does not do by itself. Remove it if you are in doubt.
notice-kind-pass-issued = A temporary access pass was issued for you
notice-kind-pass-issued-text = Whoever has it can set up a passkey for your account. If you did not ask for it, tell your IT contact.
notice-kind-pass-used = Your temporary access pass was used
notice-kind-pass-used-text = Somebody opened the setup of your sign-in with it.
notice-kind-pass-revoked = Your temporary access pass was withdrawn
notice-kind-pass-revoked-text = It no longer works.
notice-kind-pass-locked = Your temporary access pass has ended
notice-kind-pass-locked-text = There were too many wrong tries. Ask your IT contact for a new one if you still need it.
notice-kind-password-set = A password was set
notice-kind-password-set-text = Your account has a password now.
notice-kind-password-changed = Your password was changed
notice-kind-password-changed-text = The old one no longer works.
notice-kind-password-off = Your password was turned off
notice-kind-password-off-text = Nobody can sign in with it any more. Sessions that rested on it were ended.
notice-kind-password-allowed = Your account may have a password again
notice-kind-password-allowed-text = It has none until one is set.
notice-kind-codes-added = Authenticator codes were set up
notice-kind-codes-added-text = An app shows codes that complete a sign-in with your password.
notice-kind-codes-removed = Authenticator codes were removed
notice-kind-codes-removed-text = Codes of the app no longer work.
notice-kind-codes-locked = Your authenticator codes are blocked
notice-kind-codes-locked-text = There were too many wrong codes after the right password. If that was not you, change your password. Sign in another way and set the app up again, or ask your IT contact for a temporary access pass.
notice-kind-recovery-codes-made = New recovery codes were made
notice-kind-recovery-codes-made-text = Older ones no longer work.
notice-kind-recovery-code-used = A recovery code was used
notice-kind-recovery-code-used-text = Each code works once.
notice-kind-new-browser = A sign-in with a browser that was not used before
notice-kind-new-browser-text = Somebody signed in to your account with a browser that we had not seen with it.
notice-kind-enrolment-ended = A phone was to get a passkey and did not
notice-kind-enrolment-ended-text = The setup with a phone was declined, locked or refused. No passkey was created.
notice-kind-pass-requested = Somebody asked for a temporary access pass for you
notice-kind-pass-requested-text = The request alone changes nothing. The helpdesk gives a pass only to somebody whom it has recognised as you.
notice-kind-request-closed = The request for a pass was dealt with
notice-kind-request-closed-text = If you asked for it, you have been told how it goes on.
notice-kind-account-secured = Sessions of your account were ended
notice-kind-account-secured-text = Somebody who was signed in to your account signed out other devices.
notice-kind-entry-reported = You reported that something was not you
notice-kind-entry-reported-text = An entry of your history was marked as not yours.
notice-kind-account-changed = Your name or address was changed
notice-kind-account-changed-text = Your passkeys are unchanged.
notice-kind-address-left = Notices of your account go to another address from now on
notice-kind-address-left-text = This is the last notice to this address. Your passkeys are unchanged. If you did not ask your IT for this change, tell them now.
notice-kind-role-changed = The role of your account was changed
notice-kind-role-changed-text = It may do more or less to the accounts of others than before.
