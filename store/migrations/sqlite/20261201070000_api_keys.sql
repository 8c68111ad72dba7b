-- API keys that administrators make: hashes of their tokens and their last use (what a key may do is the setting `api_key.ID`).
-- Answers to requests with an idempotency key, so that a repetition is answered alike and done once.

CREATE TABLE api_keys (
    token_hash TEXT PRIMARY KEY NOT NULL,
    key        TEXT NOT NULL,
    used_at    INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotent_answers (
    subject TEXT NOT NULL,
    key     TEXT NOT NULL,
    request TEXT NOT NULL,
    status  INTEGER,
    body    TEXT,
    at      INTEGER NOT NULL,
    PRIMARY KEY (subject, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotent_answers_by_age ON idempotent_answers (at);
