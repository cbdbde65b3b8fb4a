-- Receivers of events, and how far each has come. secret is sealed under the key ring.
CREATE TABLE hooks (
  id {bytes} NOT NULL PRIMARY KEY,
  url TEXT NOT NULL,
  kinds TEXT NOT NULL,
  personal {integer} NOT NULL,
  secret {bytes} NOT NULL,
  enabled {integer} NOT NULL,
  created {integer} NOT NULL,
  author TEXT NOT NULL,
  next_seq {integer} NOT NULL,
  attempts {integer} NOT NULL,
  failing_since {integer},
  next_try {integer} NOT NULL,
  holder {bytes},
  last_status TEXT,
  last_at {integer},
  mac {bytes} NOT NULL
) {clustered};
-- How far the log has come in files and at syslog servers that the configuration names.
CREATE TABLE exports (
  name TEXT NOT NULL PRIMARY KEY,
  next_seq {integer} NOT NULL,
  attempts {integer} NOT NULL,
  next_try {integer} NOT NULL,
  holder {bytes}
) {clustered};
