-- The documents of a version that buyers have seen go only together with it.

CREATE TRIGGER version_documents_seen BEFORE UPDATE OR DELETE ON version_documents
FOR EACH ROW EXECUTE FUNCTION refuse_seen();

CREATE TRIGGER version_document_titles_seen BEFORE UPDATE OR DELETE ON version_document_titles
FOR EACH ROW EXECUTE FUNCTION refuse_seen();

CREATE TRIGGER version_document_questions_seen BEFORE UPDATE OR DELETE ON version_document_questions
FOR EACH ROW EXECUTE FUNCTION refuse_seen();
