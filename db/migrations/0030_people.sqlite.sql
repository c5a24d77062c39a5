-- What people were given, and what was said, stays on record. Only the invented people
-- of the demonstration go when it does.

CREATE TRIGGER accounts_stay BEFORE DELETE ON accounts
WHEN OLD.invented = 0
BEGIN SELECT RAISE(ABORT, 'accounts are erased, never removed'); END;

CREATE TRIGGER accounts_kept BEFORE UPDATE OF id, invented, created_at ON accounts
BEGIN SELECT RAISE(ABORT, 'what an account is never changes'); END;

CREATE TRIGGER accounts_erased BEFORE UPDATE ON accounts
WHEN OLD.state = 'erased'
BEGIN SELECT RAISE(ABORT, 'an erased account never changes'); END;

CREATE TRIGGER accounts_forward BEFORE UPDATE OF generation ON accounts
WHEN NEW.generation < OLD.generation
BEGIN SELECT RAISE(ABORT, 'the generation of an account only rises'); END;

CREATE TRIGGER memberships_stay BEFORE DELETE ON memberships
WHEN EXISTS (SELECT 1 FROM accounts a WHERE a.id = OLD.account_id AND a.invented = 0)
BEGIN SELECT RAISE(ABORT, 'memberships are ended, never removed'); END;

CREATE TRIGGER memberships_kept BEFORE UPDATE OF id, account_id, organisation_id, since ON memberships
BEGIN SELECT RAISE(ABORT, 'whose a membership is never changes'); END;

CREATE TRIGGER memberships_ended BEFORE UPDATE ON memberships
WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a membership that has ended never changes'); END;

CREATE TRIGGER vendor_applications_decided BEFORE UPDATE ON vendor_applications
WHEN OLD.decided_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a decided application never changes'); END;

CREATE TRIGGER application_messages_kept BEFORE UPDATE ON application_messages
BEGIN SELECT RAISE(ABORT, 'what was said about an application never changes'); END;

CREATE TRIGGER invitations_done BEFORE UPDATE OF organisation_id, application_id, folded, hash, expires_at, used_at, revoked_at ON invitations
WHEN OLD.used_at IS NOT NULL OR OLD.revoked_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an invitation that was taken or taken back never changes'); END;
