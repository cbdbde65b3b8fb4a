-- Applications and what people granted them.

-- document is the canonical JSON of everything that the client and the organisation said of it; secrets holds keyed
-- digests, so that a read of the database opens nothing.
CREATE TABLE clients (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  document TEXT NOT NULL,
  secrets TEXT NOT NULL,
  version {integer} NOT NULL,
  enabled {integer} NOT NULL,
  author TEXT NOT NULL,
  created {integer} NOT NULL,
  changed {integer} NOT NULL,
  mac {bytes} NOT NULL
) {clustered};
CREATE INDEX clients_name ON clients (name, id);

-- A picture is drawn anew from what was uploaded; it decides nothing.
CREATE TABLE client_logos (
  client_id TEXT NOT NULL PRIMARY KEY,
  png {bytes} NOT NULL,
  digest {bytes} NOT NULL
) {clustered};

-- One row for each code that was exchanged: everything that its tokens stand on. sid is the line of sessions that it
-- began in; generation is that of the newest refresh token, whose value is computed and stands nowhere.
CREATE TABLE grants (
  id {bytes} NOT NULL PRIMARY KEY,
  client_id TEXT NOT NULL,
  user_id {bytes} NOT NULL,
  sid {bytes} NOT NULL,
  document TEXT NOT NULL,
  generation {integer} NOT NULL,
  rotated {integer},
  instance {bytes},
  security_epoch {integer} NOT NULL,
  deployment_epoch {integer} NOT NULL,
  notify {integer} NOT NULL,
  created {integer} NOT NULL,
  ends {integer} NOT NULL,
  mac {bytes} NOT NULL
) {clustered};
CREATE INDEX grants_user ON grants (user_id, id);
CREATE INDEX grants_sid ON grants (sid);
CREATE INDEX grants_client ON grants (client_id, id);
CREATE INDEX grants_ends ON grants (ends);

-- What a person allowed an application to see and do, until they take it back.
-- slot is a digest of who and to whom.
CREATE TABLE consents (
  slot {bytes} NOT NULL PRIMARY KEY,
  user_id {bytes} NOT NULL,
  client_id TEXT NOT NULL,
  scopes TEXT NOT NULL,
  given {integer} NOT NULL,
  mac {bytes} NOT NULL
) {clustered};
CREATE INDEX consents_user ON consents (user_id);
CREATE INDEX consents_client ON consents (client_id);

-- Keys that sign tokens; sealed is the private half under the root key. One that is published signs from activates on,
-- and is gone from the key set at ends.
CREATE TABLE signing_keys (
  kid TEXT NOT NULL PRIMARY KEY,
  alg TEXT NOT NULL,
  public {bytes} NOT NULL,
  sealed {bytes} NOT NULL,
  created {integer} NOT NULL,
  activates {integer} NOT NULL,
  retired {integer},
  ends {integer},
  mac {bytes} NOT NULL
) {clustered};

-- Applications that have to be told that somebody signed out. What they are told is computed when it is sent. due is when
-- it is tried next and, while holder stands, until when it is held.
CREATE TABLE logout_notices (
  id {bytes} NOT NULL PRIMARY KEY,
  client_id TEXT NOT NULL,
  user_id {bytes} NOT NULL,
  sid {bytes} NOT NULL,
  attempts {integer} NOT NULL,
  due {integer} NOT NULL,
  holder {bytes},
  created {integer} NOT NULL
) {clustered};
CREATE INDEX logout_notices_due ON logout_notices (due, client_id);
CREATE UNIQUE INDEX logout_notices_sid ON logout_notices (sid, client_id);

-- RFC 8628. Both codes stand as keyed digests. How often the device has asked stands outside of the MAC: whoever moves
-- it lets the device ask sooner, and no more.
CREATE TABLE device_codes (
  id {bytes} NOT NULL PRIMARY KEY,
  device_code {bytes} NOT NULL UNIQUE,
  user_code {bytes} NOT NULL UNIQUE,
  client_id TEXT NOT NULL,
  address TEXT NOT NULL,
  request TEXT NOT NULL,
  state TEXT NOT NULL,
  polled {integer},
  pause {integer} NOT NULL,
  created {integer} NOT NULL,
  ends {integer} NOT NULL,
  mac {bytes} NOT NULL
) {clustered};
CREATE INDEX device_codes_ends ON device_codes (ends);
CREATE INDEX device_codes_address ON device_codes (address);

-- How often codes of devices were typed; slots as in guesses, and one for everybody together.
CREATE TABLE device_guesses (
  slot {integer} NOT NULL PRIMARY KEY,
  since {integer} NOT NULL,
  tally {integer} NOT NULL
);

-- The line of sessions that applications know this one by; its own id where it began one.
ALTER TABLE sessions ADD COLUMN sid {bytes};
UPDATE sessions SET sid = id;
CREATE INDEX sessions_sid ON sessions (sid);
