# What Keyfob says to people. Names and addresses come as arguments; sentences are never put together from parts.

yes-keys = y
no-keys = n
question = { $text } [{ $yes }/{ $no }]{ " " }

# The errand (guide, path A)
errand-title = Create a passkey at { $server }
errand-account = Account   { $account }
errand-started = Started   { $at } on { $browser }, { $address }
errand-warning = Only continue if you started this yourself on your computer. Nobody ever sends such codes by mail.
errand-choose = [c]ontinue, [n]ot me: I did not start this, or [q]uit?{ " " }
errand-choose-keys = cnq
sign-in-title = Sign in to { $server } as { $account }
sign-in-login = Login name:{ " " }
sign-in-pass = Temporary access pass, or [Enter] to use your password:{ " " }
sign-in-password = Password:{ " " }
sign-in-wrong = That was not right.
sign-in-wrong-left = { $left ->
    [one] That was not right. One try is left.
   *[other] That was not right. { $left } tries are left.
}
sign-in-code = Six digits of your authenticator app:{ " " }
sign-in-recovery = Recovery code:{ " " }
number = Type this number on your computer:  { $number }
number-waiting = Waiting for it. Ctrl-C gives up.
creating = The passkey is made here, in your vault.
handing-in = Handing it in …
handing-in-again = The answer got lost. Trying again …
created = Saved: "{ $name }" for { $account } at { $server }. Your computer says so, too.
created-alone = Saved: "{ $name }" for { $account } at { $server }.

# Approving
approve-register = { $site } wants to create a passkey for { $account }.
approve-register-named = { $site } (it calls itself "{ $name }") wants to create a passkey for { $account }.
approve-replaces = It takes the place of the passkey that you have there.
approve-sign-in = Sign in to { $site } as { $account }?
approve-sign-in-many = Sign in to { $site }. Which account?
approve-known = { $site } asks for a passkey of this vault. A passkey for it is here already.
approve-none = { $site } asks for a passkey of this vault. None for it is here.
approve-select = A program asks whether this is the security key that you mean.
approve-reset = A program wants to delete EVERY passkey of this vault. That cannot be undone.
approve-reset-word = delete
approve-reset-type = Type "{ $word }" to delete them all:{ " " }
approve-verify = A program wants to act with this vault for some minutes.
approve-verify-site = A program wants to act with this vault for some minutes, at { $site }.
approve-may-manage = It may list, rename and delete passkeys.
approve-may-configure = It may change the settings of this vault: how long PINs must be, and whether you are always verified.
approve-via-key = Asked by a program on this computer.
approve-via-device = ANOTHER DEVICE asks for this, over the code that you scanned.
approve-via-server = Asked by this command, for { $server }.
approve-ask = Approve?
approve-account = Number of the account, or [Enter] for none:{ " " }
withdrawn = The other side has given up.
verify-passphrase = Passphrase of the vault:{ " " }
verify-wrong = That is not the passphrase.
verify-desktop = Your desktop asks who you are.
passphrase-ask = Passphrase of { $vault }:{ " " }
passphrase-new = Passphrase for the new vault:{ " " }
passphrase-export = Passphrase for the export:{ " " }
passphrase-import = Passphrase of the export:{ " " }
passphrase-changed = New passphrase:{ " " }
passphrase-again = The same once more:{ " " }

# Notices
notice-title = Keyfob
notice-approve = Approve
notice-refuse = Refuse

# Lists
list-empty = The vault holds no passkeys.
list-site = Site
list-account = Account
list-name = Name
list-created = Created
list-used = Last used
list-id = Id
never = never
renamed = Renamed to "{ $name }".
removed = Removed: { $account } at { $site }.
removed-server = Removed here and at the server: { $account } at { $site }.
remove-ask = Remove the passkey of { $account } at { $site }? Whoever has no other way to sign in there is locked out.
remove-only-here = { $site } may go on to offer this passkey: remove it in your account there, too.
gone-there = { $site } no longer knows this passkey of { $account }; it is removed here, too.

# The face
face-title = Keyfob
face-keys = ↑↓ choose   Enter details   r rename   d remove   a add   ? help   q quit
face-serve = A running keyfob serve holds the vault: requests are shown here.
face-here = No keyfob serve is running: browsers do not find this vault at present.
face-back = Esc back
face-approve = y approve   n refuse
face-small = Make the terminal larger.
face-help = Keyfob keeps your passkeys. "keyfob serve" makes it this computer's security key; "keyfob scan" signs in on another device.
face-add = Address of your organisation's sign-in server:
face-rename = New name:
face-remove = Remove it? y removes, n keeps.

# Signing in on another device
scan-advertising = Waiting for the other device. Its Bluetooth must be on, and it must be near.
scan-connected = The other device is there.
scan-answered = It has its answer.
scan-done = Done. Look at the other device.
