# The console's overview, log and reports.
console-reports = Readiness
insight-funnel = From the invitation to no password
insight-step = Step
insight-step-invited = Invited
insight-step-opened = Got in once
insight-step-enrolled = Have a passkey
insight-step-second = Have a second passkey
insight-step-passwordless = And have no password
insight-count = People
insight-share = Share
insight-ready = { $ready ->
    [one] One of { $people } people could lose a device today without having to ask anybody.
   *[other] { $ready } of { $people } people could lose a device today without having to ask anybody.
}
insight-score = Readiness: { $score } of 100.
insight-people = { $people ->
    [one] One account, { $disabled } disabled.
   *[other] { $people } accounts, { $disabled } disabled.
}
insight-counted = Counted: { $at }.
insight-not-counted = People have not been counted yet. This happens in the background; look again in a minute.
insight-survival = If the device were lost today
insight-survival-no-way-in = No way in today
insight-survival-nothing = Nothing left: IT must help
insight-survival-weaker-way = Something weaker is left
insight-survival-restorable = The passkey comes back on a new device
insight-survival-untried = Another passkey, never tried
insight-survival-another = Another passkey
insight-methods = What is registered
insight-models = Models of passkeys
insight-model-none = No model given
insight-passkey-count = Passkeys
insight-trend = Day by day
insight-sign-ins = Sign-ins
insight-sign-ins-days = { $count ->
    [one] Sign-ins of the last day
   *[other] Sign-ins of the last { $count } days
}
insight-sign-ins-span = Sign-ins from { $from } to { $until }
insight-used = How people signed in
insight-reasons = Why people were not let in
insight-reason = Reason
insight-chart-sum = { $success } let in, { $failure } not.
insight-chart-quiet = Nobody signed in during this time.
insight-chart-table = The numbers as a table
insight-waiting = { $count ->
    [one] One request for a pass waits.
   *[other] { $count } requests for a pass wait.
}
insight-refusals = Latest refusals
insight-refusals-none = Nobody was refused lately.
insight-refusals-all = All refusals

# The log.
insight-log = Sign-in log
insight-filters = Filters
insight-show = Show
insight-changes = Changes
insight-all = Everything
insight-any = Any
insight-when = When
insight-user = Person
insight-by = Done by
insight-result = Result
insight-method = Method
insight-strength = How strong
insight-key = Passkey
insight-device = Device
insight-address = Address
insight-reference = Reference
insight-from = From
insight-until = To
insight-kind = Kind of event
insight-passkey-id = Passkey’s id
insight-model = Model (AAGUID)
insight-apply = Filter
insight-clear = Clear filters
insight-csv = Download as CSV
insight-live-start = Follow live
insight-live-pause = Pause
insight-live-on = New entries appear at the top.
insight-live-off = Paused. Nothing on this page changes.
insight-live-ended = The live view has ended. Reload the page to go on.
insight-log-wrong = The filter “{ $field }” was not understood and is left out. Correct it and filter again.
insight-log-none = Nothing in the log fits.
insight-log-none-until = Nothing fits until then: { $at }. Look further back, or narrow the filters.
insight-log-reached = Searched back to { $at }.
insight-older = Older entries
insight-newest = Newest entries
insight-shortened = Your role shows you addresses of people in a shortened form.
insight-retention = Devices and addresses of sign-ins before { $at } have been erased.
insight-outcome-success = Let in
insight-outcome-interrupted = First step only
insight-outcome-failure = Refused
insight-outcome-change = Change
insight-method-passkey = Passkey
insight-method-pass = Temporary access pass
insight-method-password = Password
insight-method-code = Authenticator code
insight-method-recovery = Recovery code

# An entry of the log.
insight-entry = Entry { $reference }
insight-note = Note
insight-erased = Device, address and note were erased because they had been kept long enough. The entry itself stays.
insight-redacted = Your role does not show you all that is known about this person.
insight-why = Why was this asked for?
insight-needed = Policy asks for this at “{ $place }”: { $strength }.
insight-needed-anything = any way to sign in
insight-place-portal = Security info
insight-place-console = Console
insight-place-security-info = Changing sign-in methods
insight-place-applications = Applications
insight-steps = Step by step
insight-explain = The refused ceremony was kept for a week. On the server this explains it:
insight-act = What to do
insight-act-log = All entries of this person
insight-act-readiness = Could this person lose a device today?
insight-act-person = The person’s account
insight-related = What else happened then
insight-raw = Ids and codes
insight-back = Back to the log
insight-error-wrong = It was wrong
insight-error-wrong-text = What was typed or presented did not match. If the person did it, they can try again; if many follow each other, somebody else is guessing.
insight-error-late = It came too late
insight-error-late-text = The page had been open too long, or the code or pass was used or over. Starting the sign-in again is enough; a pass that is over needs a new one.
insight-error-policy = Policy does not take it
insight-error-policy-text = It was genuine, and the policy in force does not accept it here. The person needs another method, or the policy an exception.
insight-error-off = It is switched off
insight-error-off-text = The account or the method is disabled. Find out why before you enable it: it may have been reported lost.
insight-error-throttled = Too many tries
insight-error-throttled-text = Somebody tried so often that this account has to wait. A passkey goes on working meanwhile.
insight-error-unknown = Not known here
insight-error-unknown-text = The passkey or account is none of this deployment’s, or was removed. The person may still have it on a device; they can delete it there.
insight-error-suspicious = It looks like an attack
insight-error-suspicious-text = The key may have been copied, or the browser was at a page that is not ours. Speak to the person before anything is enabled again.
insight-error-technical = The browser or authenticator did something wrong
insight-error-technical-text = The ceremony was not as WebAuthn asks for. Usually an update of the browser or another authenticator helps.

# Reports.
insight-report = Who is ready to lose a device?
insight-report-lead = Registered is what people have; capable is what of it policy lets them use.
insight-report-none = Nobody is here.
insight-lose = If the device were lost
insight-points = Points
insight-mfa-registered = Two factors registered
insight-mfa-capable = Two factors capable
insight-passwordless-capable = Passwordless capable
insight-admin = Has a role
insight-updated = Last changed
insight-yes = Yes
insight-no = No
insight-more = More people
insight-first = From the beginning
insight-person = Could { $name } lose a device today?
insight-person-score = { $score } of 100 points.
insight-advice = What would make it better
insight-advice-add = Add a passkey.
insight-advice-second = Add a second passkey on another device.
insight-advice-try = Try the passkey that was never used.
insight-advice-replace = Replace the passkey that policy does not take.
insight-advice-password = Give the password up: two passkeys are there.
insight-advice-recovery = Make new recovery codes: few are left.
insight-passkeys = Passkeys
insight-passkeys-none = No passkey is registered.
insight-passkey-refused = Not taken by policy
