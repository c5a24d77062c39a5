-- Bodies are read all at once, so they stay in their rows, as they are.
ALTER TABLE search_documents ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE search_documents SET (toast_tuple_target = 8160);
