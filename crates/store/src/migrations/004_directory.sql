-- What a directory knows of people, and groups.

-- groups are the sorted ids of the groups that the account is in; memberships only finds them the other way round. The MAC
-- covers these columns where one of them says something; directory is JSON and decides nothing.
ALTER TABLE users ADD COLUMN groups {bytes};
ALTER TABLE users ADD COLUMN break_glass {integer};
ALTER TABLE users ADD COLUMN deleted {integer};
ALTER TABLE users ADD COLUMN external_id TEXT;
ALTER TABLE users ADD COLUMN manager {bytes};
ALTER TABLE users ADD COLUMN directory TEXT;
CREATE INDEX users_external_id ON users (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX users_manager ON users (manager, id) WHERE manager IS NOT NULL;
CREATE INDEX users_deleted ON users (deleted) WHERE deleted IS NOT NULL;
CREATE INDEX users_break_glass ON users (id) WHERE break_glass = 1;

CREATE TABLE groups (
  id {bytes} NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL,
  external_id TEXT,
  created {integer} NOT NULL,
  changed {integer} NOT NULL,
  mac {bytes} NOT NULL
) {clustered};

-- An index of users.groups, which alone decides.
-- member is the group's id and then the user's.
CREATE TABLE memberships (
  member {bytes} NOT NULL PRIMARY KEY,
  group_id {bytes} NOT NULL,
  user_id {bytes} NOT NULL REFERENCES users (id)
) {clustered};
CREATE INDEX memberships_group ON memberships (group_id, user_id);
CREATE INDEX memberships_user ON memberships (user_id);
