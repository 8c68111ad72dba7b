-- API keys that administrators make: hashes of their tokens and their last use (what a key may do is the setting `api_key.ID`).
-- Answers to requests with an idempotency key, so that a repetition is answered alike and done once.

CREATE TABLE api_keys (
    token_hash TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    key        TEXT NOT NULL,
    used_at    BIGINT
);

CREATE TABLE idempotent_answers (
    subject TEXT COLLATE "C" NOT NULL,
    key     TEXT COLLATE "C" NOT NULL,
    request TEXT NOT NULL,
    status  BIGINT,
    body    TEXT,
    at      BIGINT NOT NULL,
    PRIMARY KEY (subject, key)
);
CREATE INDEX idempotent_answers_by_age ON idempotent_answers (at);
