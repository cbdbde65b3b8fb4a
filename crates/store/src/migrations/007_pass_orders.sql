-- Passes that somebody asked for and somebody else approves. All that decides lies in body, which the MAC covers.
CREATE TABLE pass_orders (
  id {bytes} NOT NULL PRIMARY KEY,
  user_id {bytes} NOT NULL REFERENCES users (id),
  asked_by {bytes} NOT NULL,
  state TEXT NOT NULL,
  at {integer} NOT NULL,
  ends {integer} NOT NULL,
  body TEXT NOT NULL,
  mac {bytes} NOT NULL
) {clustered};
CREATE INDEX pass_orders_open ON pass_orders (at) WHERE state IN ('asked', 'approved');
CREATE INDEX pass_orders_user ON pass_orders (user_id, at);
CREATE INDEX pass_orders_asked_by ON pass_orders (asked_by, at);
