-- Tokens of vendors may also say how much is used of what was ordered.

ALTER TABLE tokens DROP CONSTRAINT tokens_scope_check;
ALTER TABLE tokens ADD CHECK (scope IN ('listings:read', 'listings:write', 'usage:write'));
