-- Ceremonies that a rule of WebAuthn refused, as cases for `keyward explain`. Evidence for people, no authority: no mac.
-- Rows are large, so SQLite keeps them out of the key's tree.
CREATE TABLE refused_ceremonies (
  reference TEXT NOT NULL PRIMARY KEY,
  at {integer} NOT NULL,
  kind TEXT NOT NULL,
  reason TEXT NOT NULL,
  case_json TEXT NOT NULL
);
CREATE INDEX refused_ceremonies_at ON refused_ceremonies (at, reference);
