-- What the dashboard counts, taken from time to time.
CREATE TABLE fleet_counts (
  taken {integer} NOT NULL PRIMARY KEY,
  body TEXT NOT NULL
);
CREATE INDEX audit_events_kind ON audit_events (kind, seq) WHERE seq IS NOT NULL;
