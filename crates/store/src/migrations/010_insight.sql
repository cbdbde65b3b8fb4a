-- What the dashboard shows is counted beforehand. None of it decides anything: no mac.

-- How far people are, counted from time to time; of a day the last counting is kept.
CREATE TABLE fleet_counts (
  taken {integer} NOT NULL PRIMARY KEY,
  body TEXT NOT NULL
);

-- Sign-ins of an hour (hours since 1970) by what came of them: body is JSON of numbers.
CREATE TABLE sign_in_hours (
  hour {integer} NOT NULL PRIMARY KEY,
  body TEXT NOT NULL
);

-- How far something has come that goes on by itself in the background.
CREATE TABLE marks (
  name TEXT NOT NULL PRIMARY KEY,
  value {integer} NOT NULL
) {clustered};

-- Filled by the sequencer, as audit_events_subject is. Sign-ins with a passkey are most of the log and are found by their
-- time; to leave them out keeps these two small.
CREATE INDEX audit_events_kind ON audit_events (kind, id) WHERE seq IS NOT NULL AND kind <> 'signed_in';
CREATE INDEX audit_events_reference ON audit_events (reference, id) WHERE seq IS NOT NULL AND kind <> 'signed_in';
