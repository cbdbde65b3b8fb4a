-- Who put an account away, and what whoever bound a passkey answers for. The MACs cover these columns where one of them says
-- something.

-- 1 where a program disabled or deleted the account: only then may a program undo it.
ALTER TABLE users ADD COLUMN disabled_by_program {integer};
ALTER TABLE users ADD COLUMN deleted_by_program {integer};
-- When the account last ceased to have a role.
ALTER TABLE users ADD COLUMN role_ended {integer};
-- The role up to which whoever bound the passkey answers for it; absent where nobody bounds it.
ALTER TABLE passkeys ADD COLUMN vouched TEXT;
