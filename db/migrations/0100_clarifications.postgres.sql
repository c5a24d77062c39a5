-- What was asked back and what was answered stay.

CREATE TRIGGER clarifications_kept BEFORE UPDATE ON clarifications
FOR EACH ROW WHEN (OLD.words <> NEW.words OR OLD.question_id <> NEW.question_id OR OLD.offering_id <> NEW.offering_id OR OLD.account_id <> NEW.account_id OR OLD.answer <> '')
EXECUTE FUNCTION refuse('what was asked back and answered never changes');
