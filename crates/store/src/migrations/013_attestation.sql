-- The organisation's own attestation authority, and what it certified.

-- There is one at most. sealed is its private half under the root key.
CREATE TABLE attestation_authorities (
  id {bytes} NOT NULL PRIMARY KEY,
  certificate {bytes} NOT NULL,
  sealed {bytes} NOT NULL,
  created {integer} NOT NULL,
  mac {bytes} NOT NULL
) {clustered};

-- One row for each device; digest is that of its key, by which certificates find it again.
CREATE TABLE attested_devices (
  id {bytes} NOT NULL PRIMARY KEY,
  user_id {bytes} NOT NULL,
  name TEXT NOT NULL,
  digest {bytes} NOT NULL UNIQUE,
  public {bytes} NOT NULL,
  certificate {bytes} NOT NULL,
  created {integer} NOT NULL,
  issued {integer} NOT NULL,
  ends {integer} NOT NULL,
  revoked {integer},
  mac {bytes} NOT NULL
) {clustered};
CREATE INDEX attested_devices_user ON attested_devices (user_id, id);

-- Which device attested a passkey: what its end takes along.
CREATE TABLE attested_passkeys (
  passkey_id {bytes} NOT NULL PRIMARY KEY,
  device_id {bytes} NOT NULL,
  user_id {bytes} NOT NULL
) {clustered};
CREATE INDEX attested_passkeys_device ON attested_passkeys (device_id);
