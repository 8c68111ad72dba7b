-- Search: one document per searched entry, ticket and article, and the words it is found by (cut by desk::search).
-- `id` orders documents by time: milliseconds since 1970 times 2^20, and the event's number in the lower bits.

CREATE TABLE search_docs (
    id           BIGINT PRIMARY KEY,
    event        BIGINT NOT NULL,
    kind         TEXT NOT NULL,
    conversation TEXT COLLATE "C" REFERENCES conversations (id) ON DELETE CASCADE,
    entry_seq    BIGINT,
    ticket       BIGINT,
    article      TEXT COLLATE "C",
    audience     TEXT,
    expires_at   BIGINT
);
CREATE INDEX search_docs_by_conversation ON search_docs (conversation) WHERE conversation IS NOT NULL;
CREATE INDEX search_docs_by_ticket ON search_docs (ticket) WHERE ticket IS NOT NULL;
CREATE INDEX search_docs_by_article ON search_docs (article) WHERE article IS NOT NULL;

-- The words as lexemes; one that begins with = says what the document is, not what it contains.
CREATE TABLE search_words (
    rowid BIGINT PRIMARY KEY REFERENCES search_docs (id) ON DELETE CASCADE,
    words TSVECTOR NOT NULL
);
CREATE INDEX search_words_by_word ON search_words USING gin (words);

-- What was recorded before there was a search is taken in when the record is opened, up to `goal`; `done` says how far that is.
CREATE TABLE search_progress (done BIGINT NOT NULL, goal BIGINT NOT NULL);
INSERT INTO search_progress (done, goal) SELECT 0, COALESCE(MAX(seq), 0) FROM events;
