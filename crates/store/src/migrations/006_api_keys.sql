-- token is the keyed digest of the key's value. A key with a person acts for that person as long as the session stands.
CREATE TABLE api_keys (
  id {bytes} NOT NULL PRIMARY KEY,
  token {bytes} NOT NULL UNIQUE,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  person {bytes},
  session_id {bytes},
  author TEXT NOT NULL,
  created {integer} NOT NULL,
  ends {integer} NOT NULL,
  last_used {integer},
  revoked {integer},
  deployment_epoch {integer} NOT NULL,
  mac {bytes} NOT NULL
) {clustered};

-- Answers that were given under an idempotency key, kept for a day. request is the digest of method, address and body.
CREATE TABLE idempotent_answers (
  slot {bytes} NOT NULL PRIMARY KEY,
  request {bytes} NOT NULL,
  status {integer} NOT NULL,
  answer {bytes} NOT NULL,
  at {integer} NOT NULL
) {clustered};
CREATE INDEX idempotent_answers_at ON idempotent_answers (at);
