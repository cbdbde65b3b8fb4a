-- Passes that somebody asked for and somebody else approves. All that decides lies in body, which the MAC covers.
CREATE TABLE pass_orders (
  id {bytes} NOT NULL PRIMARY KEY,
  user_id {bytes} NOT NULL REFERENCES users (id),
  asked_by {bytes} NOT NULL,
  picker {bytes} NOT NULL,
  state TEXT NOT NULL,
  at {integer} NOT NULL,
  ends {integer} NOT NULL,
  body TEXT NOT NULL,
  mac {bytes} NOT NULL
) {clustered};
CREATE INDEX pass_orders_open ON pass_orders (at) WHERE state IN ('asked', 'approved');
CREATE INDEX pass_orders_user ON pass_orders (user_id, at);
CREATE INDEX pass_orders_asked_by ON pass_orders (asked_by, at);
CREATE INDEX pass_orders_picker ON pass_orders (picker, at);
CREATE INDEX pass_orders_ends ON pass_orders (ends);

-- Passes on their way to a private address. No MAC: address and value stand sealed in the row, bound to its id, and are
-- taken out of it once the mail was sent.
CREATE TABLE pass_mails (
  id {bytes} NOT NULL PRIMARY KEY,
  user_id {bytes} NOT NULL REFERENCES users (id),
  pass_id {bytes} NOT NULL,
  part TEXT NOT NULL,
  sealed {bytes},
  at {integer} NOT NULL,
  state TEXT NOT NULL,
  attempts {integer} NOT NULL,
  next {integer} NOT NULL,
  holder {bytes},
  error TEXT
) {clustered};
CREATE INDEX pass_mails_due ON pass_mails (next) WHERE state IN ('waiting', 'sending');
CREATE INDEX pass_mails_pass ON pass_mails (pass_id);
CREATE INDEX pass_mails_at ON pass_mails (at);
