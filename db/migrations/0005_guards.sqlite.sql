-- What must stay as it is stays as it is, whoever asks.

CREATE TRIGGER audit_events_kept BEFORE UPDATE ON audit_events
BEGIN SELECT RAISE(ABORT, 'audit events are never changed'); END;

CREATE TRIGGER audit_events_stay BEFORE DELETE ON audit_events
BEGIN SELECT RAISE(ABORT, 'audit events are never removed'); END;

-- A version that buyers have seen keeps its content; only an import that brought it
-- may take it back.
CREATE TRIGGER versions_kept BEFORE UPDATE OF offering_id, number, hash, language, website, contact, demo_price, extra ON versions
WHEN OLD.state IN ('published', 'superseded')
BEGIN SELECT RAISE(ABORT, 'a version that was published never changes'); END;

CREATE TRIGGER versions_stay BEFORE DELETE ON versions
WHEN OLD.state IN ('published', 'superseded') AND OLD.import_id IS NULL
BEGIN SELECT RAISE(ABORT, 'a version that was published is never removed'); END;

-- The parts of such a version go only together with it.

CREATE TRIGGER version_words_kept BEFORE UPDATE ON version_words
WHEN EXISTS (SELECT 1 FROM versions v WHERE v.offering_id = OLD.offering_id AND v.number = OLD.number AND v.state IN ('published', 'superseded'))
BEGIN SELECT RAISE(ABORT, 'a version that was published never changes'); END;

CREATE TRIGGER version_words_stay BEFORE DELETE ON version_words
WHEN EXISTS (SELECT 1 FROM versions v WHERE v.offering_id = OLD.offering_id AND v.number = OLD.number AND v.state IN ('published', 'superseded'))
BEGIN SELECT RAISE(ABORT, 'a version that was published never changes'); END;

CREATE TRIGGER version_notes_kept BEFORE UPDATE ON version_notes
WHEN EXISTS (SELECT 1 FROM versions v WHERE v.offering_id = OLD.offering_id AND v.number = OLD.number AND v.state IN ('published', 'superseded'))
BEGIN SELECT RAISE(ABORT, 'a version that was published never changes'); END;

CREATE TRIGGER version_notes_stay BEFORE DELETE ON version_notes
WHEN EXISTS (SELECT 1 FROM versions v WHERE v.offering_id = OLD.offering_id AND v.number = OLD.number AND v.state IN ('published', 'superseded'))
BEGIN SELECT RAISE(ABORT, 'a version that was published never changes'); END;

CREATE TRIGGER version_categories_kept BEFORE UPDATE ON version_categories
WHEN EXISTS (SELECT 1 FROM versions v WHERE v.offering_id = OLD.offering_id AND v.number = OLD.number AND v.state IN ('published', 'superseded'))
BEGIN SELECT RAISE(ABORT, 'a version that was published never changes'); END;

CREATE TRIGGER version_categories_stay BEFORE DELETE ON version_categories
WHEN EXISTS (SELECT 1 FROM versions v WHERE v.offering_id = OLD.offering_id AND v.number = OLD.number AND v.state IN ('published', 'superseded'))
BEGIN SELECT RAISE(ABORT, 'a version that was published never changes'); END;

CREATE TRIGGER version_cpv_kept BEFORE UPDATE ON version_cpv
WHEN EXISTS (SELECT 1 FROM versions v WHERE v.offering_id = OLD.offering_id AND v.number = OLD.number AND v.state IN ('published', 'superseded'))
BEGIN SELECT RAISE(ABORT, 'a version that was published never changes'); END;

CREATE TRIGGER version_cpv_stay BEFORE DELETE ON version_cpv
WHEN EXISTS (SELECT 1 FROM versions v WHERE v.offering_id = OLD.offering_id AND v.number = OLD.number AND v.state IN ('published', 'superseded'))
BEGIN SELECT RAISE(ABORT, 'a version that was published never changes'); END;

CREATE TRIGGER version_sources_kept BEFORE UPDATE ON version_sources
WHEN EXISTS (SELECT 1 FROM versions v WHERE v.offering_id = OLD.offering_id AND v.number = OLD.number AND v.state IN ('published', 'superseded'))
BEGIN SELECT RAISE(ABORT, 'a version that was published never changes'); END;

CREATE TRIGGER version_sources_stay BEFORE DELETE ON version_sources
WHEN EXISTS (SELECT 1 FROM versions v WHERE v.offering_id = OLD.offering_id AND v.number = OLD.number AND v.state IN ('published', 'superseded'))
BEGIN SELECT RAISE(ABORT, 'a version that was published never changes'); END;

CREATE TRIGGER answers_kept BEFORE UPDATE ON answers
WHEN EXISTS (SELECT 1 FROM versions v WHERE v.offering_id = OLD.offering_id AND v.number = OLD.number AND v.state IN ('published', 'superseded'))
BEGIN SELECT RAISE(ABORT, 'a version that was published never changes'); END;

CREATE TRIGGER answers_stay BEFORE DELETE ON answers
WHEN EXISTS (SELECT 1 FROM versions v WHERE v.offering_id = OLD.offering_id AND v.number = OLD.number AND v.state IN ('published', 'superseded'))
BEGIN SELECT RAISE(ABORT, 'a version that was published never changes'); END;

CREATE TRIGGER answer_values_kept BEFORE UPDATE ON answer_values
WHEN EXISTS (SELECT 1 FROM versions v WHERE v.offering_id = OLD.offering_id AND v.number = OLD.number AND v.state IN ('published', 'superseded'))
BEGIN SELECT RAISE(ABORT, 'a version that was published never changes'); END;

CREATE TRIGGER answer_values_stay BEFORE DELETE ON answer_values
WHEN EXISTS (SELECT 1 FROM versions v WHERE v.offering_id = OLD.offering_id AND v.number = OLD.number AND v.state IN ('published', 'superseded'))
BEGIN SELECT RAISE(ABORT, 'a version that was published never changes'); END;

CREATE TRIGGER plans_kept BEFORE UPDATE ON plans
WHEN EXISTS (SELECT 1 FROM versions v WHERE v.offering_id = OLD.offering_id AND v.number = OLD.number AND v.state IN ('published', 'superseded'))
BEGIN SELECT RAISE(ABORT, 'a version that was published never changes'); END;

CREATE TRIGGER plans_stay BEFORE DELETE ON plans
WHEN EXISTS (SELECT 1 FROM versions v WHERE v.offering_id = OLD.offering_id AND v.number = OLD.number AND v.state IN ('published', 'superseded'))
BEGIN SELECT RAISE(ABORT, 'a version that was published never changes'); END;
