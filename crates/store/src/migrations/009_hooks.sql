-- Receivers of events, and what is still to be delivered. secret is sealed under the key ring.
CREATE TABLE hooks (
  id {bytes} NOT NULL PRIMARY KEY,
  url TEXT NOT NULL,
  kinds TEXT NOT NULL,
  secret {bytes} NOT NULL,
  enabled {integer} NOT NULL,
  created {integer} NOT NULL,
  author TEXT NOT NULL,
  next_seq {integer} NOT NULL,
  attempts {integer} NOT NULL,
  next_try {integer} NOT NULL,
  holder {bytes},
  last_status TEXT,
  last_at {integer},
  mac {bytes} NOT NULL
) {clustered};
