-- Placeholders: {bytes}, {integer}, {clustered} and {empty} become the words of the database (see migrate.rs).
-- Times are microseconds since 1970, ids are UUIDv7 bytes, truths are 0 and 1.
-- A column mac is the MAC over the row's authority columns, led by the id of the key that made it.

CREATE TABLE settings (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL,
  mac {bytes} NOT NULL
) {clustered};

CREATE TABLE time_floor (
  one {integer} NOT NULL PRIMARY KEY CHECK (one = 1),
  floor {integer} NOT NULL
);
INSERT INTO time_floor (one, floor) VALUES (1, 0);

CREATE TABLE users (
  id {bytes} NOT NULL PRIMARY KEY,
  handle {bytes} NOT NULL UNIQUE,
  login TEXT NOT NULL,
  login_key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  email TEXT,
  role TEXT NOT NULL,
  status TEXT NOT NULL,
  security_epoch {integer} NOT NULL,
  language TEXT,
  created {integer} NOT NULL,
  mac {bytes} NOT NULL
) {clustered};
-- The few that may do something to others are found without reading everyone.
CREATE INDEX users_role ON users (role, id) WHERE role <> 'user';

CREATE TABLE passkeys (
  id {bytes} NOT NULL PRIMARY KEY,
  user_id {bytes} NOT NULL REFERENCES users (id),
  credential_id {bytes} NOT NULL UNIQUE,
  public_key {bytes} NOT NULL,
  sign_count {integer} NOT NULL,
  aaguid {bytes} NOT NULL,
  transports TEXT NOT NULL,
  backup_eligible {integer} NOT NULL,
  backed_up {integer} NOT NULL,
  attestation TEXT NOT NULL,
  attestation_trusted {integer} NOT NULL,
  attachment TEXT,
  place TEXT NOT NULL,
  binding TEXT NOT NULL,
  name TEXT NOT NULL,
  status TEXT NOT NULL,
  created {integer} NOT NULL,
  created_on TEXT NOT NULL,
  last_used {integer},
  last_used_on TEXT,
  tried {integer} NOT NULL,
  counter_anomaly {integer} NOT NULL,
  mac {bytes} NOT NULL
) {clustered};
CREATE INDEX passkeys_user ON passkeys (user_id, id);

-- The key begins with the time from which it may be swept.
CREATE TABLE spent (
  spent_key {bytes} NOT NULL PRIMARY KEY,
  outcome {bytes} NOT NULL
) {clustered};

CREATE TABLE temporary_passes (
  id {bytes} NOT NULL PRIMARY KEY,
  user_id {bytes} NOT NULL REFERENCES users (id),
  hash TEXT NOT NULL,
  starts {integer} NOT NULL,
  ends {integer} NOT NULL,
  one_time {integer} NOT NULL,
  reason TEXT NOT NULL,
  issuer TEXT NOT NULL,
  created {integer} NOT NULL,
  tries {integer} NOT NULL,
  state TEXT NOT NULL,
  state_at {integer},
  state_session {bytes},
  mac {bytes} NOT NULL
) {clustered};
CREATE INDEX temporary_passes_user ON temporary_passes (user_id, id);

-- token is the keyed digest of the cookie's value. Rows lie by id, which is in order of time: new ones share a page,
-- where by token each would dirty its own.
CREATE TABLE sessions (
  id {bytes} NOT NULL PRIMARY KEY,
  token {bytes} NOT NULL UNIQUE,
  user_id {bytes} NOT NULL REFERENCES users (id),
  pass_id {bytes},
  evidence TEXT NOT NULL,
  security_epoch {integer} NOT NULL,
  deployment_epoch {integer} NOT NULL,
  created {integer} NOT NULL,
  authenticated_at {integer} NOT NULL,
  last_seen {integer} NOT NULL,
  ends {integer} NOT NULL,
  browser {bytes} NOT NULL,
  client_browser TEXT NOT NULL,
  client_address TEXT NOT NULL,
  confirmed_digest {bytes},
  confirmed_at {integer},
  mac {bytes} NOT NULL
) {clustered};
CREATE INDEX sessions_user ON sessions (user_id, id);
CREATE INDEX sessions_ends ON sessions (ends);

-- A fixed number of slots, chosen by a keyed digest of the name: guessing at unknown names fills no disk.
CREATE TABLE guesses (
  slot {integer} NOT NULL PRIMARY KEY CHECK (slot >= 0 AND slot < 65536),
  since {integer} NOT NULL,
  tally {integer} NOT NULL
);

-- commitment covers salt, client_browser, client_address and note, which can be erased; body holds ids and codes.
CREATE TABLE audit_events (
  id {bytes} NOT NULL PRIMARY KEY,
  at {integer} NOT NULL,
  actor TEXT NOT NULL,
  subject {bytes},
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  reference TEXT NOT NULL,
  commitment {bytes} NOT NULL,
  salt {bytes},
  client_browser TEXT,
  client_address TEXT,
  note TEXT,
  mac {bytes} NOT NULL,
  seq {integer}
) {clustered};
CREATE INDEX audit_events_pending ON audit_events (id) WHERE seq IS NULL;
CREATE UNIQUE INDEX audit_events_seq ON audit_events (seq) WHERE seq IS NOT NULL;
-- Filled by the sequencer, many rows at once: every sign-in would dirty a page of its own in it.
CREATE INDEX audit_events_subject ON audit_events (subject, id) WHERE seq IS NOT NULL;

CREATE TABLE audit_batches (
  number {integer} NOT NULL PRIMARY KEY,
  first_seq {integer} NOT NULL,
  last_seq {integer} NOT NULL,
  at {integer} NOT NULL,
  fence {integer} NOT NULL,
  root {bytes} NOT NULL,
  previous {bytes} NOT NULL,
  head {bytes} NOT NULL,
  key_id {integer} NOT NULL,
  signature {bytes} NOT NULL
);

CREATE TABLE audit_lease (
  one {integer} NOT NULL PRIMARY KEY CHECK (one = 1),
  holder {bytes} NOT NULL,
  fence {integer} NOT NULL,
  until {integer} NOT NULL
);
INSERT INTO audit_lease (one, holder, fence, until) VALUES (1, {empty}, 0, 0);
