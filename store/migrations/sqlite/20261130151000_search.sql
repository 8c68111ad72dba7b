-- Search: one document per searched entry, ticket and article, and the words it is found by (cut by desk::search).
-- `id` orders documents by time: milliseconds since 1970 times 2^20, and the event's number in the lower bits.

CREATE TABLE search_docs (
    id           INTEGER PRIMARY KEY NOT NULL,
    event        INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    conversation TEXT REFERENCES conversations (id) ON DELETE CASCADE,
    entry_seq    INTEGER,
    ticket       INTEGER,
    article      TEXT,
    audience     TEXT,
    expires_at   INTEGER
) STRICT;
CREATE INDEX search_docs_by_conversation ON search_docs (conversation) WHERE conversation IS NOT NULL;
CREATE INDEX search_docs_by_ticket ON search_docs (ticket) WHERE ticket IS NOT NULL;
CREATE INDEX search_docs_by_article ON search_docs (article) WHERE article IS NOT NULL;

-- Words stand in it separated by spaces; a token that begins with = says what the document is, not what it contains.
CREATE VIRTUAL TABLE search_words USING fts5 (
    words, content = '', contentless_delete = 1, detail = none, tokenize = "ascii tokenchars '=-'"
);
CREATE TRIGGER search_docs_gone AFTER DELETE ON search_docs BEGIN
    DELETE FROM search_words WHERE rowid = old.id;
END;

-- What was recorded before there was a search is taken in when the record is opened, up to `goal`; `done` says how far that is.
CREATE TABLE search_progress (done INTEGER NOT NULL, goal INTEGER NOT NULL) STRICT;
INSERT INTO search_progress (done, goal) SELECT 0, COALESCE(MAX(seq), 0) FROM events;
