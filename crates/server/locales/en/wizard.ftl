# W-1, W-5a, W-5d, W-6, W-8, W-9, W-10.
stepper-label = Steps
stepper-now = Step { $step } of { $steps }
step-choose = Choose
step-create = Create
step-name = Name
step-try = Try
step-done = (done)
choose-heading = Add a sign-in method
choose-missing = Choose where the passkey should be saved.
choice-this-computer = Passkey on this computer
choice-this-computer-hint = With your fingerprint, your face or the PIN of your screen lock. Saved in this computer's password manager.
choice-security-key = Security key
choice-security-key-hint = A small key for USB or NFC that you carry with you. Works on many computers and phones.
choice-have = { $count ->
    [one] You have 1.
   *[other] You have { $count }.
}
choice-not-allowed = Turned off by your organisation.
choice-no-platform = This computer has no screen lock or cannot save passkeys. Use a security key.
nothing-allowed = Your organisation has not turned on any method that you can use. Tell your IT contact: reference { $reference }.
create-heading-this-computer = Create a passkey on this computer
create-heading-security-key = Create a passkey on your security key
create-computer-text = Your computer will ask for your fingerprint, your face or the PIN of your screen lock.
create-computer-saved = It saves the passkey in its password manager. Nothing of your fingerprint or face comes to us.
create-computer-other = The prompt offers something else
create-computer-other-text = Browsers differ. If yours offers several places, choose this computer or your password manager. Whatever you choose, we tell you afterwards where the passkey is.
create-key-insert = Put your security key into the USB port, or have it ready for NFC.
create-key-press = Press the button below and follow the prompt. Choose “Security key” if it asks.
create-key-pin = Type the PIN of the key, or set one, and touch the key when it blinks.
create-key-trouble = It does not work
create-key-trouble-text = On an iPhone or iPad the key needs a PIN beforehand: set it on a computer first. A full key needs an old passkey deleted. Very old keys that know only U2F cannot save a passkey.
create-passkey = Create passkey
name-heading = Name your passkey
name-created = Your passkey is created and ready to use.
try-heading = Try it once
try-created = Your passkey { $name } is saved. Now try it once.
try-named-lead = Let's see that { $name } works.
try-text = Your device asks you once more, as it will when you sign in.
try-now = Try it now
try-again = Try again
skip = Skip
backup-heading = Add a second passkey
backup-lead = If your only passkey is lost, you need your IT contact to get back in. A second one in another place saves you that.
backup-required = Your organisation asks for two passkeys.
done-heading = Your passkey is ready
done-text = From now on you can sign in with { $name }.
done-not-tried = You have not tried it yet. You can do that in Security info at any time.
