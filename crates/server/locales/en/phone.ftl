# W-2, W-3, W-4, W-5b, W-5c: a passkey on the phone.
choice-phone = Passkey in Authenticator (on your phone)
choice-phone-hint = With your fingerprint, your face or your screen lock. Saved in your phone's password manager. Works on any computer.
choice-this-phone = Passkey on this phone
choice-this-phone-hint = With your fingerprint, your face or your screen lock. Saved in this phone's password manager.
choice-recommended = Recommended

check-heading = What you need
check-versions = A phone with Android { $android } or later, or an iPhone with iOS { $ios } or later.
check-lock = A screen lock on it: PIN, fingerprint or face.
check-internet = Internet on the phone.
check-bluetooth = Bluetooth only if you choose the way in which the browser shows the code.
check-version-how = How do I see my version?
check-version-android = Android: open Settings, then “About phone”. The number stands at “Android version”.
check-version-ios = iPhone or iPad: open Settings, then “General”, then “About”. The number stands at “iOS version”.
check-older = My phone is older
check-older-text = Update it if it offers an update. If it stays older, use a security key or a passkey on this computer instead.
check-instead-key = Use a security key
check-instead-computer = Use this computer

which-heading = Which phone do you have?
which-lead = This only decides what we explain.
which-android = Android
which-ios = iPhone or iPad
which-here = I am on the phone now
which-none = Another phone, or none
which-none-text = A security key, or a passkey on this computer, works without a phone.
which-missing = Choose your phone.

how-heading = How should the phone create the passkey?
how-link = Scan a code and use your phone
how-link-hint = Your phone opens our page. No Bluetooth.
how-browser = Let this browser talk to the phone
how-browser-hint = The browser shows a code of its own. Needs Bluetooth on both.
how-here = This device instead
how-here-hint = Save the passkey on this computer: Windows Hello, Touch ID, or its password manager.
how-no-bluetooth = This computer has no Bluetooth, or the browser may not use it.
how-no-platform = This computer has no screen lock or cannot save passkeys.
how-missing = Choose how the phone should create the passkey.
how-changed = That way is not available any more. Nothing was changed. Choose another one.

link-heading = Create the passkey on your phone
link-qr = QR code that opens { $address } on your phone
link-scan-android = Open the camera of your phone, or “Scan QR code” in its quick settings.
link-scan-ios = Open the camera of your iPhone or iPad.
link-scan = Open the camera of your phone.
link-point = Point it at the code and open the link.
link-follow = Follow the phone. Leave this page open.
link-no-camera = No camera? On the phone open { $address } and type
link-no-code = No camera? Copy the link and open it on the phone.
link-copy = Copy link
link-copied = The link is copied. It works once, on your own phone: send it to nobody else.
link-once = This code works until { $ends }, and only once.
link-new = Here is a new code. The old one no longer works.
link-one-minute = This code ends in 1 minute. You can get a new one then.
link-stages = What has happened
link-step-waiting = The code waits
link-step-opened = Phone opened the page
link-step-signed-in = You signed in on the phone
link-step-confirmed = You confirmed that it is your phone
link-step-created = Passkey created
link-cancel = Cancel
link-stop = This is not my phone: stop
link-again = Get a new code
link-start-again = Start again
link-try-again = Try again
link-another-way = Another way
link-another-phone = Use another phone
link-try-instead = Try it instead
link-sign-in = Sign in again
link-refresh = This page renews itself every four seconds.
link-refresh-now = Look again
link-another-tried = Another device tried to open this code too. It was turned away, and nothing has changed. If that was not you, stop here.
link-lost = We have lost contact with the phone. The code stays valid until it ends.
link-device = { $device } opened the code.
link-device-at = { $device } at the address { $address } opened the code.
link-problems = Problems?
link-problems-camera = The camera does not open the link: type the address and the code instead.
link-problems-private = The phone must not use a private window, and the page must open in its browser, not inside another app.
link-problems-lock = The phone needs a screen lock. Turn one on, then try again.
link-problems-sign-in = The phone asks you to sign in: use your pass, or a passkey that you have. That keeps others from adding their phone to your account.

link-number = Number that your phone shows
link-number-hint = Type it only if the phone in your hand shows it.
link-number-confirm = Confirm
link-number-empty = Type the number that your phone shows.
link-number-wrong = { $left ->
    [one] That is not the number. You have 1 try left.
   *[other] That is not the number. You have { $left } tries left.
}
link-number-other = You cannot read the number? Let the phone sign in instead: stop here, and choose another way.

stage-created = Waiting for your phone…
stage-opened = Your phone opened the page.
stage-signing-in = Signing in on the phone…
stage-approve = Type the number that your phone shows.
stage-approved = Confirmed. Continue on the phone.
stage-creating = Your phone is asking for your screen lock…
stage-created-ok = Passkey created.
stage-tried = You tried it: it works.
stage-expired = This code has ended. Nothing was created.
stage-number-locked = For safety we stopped: the number was wrong too often. Nothing was created.
stage-declined = The phone declined. Nothing was created.
stage-stopped = You stopped it. Nothing was created.
stage-phone-unsupported = This phone can't save a passkey here. Nothing was created.
stage-phone-cancelled = The prompt on the phone was closed. It can try again.
stage-duplicate = This phone already has a passkey for you. You can use it as it is.
stage-rejected = Your organisation does not accept the passkey of this phone. Nothing was added. Use another phone or a security key.
stage-other-account = The phone signed in with another account, not yours. Nothing was created.
stage-other-account-as = The phone signed in as { $login }, not as you. Nothing was created.
stage-ended = You were signed out on this computer. A passkey that the phone has created already is kept.

link-unsupported-in-app-browser = The page was opened inside another app. Open the link in the phone's own browser.
link-unsupported-no-screen-lock = The phone has no screen lock. Turn one on, then try again.
link-unsupported-too-old = The phone or its browser is too old for passkeys. Update it, or use a security key.
link-unsupported-private-window = The phone shows the page in a private window, which may not keep a passkey. Open the link in a usual window.
link-unsupported-insecure-context = The phone did not reach our page over a secure connection. Tell your IT contact.

browser-heading = Let this browser talk to the phone
browser-bluetooth = Turn Bluetooth on, on the computer and on the phone, and keep them near each other.
browser-press = Press the button below. Choose “iPhone, iPad or Android device” or “Use a phone or tablet” if the browser asks.
browser-scan-android = Scan the browser's code with the camera of your Android phone.
browser-scan-ios = Scan the browser's code with the camera of your iPhone or iPad.
browser-scan = Scan the browser's code with the phone's camera.
browser-save = Save the passkey where the phone proposes.
browser-show = Show the browser's code
browser-instead = Use the link way instead
browser-instead-hint = Your phone opens our page. That needs no Bluetooth.
browser-not-started = The browser could not reach a phone, and no passkey was created. Bluetooth may be off or not allowed on this computer. Try again, or use the link way.
browser-cancelled = No passkey was created. Did the phone not connect? Check Bluetooth on both, and keep them near each other.
browser-timeout = That took too long, and no passkey was created. Did the phone not connect? Check Bluetooth on both, and keep them near each other.
browser-duplicate = That device already has a passkey for your account. You can use it as it is.
browser-unsupported = This browser cannot talk to a phone. Use the link way instead.
saved-here = The passkey was saved on this computer, not on the phone. It works as it is. Add the phone too?
saved-here-add = Add the phone

try-phone-text = On your phone, press “Try it now”.
try-phone-waiting = Waiting for your phone…
try-phone-here = Try it from this computer
try-phone-here-text = The browser shows a code for your phone. Needs Bluetooth on both.

resume-phone = You were adding a passkey on your phone.

create-phone-text = Your phone will ask for your fingerprint, your face or your screen lock.
create-phone-saved = It saves the passkey in its password manager. Nothing of your fingerprint or face comes to us.

phone-name = Phone
