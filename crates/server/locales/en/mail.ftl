# Mails: the frame around a notice.
mail-subject = { $what } – { $organisation }
mail-greeting = Hello { $name }
mail-account = Your account: { $login }
mail-was-you = If that was you, there is nothing to do.
mail-not-you = If it was not you, open your history, sign in, and choose “This wasn't me”:
mail-safe = The link only opens a page. It signs nobody in and changes nothing. We never ask you for a pass or a code by mail or on the phone.
mail-reference = Reference: { $reference }
mail-footer = Sent by the sign-in service of { $organisation }. You cannot reply to this mail.
mail-test = This is a test
mail-test-text = Mail from this service arrives. Nothing has happened to your account.
