# SI-2 (its newer entries), SI-4, SI-4b, SI-5, and a recovery code alone.
have-password = Use my password
method-password-hint = With a code of your authenticator app as the second step.
have-recovery-code = Use a recovery code
method-recovery-hint = One of the ten that you printed or saved when you set up your sign-in.

password-heading = Enter your password
password-label = Password
password-forgot = Forgot your password?
password-missing = Enter your password.
password-wrong = That username and password do not belong together. You were not signed in. Check both, or try another way.
password-wrong-left = { $count ->
    [one] That username and password do not belong together. You were not signed in. Check both, or try another way. 1 try left.
   *[other] That username and password do not belong together. You were not signed in. Check both, or try another way. { $count } tries left.
}
password-off = The password of this account is turned off. You were not signed in. Use your passkey.
password-use-passkey = This account has a passkey, and signs in with that. You were not signed in. Use your passkey.
password-nothing-second = Your password alone does not sign you in, and this account has no second step yet. Ask your IT contact for a temporary access pass.
show-password = Show the password
caps-lock = Caps Lock is on.

new-password-heading = Choose a new password
new-password-lead = Your password was right, but it has to be changed before you go on. You are not signed in yet.
new-password-label = New password
new-password-rules = { $shortest ->
   *[other] At least { $shortest } characters. A few words that only you would put together are best; no special characters are needed.
}
new-password-save = Save the new password
new-password-too-short = { $shortest ->
   *[other] That password is too short, and nothing was changed. Use at least { $shortest } characters.
}
new-password-too-long = That password is too long, and nothing was changed. Use a shorter one.
new-password-breached = That password stands in a list of stolen passwords, so that others would try it first. Nothing was changed. Choose a different one.
new-password-same = That is the password that you have. Nothing was changed. Choose a different one.
new-password-contains-login = That password contains your username, so that others would try it first. Nothing was changed. Choose a different one.
old-password-wrong = Your present password is not right. Nothing was changed. Type it again.

step-heading = Enter your code
code-label = Code of your authenticator app
code-hint = Open the app on your phone and type the six digits that it shows for this account.
code-missing = Enter the six digits.
code-slip = That is no code: it has six digits. This did not count as a try.
code-wrong = That code is not right. You were not signed in. Check that your phone's clock is right, and type the code that the app shows now.
code-wrong-left = { $count ->
    [one] That code is not right. You were not signed in. Check that your phone's clock is right, and type the code that the app shows now. 1 try left.
   *[other] That code is not right. You were not signed in. Check that your phone's clock is right, and type the code that the app shows now. { $count } tries left.
}
code-used = That code was used already. You were not signed in. Wait until the app shows the next one.
step-use-recovery = Use a recovery code instead
step-use-code = Use the authenticator app instead

recovery-heading = Enter a recovery code
recovery-label = Recovery code
recovery-lead = It lets you secure your account and create a new passkey. Each code works once.
recovery-hint = Capital letters, spaces and dashes don't matter.
recovery-missing = Enter a recovery code.
recovery-slip = There is a slip in that recovery code. Check each letter; this did not count as a try.
recovery-wrong = That username and recovery code do not belong together. You were not signed in. Check both, or try another way.
recovery-wrong-left = { $count ->
    [one] That username and recovery code do not belong together. You were not signed in. Check both, or try another way. 1 try left.
   *[other] That username and recovery code do not belong together. You were not signed in. Check both, or try another way. { $count } tries left.
}
recovery-used = That recovery code was used already. You were not signed in. Use the next one.
