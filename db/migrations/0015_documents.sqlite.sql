-- The documents of a version that buyers have seen go only together with it.

CREATE TRIGGER version_documents_kept BEFORE UPDATE ON version_documents
WHEN EXISTS (SELECT 1 FROM versions v WHERE v.offering_id = OLD.offering_id AND v.number = OLD.number AND v.state IN ('published', 'superseded'))
BEGIN SELECT RAISE(ABORT, 'a version that was published never changes'); END;

CREATE TRIGGER version_documents_stay BEFORE DELETE ON version_documents
WHEN EXISTS (SELECT 1 FROM versions v WHERE v.offering_id = OLD.offering_id AND v.number = OLD.number AND v.state IN ('published', 'superseded'))
BEGIN SELECT RAISE(ABORT, 'a version that was published never changes'); END;

CREATE TRIGGER version_document_titles_kept BEFORE UPDATE ON version_document_titles
WHEN EXISTS (SELECT 1 FROM versions v WHERE v.offering_id = OLD.offering_id AND v.number = OLD.number AND v.state IN ('published', 'superseded'))
BEGIN SELECT RAISE(ABORT, 'a version that was published never changes'); END;

CREATE TRIGGER version_document_titles_stay BEFORE DELETE ON version_document_titles
WHEN EXISTS (SELECT 1 FROM versions v WHERE v.offering_id = OLD.offering_id AND v.number = OLD.number AND v.state IN ('published', 'superseded'))
BEGIN SELECT RAISE(ABORT, 'a version that was published never changes'); END;

CREATE TRIGGER version_document_questions_kept BEFORE UPDATE ON version_document_questions
WHEN EXISTS (SELECT 1 FROM versions v WHERE v.offering_id = OLD.offering_id AND v.number = OLD.number AND v.state IN ('published', 'superseded'))
BEGIN SELECT RAISE(ABORT, 'a version that was published never changes'); END;

CREATE TRIGGER version_document_questions_stay BEFORE DELETE ON version_document_questions
WHEN EXISTS (SELECT 1 FROM versions v WHERE v.offering_id = OLD.offering_id AND v.number = OLD.number AND v.state IN ('published', 'superseded'))
BEGIN SELECT RAISE(ABORT, 'a version that was published never changes'); END;
