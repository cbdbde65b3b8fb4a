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
sign-in-login = Login name:{ " " }
sign-in-pass = Temporary access pass, or [Enter] to use your password:{ " " }
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
approve-set-pin = A program wants to set a PIN. Whoever knows it can use this vault through programs from then on.
approve-may-create = It may create a passkey there, also in place of the one that you have.
approve-may-manage = It may list, rename and delete passkeys.
approve-may-configure = It may change the settings of this vault: how long PINs must be, and whether you are always verified.
approve-via-key = Asked by a program on this computer.
approve-via-device = ANOTHER DEVICE asks for this, over the code that you scanned.
approve-via-linked = ANOTHER DEVICE asks for this, without a code: the one that you call "{ $device }".
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

# Signing in on another device
scan-advertising = Waiting for the other device. Its Bluetooth must be on, and it must be near.
scan-connected = The other device is there.
scan-answered = It has its answer.
scan-done = Done. Look at the other device.

# Devices that may ask without a code
link-ask = The other device asks to be remembered: it may then ask again for a year without a code. Bluetooth is needed all the same, and you are asked each time. Remember it?
link-name = Name for it, or [Enter] for "{ $name }":{ " " }
link-name-default = device-{ $number }
link-kept = The other device is remembered as "{ $name }": "keyfob links" lists such devices and forgets them.
link-not-kept = The other device is not remembered: the vault could not keep that.
link-not-wanted = The other device does not ask to be remembered.
links-empty = No device may ask without a code.
links-since = Since
links-until = Until
links-removed = Forgotten: { $name }. It needs a code again.

sign-in-as = Sign in as { $account }
sign-in-password = Password:{ " " }
key-pin = PIN of the security key:{ " " }
key-touch = Touch the security key, or approve there.
server-is = This server calls itself "{ $name }".
not-created = No passkey was created: { $why }.
resumed-deleted = An earlier try at { $server } for { $account } had broken off: the server did not take the passkey, and it is deleted here.
resumed-never = An earlier try at { $server } for { $account } had broken off before the passkey was handed in: it is deleted here.
resumed-unknown = An earlier try at { $server } for { $account } had broken off, and the server does not say whether it took the passkey. It is kept; "keyfob list --refresh" asks.
init-offer = There is no vault yet. Make one at { $vault }?
list-display = Full name
list-server = Server
refreshed = The servers know all passkeys that were created for them.

# The face on the whole terminal
face-keys = ↑↓ choose · Enter details · a add · r rename · d remove · u ask servers · ? help · q quit
face-keys-busy = Esc gives up · q quit
face-back = Esc back · r rename · d remove · q quit
face-serve = Requests are shown here: keyfob serve runs.
face-here = Browsers do not find this vault: keyfob serve does not run.
face-gone = keyfob serve has ended: start the face anew.
face-small = Make the terminal larger to read this.
face-empty = Press a to create a passkey for your organisation's sign-in server.
face-help = Keyfob keeps your passkeys. "keyfob serve" makes it this computer's security key; "keyfob scan" signs in on another device.
face-help-keys = ↑ ↓ or k j choose, Enter shows all about a passkey, a adds one, r renames, d removes, u asks the servers which they still know, q or Ctrl-C quits.
face-help-approve = When a program asks for a passkey it says here which site, which account, and what happens. [y] approves, [n] or Esc refuses. A key that you pressed before the question was there does nothing.
face-add = Address of your organisation's sign-in server, or the address in the code that a computer shows:
face-add-how = For example id.example.com, or https://id.example.com/a/e/…
face-add-code = Code that your computer shows, such as 4KD-92M; or [Enter] to sign in here:
face-rename = New name:
face-name = A name has 1 to 60 characters.
face-busy = One thing at a time: Esc gives up what is under way.
face-working = Working …
face-enter = Press [Enter] to go on.
face-waiting = Waiting for it. Esc gives up.

# doctor
doctor-bad = { $count ->
    [one] One thing is not as it should be.
   *[other] { $count } things are not as they should be.
}
doctor-vault-good = The vault { $vault } opens with { $lock }, and only you can read it.
doctor-vault-missing = There is no vault at { $vault }: "keyfob init" makes one.
doctor-vault-unreadable = The vault { $vault } cannot be used: { $why }.
doctor-vault-unattended = The vault { $vault } approves everything by itself: use it for tests alone.
doctor-vault-open = Others on this computer may read { $vault } or what lies beside it: "keyfob doctor --fix" closes it.
doctor-vault-closed = Others on this computer could read { $vault } or what lies beside it; now only you can.
doctor-serve-good = "keyfob serve" runs: browsers find this vault as a security key.
doctor-serve-missing = "keyfob serve" does not run: browsers do not find this vault. "systemctl --user enable --now keyfob" starts it with your session.
doctor-uhid-good = This computer takes virtual security keys.
doctor-uhid-denied = You may not make a virtual security key: the rule for /dev/uhid is missing, or you have not signed in anew since it came.
doctor-uhid-missing = The kernel has no virtual devices (/dev/uhid): "sudo modprobe uhid" loads what is missing, as does "sudo keyfob doctor --fix".
doctor-uhid-loaded = The kernel takes virtual security keys now.
doctor-rule-good = The rule that lets you make a virtual security key is there.
doctor-rule-missing = The rule that lets you make a virtual security key is missing: the package has it, or "sudo keyfob doctor --fix" makes it.
doctor-rule-made = The rule that lets you make a virtual security key is there now: { $file }.
doctor-bluetooth-good = Bluetooth is on and can advertise: "keyfob scan" works.
doctor-bluetooth-on = Bluetooth was off and is on now.
doctor-bluetooth-off = Bluetooth is off: "keyfob scan" needs it. "keyfob doctor --fix" turns it on.
doctor-bluetooth-adapter = This computer has no Bluetooth adapter: "keyfob scan" needs one.
doctor-bluetooth-advertise = This computer's Bluetooth adapter cannot advertise: "keyfob scan" needs one that can.
doctor-bluetooth-permission = You may not use Bluetooth here: ask for membership in the group bluetooth.
doctor-bluetooth-missing = Bluetooth's service does not answer: install bluez and start it. "keyfob scan" needs it.
doctor-keyring-good = Your desktop's keyring answers.
doctor-keyring-needed = The vault opens with your desktop's keyring, and none answers: start gnome-keyring or KWallet.
doctor-keyring-missing = No keyring answers; this vault does not need one.
doctor-tpm-good = This computer's TPM can open vaults: "keyfob init --tpm".
doctor-tpm-needed = The vault opens with this computer's TPM, which does not help: { $why }.
doctor-tpm-missing = No TPM can open vaults here: { $why }. This vault does not need one.
doctor-notices-good = Your desktop shows notices: it asks you where no terminal does.
doctor-notices-missing = Your desktop shows no notices: approve in a terminal with "keyfob".
doctor-polkit-good = Your desktop can ask who you are.
doctor-polkit-missing = polkit does not answer: your desktop cannot ask who you are.
doctor-polkit-policy = polkit does not know Keyfob: the package has the file org.keyfob.policy.
doctor-finger-good = Your fingerprint is known.
doctor-finger-none = There is a fingerprint reader, and none of your fingers is known: "fprintd-enroll" changes that.
doctor-finger-reader = There is no fingerprint reader.
doctor-finger-missing = fprintd is not installed: fingerprints cannot be asked for.
doctor-screen-good = "keyfob scan --screen" takes pictures of the screen with { $program }.
doctor-screen-missing = Neither grim, maim nor import is installed: "keyfob scan --screen" needs one of them.
doctor-camera-good = There is a camera, and ffmpeg to read it.
doctor-camera-missing = There is no camera.
doctor-camera-program = There is a camera, but no ffmpeg to read it: "keyfob scan --camera" needs it.
doctor-clock-good = Your clock is set over the network.
doctor-clock-unset = Your clock is not set over the network: codes are refused when it is off by more than a minute.
doctor-clock-unknown = Whether your clock is right cannot be found out here.
doctor-clock-never = Your clock was never set: certificates and codes are refused.
doctor-server-good = { $server } answers and calls itself "{ $name }".
doctor-server-bad = { $server }: { $why }.
doctor-server-other = { $server } says that its address is { $origin }: use that one.
doctor-server-clock-good = Your clock and that of { $server } agree.
doctor-server-clock = Your clock and that of { $server } are { $seconds } seconds apart: codes are refused.
doctor-relay-none = { $server } runs no tunnel service of its own; "keyfob scan" uses the one that the other device names.
doctor-relay-good = The tunnel service { $relay } answers.
doctor-relay-name = The server names a tunnel service that is no host: { $relay }.
doctor-relay-bad = The tunnel service { $relay } does not answer: { $why }.
