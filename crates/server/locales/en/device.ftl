# /device: letting a device in that cannot show a sign-in page (RFC 8628).
device-heading = Let a device in
device-lead = Enter the code that the device shows.
device-own = Go on only if you started this yourself, on a device in front of you. Nobody from your organisation will ever send you such a code.
device-code = Code on the device
device-code-hint = Eight letters, such as WDJB-MJHT. Capitals and the hyphen don't matter.
device-next = Next
device-malformed = That is no code of a device. It has eight letters and no vowels.
device-unknown = No device waits with this code. Check it; it works for five minutes, and then the device shows another one.

device-approve-heading = Let this device in?
device-wants = This device wants to use your account with { $application }.
device-is = Device
device-from = Network address
device-since = Asked
device-shows = Shows the code
device-unnamed = did not say what it is
device-same-network = It asked from the same network that you are in now.
device-other-network = It asked from another network than the one that you are in now. If the device is not in front of you, somebody else may be trying to get into your account.
device-sees = It will see
device-resources = It will act for you at
device-confirm = Your passkey confirms it. That you are signed in is not enough.
device-let-in = Let it in with my passkey
device-decline = Don't let it in

device-approved-heading = The device is in
device-approved = Go on at the device. It may take a few seconds until it knows.
device-approved-out = It is signed out again when you sign out here, or under Sessions.
device-declined-heading = The device was not let in
device-declined = It gets nothing. If you did not start this yourself, somebody may have tried to get into your account: tell your IT contact.
device-over-heading = This device waits no more
device-over = Its code works for five minutes, or somebody has answered already. Start again at the device.
device-not-yours-heading = You have no access to this application
device-not-yours = Your organisation opens this application for certain groups, and you are in none of them. If you need it, ask your IT contact.
device-too-weak-heading = The application asks for a stronger sign-in
device-too-weak = The passkey that you confirmed with is not enough for this application.
device-another = Enter another code
