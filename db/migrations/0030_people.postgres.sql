-- What people were given, and what was said, stays on record. Only the invented people
-- of the demonstration go when it does.

CREATE TRIGGER accounts_stay BEFORE DELETE ON accounts
FOR EACH ROW WHEN (OLD.invented = 0)
EXECUTE FUNCTION refuse('accounts are erased, never removed');

CREATE TRIGGER accounts_kept BEFORE UPDATE OF id, invented, created_at ON accounts
FOR EACH ROW EXECUTE FUNCTION refuse('what an account is never changes');

CREATE TRIGGER accounts_erased BEFORE UPDATE ON accounts
FOR EACH ROW WHEN (OLD.state = 'erased')
EXECUTE FUNCTION refuse('an erased account never changes');

CREATE TRIGGER accounts_forward BEFORE UPDATE OF generation ON accounts
FOR EACH ROW WHEN (NEW.generation < OLD.generation)
EXECUTE FUNCTION refuse('the generation of an account only rises');

CREATE FUNCTION refuse_real_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (SELECT FROM accounts a WHERE a.id = OLD.account_id AND a.invented = 0) THEN
		RAISE EXCEPTION 'memberships are ended, never removed' USING ERRCODE = 'restrict_violation';
	END IF;
	RETURN OLD;
END $$;

CREATE TRIGGER memberships_stay BEFORE DELETE ON memberships
FOR EACH ROW EXECUTE FUNCTION refuse_real_member();

CREATE TRIGGER memberships_kept BEFORE UPDATE OF id, account_id, organisation_id, since ON memberships
FOR EACH ROW EXECUTE FUNCTION refuse('whose a membership is never changes');

CREATE TRIGGER memberships_ended BEFORE UPDATE ON memberships
FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL)
EXECUTE FUNCTION refuse('a membership that has ended never changes');

CREATE TRIGGER vendor_applications_decided BEFORE UPDATE ON vendor_applications
FOR EACH ROW WHEN (OLD.decided_at IS NOT NULL)
EXECUTE FUNCTION refuse('a decided application never changes');

CREATE TRIGGER application_messages_kept BEFORE UPDATE ON application_messages
FOR EACH ROW EXECUTE FUNCTION refuse('what was said about an application never changes');

CREATE TRIGGER invitations_done BEFORE UPDATE OF organisation_id, application_id, folded, hash, expires_at, used_at, revoked_at ON invitations
FOR EACH ROW WHEN (OLD.used_at IS NOT NULL OR OLD.revoked_at IS NOT NULL)
EXECUTE FUNCTION refuse('an invitation that was taken or taken back never changes');
