-- Versions of the policy, the newest last. The one in force is that with the greatest version among those whose effective
-- time has come and that were not undone; none: the configuration's.
CREATE TABLE policies (
  version {integer} NOT NULL PRIMARY KEY,
  document TEXT NOT NULL,
  author TEXT NOT NULL,
  comment TEXT NOT NULL,
  made {integer} NOT NULL,
  effective {integer} NOT NULL,
  undone {integer},
  impact TEXT NOT NULL,
  mac {bytes} NOT NULL
);

-- Drafts of people who edit: one each. They decide nothing.
CREATE TABLE policy_drafts (
  user_id {bytes} NOT NULL PRIMARY KEY REFERENCES users (id),
  base {integer} NOT NULL,
  document TEXT NOT NULL,
  changed {integer} NOT NULL
) {clustered};
