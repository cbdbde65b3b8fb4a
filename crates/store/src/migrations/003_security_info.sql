-- Passwords, codes, enrolments, notices and requests: what Security info needs beyond passkeys.

-- What a restricted session was opened by; absent in full and onboarding ones. The MAC covers it where it is there.
ALTER TABLE sessions ADD COLUMN restriction TEXT;

-- hash is absent once the password was turned off: since says from when it is what it is. parked is the hash of a
-- password that was turned off by a freeze of the account and comes back when that is lifted.
CREATE TABLE passwords (
  user_id {bytes} NOT NULL PRIMARY KEY REFERENCES users (id),
  hash TEXT,
  since {integer} NOT NULL,
  must_change {integer} NOT NULL,
  parked TEXT,
  mac {bytes} NOT NULL
) {clustered};

-- One for each account. The secret is sealed under the key ring; last_step is the last time step that was used (RFC 6238),
-- failures are the wrong codes since the last right one.
CREATE TABLE authenticator_codes (
  user_id {bytes} NOT NULL PRIMARY KEY REFERENCES users (id),
  secret {bytes} NOT NULL,
  created {integer} NOT NULL,
  last_step {integer} NOT NULL,
  last_used {integer},
  failures {integer} NOT NULL,
  mac {bytes} NOT NULL
) {clustered};

-- One set for each account: a common salt, and a slow hash for each code that is left.
CREATE TABLE recovery_codes (
  id {bytes} NOT NULL PRIMARY KEY,
  user_id {bytes} NOT NULL REFERENCES users (id),
  number {integer} NOT NULL,
  set_id {bytes} NOT NULL,
  salt {bytes} NOT NULL,
  hash {bytes} NOT NULL,
  created {integer} NOT NULL,
  used {integer},
  mac {bytes} NOT NULL
) {clustered};
CREATE UNIQUE INDEX recovery_codes_user ON recovery_codes (user_id, number);

-- A sign-in whose password was right and whose second step is outstanding. token is the keyed digest of its cookie.
CREATE TABLE partial_sign_ins (
  token {bytes} NOT NULL PRIMARY KEY,
  user_id {bytes} NOT NULL REFERENCES users (id),
  browser {bytes} NOT NULL,
  security_epoch {integer} NOT NULL,
  deployment_epoch {integer} NOT NULL,
  password_at {integer} NOT NULL,
  ends {integer} NOT NULL,
  second TEXT,
  second_at {integer},
  mac {bytes} NOT NULL
) {clustered};
CREATE INDEX partial_sign_ins_ends ON partial_sign_ins (ends);
CREATE INDEX partial_sign_ins_user ON partial_sign_ins (user_id);

-- When somebody was first asked to add a passkey, and how often they put it off.
CREATE TABLE interrupts (
  user_id {bytes} NOT NULL PRIMARY KEY REFERENCES users (id),
  first_asked {integer} NOT NULL,
  postponed {integer} NOT NULL
) {clustered};

-- ticket and code are keyed digests of what the phone is shown; code is empty where there is none to type. All that
-- decides lies in body, which the MAC covers as it does the rest; version says how often the row has changed.
CREATE TABLE enrolments (
  id {bytes} NOT NULL PRIMARY KEY,
  user_id {bytes} NOT NULL REFERENCES users (id),
  session_id {bytes} NOT NULL,
  ticket {bytes} NOT NULL UNIQUE,
  code {bytes} NOT NULL,
  ends {integer} NOT NULL,
  version {integer} NOT NULL,
  body TEXT NOT NULL,
  mac {bytes} NOT NULL
) {clustered};
CREATE INDEX enrolments_user ON enrolments (user_id, id);
CREATE INDEX enrolments_code ON enrolments (code);
CREATE INDEX enrolments_ends ON enrolments (ends);

-- What everybody together guessed at the codes of enrolments. One row.
CREATE TABLE code_guesses (
  one {integer} NOT NULL PRIMARY KEY CHECK (one = 1),
  since {integer} NOT NULL,
  tally {integer} NOT NULL
);

-- What people are told. mail_state: none (no address, or mail is off), waiting, sending, sent, failed.
CREATE TABLE notices (
  id {bytes} NOT NULL PRIMARY KEY,
  user_id {bytes} NOT NULL REFERENCES users (id),
  event_id {bytes},
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  at {integer} NOT NULL,
  seen {integer} NOT NULL,
  mail_state TEXT NOT NULL,
  mail_to TEXT,
  mail_attempts {integer} NOT NULL,
  mail_next {integer} NOT NULL,
  mail_holder {bytes},
  mail_error TEXT
) {clustered};
CREATE INDEX notices_user ON notices (user_id, id);
CREATE INDEX notices_mail ON notices (mail_next) WHERE mail_state IN ('waiting', 'sending');

-- Browsers in which an account was signed in to: another one is news. known is a digest of account and browser.
CREATE TABLE known_browsers (
  known {bytes} NOT NULL PRIMARY KEY,
  user_id {bytes} NOT NULL REFERENCES users (id),
  met {integer} NOT NULL
) {clustered};
CREATE INDEX known_browsers_user ON known_browsers (user_id, met);

-- user_id is absent where the name is nobody's. A fixed number of open ones is kept (see pass_requests.rs).
CREATE TABLE pass_requests (
  id {bytes} NOT NULL PRIMARY KEY,
  user_id {bytes},
  login_key TEXT NOT NULL,
  reference TEXT NOT NULL,
  contact TEXT NOT NULL,
  colleague TEXT NOT NULL,
  reason TEXT NOT NULL,
  client_browser TEXT NOT NULL,
  client_address TEXT NOT NULL,
  at {integer} NOT NULL,
  closed {integer},
  outcome TEXT,
  closed_by TEXT
) {clustered};
CREATE INDEX pass_requests_open ON pass_requests (at) WHERE closed IS NULL;
CREATE INDEX pass_requests_user ON pass_requests (user_id, at);
CREATE INDEX pass_requests_login ON pass_requests (login_key, at);

-- Entries of the history that a person said were not them.
CREATE TABLE reported_entries (
  event_id {bytes} NOT NULL PRIMARY KEY,
  user_id {bytes} NOT NULL REFERENCES users (id),
  at {integer} NOT NULL,
  reference TEXT NOT NULL
) {clustered};
CREATE INDEX reported_entries_user ON reported_entries (user_id, at);
CREATE INDEX reported_entries_at ON reported_entries (at);
