-- What must stay as it is stays as it is, whoever asks.

CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER audit_events_kept BEFORE UPDATE ON audit_events
FOR EACH ROW EXECUTE FUNCTION refuse('audit events are never changed');

CREATE TRIGGER audit_events_stay BEFORE DELETE ON audit_events
FOR EACH ROW EXECUTE FUNCTION refuse('audit events are never removed');

-- A version that buyers have seen keeps its content; only an import that brought it
-- may take it back.
CREATE TRIGGER versions_kept BEFORE UPDATE OF offering_id, number, hash, language, website, contact, demo_price, extra ON versions
FOR EACH ROW WHEN (OLD.state IN ('published', 'superseded'))
EXECUTE FUNCTION refuse('a version that was published never changes');

CREATE TRIGGER versions_stay BEFORE DELETE ON versions
FOR EACH ROW WHEN (OLD.state IN ('published', 'superseded') AND OLD.import_id IS NULL)
EXECUTE FUNCTION refuse('a version that was published is never removed');

-- The parts of such a version go only together with it.
CREATE FUNCTION refuse_seen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (SELECT FROM versions v WHERE v.offering_id = OLD.offering_id AND v.number = OLD.number
			AND v.state IN ('published', 'superseded')) THEN
		RAISE EXCEPTION 'a version that was published never changes' USING ERRCODE = 'restrict_violation';
	END IF;
	IF TG_OP = 'DELETE' THEN
		RETURN OLD;
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER version_words_seen BEFORE UPDATE OR DELETE ON version_words
FOR EACH ROW EXECUTE FUNCTION refuse_seen();

CREATE TRIGGER version_notes_seen BEFORE UPDATE OR DELETE ON version_notes
FOR EACH ROW EXECUTE FUNCTION refuse_seen();

CREATE TRIGGER version_categories_seen BEFORE UPDATE OR DELETE ON version_categories
FOR EACH ROW EXECUTE FUNCTION refuse_seen();

CREATE TRIGGER version_cpv_seen BEFORE UPDATE OR DELETE ON version_cpv
FOR EACH ROW EXECUTE FUNCTION refuse_seen();

CREATE TRIGGER version_sources_seen BEFORE UPDATE OR DELETE ON version_sources
FOR EACH ROW EXECUTE FUNCTION refuse_seen();

CREATE TRIGGER answers_seen BEFORE UPDATE OR DELETE ON answers
FOR EACH ROW EXECUTE FUNCTION refuse_seen();

CREATE TRIGGER answer_values_seen BEFORE UPDATE OR DELETE ON answer_values
FOR EACH ROW EXECUTE FUNCTION refuse_seen();

CREATE TRIGGER plans_seen BEFORE UPDATE OR DELETE ON plans
FOR EACH ROW EXECUTE FUNCTION refuse_seen();
