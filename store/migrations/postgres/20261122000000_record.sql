-- The record: what happened (events) and the pictures made of it. All times are wall-clock milliseconds since 1970, UTC.
-- Ids of conversations are ordered by byte (COLLATE "C"), as SQLite orders them, so that cursors mean the same on both.

CREATE TABLE events (
    seq          BIGINT PRIMARY KEY,
    at           BIGINT NOT NULL,
    conversation TEXT COLLATE "C",
    ticket       BIGINT,
    entry_seq    BIGINT,
    change       TEXT NOT NULL
);

CREATE TABLE persons (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE person_addresses (
    address TEXT PRIMARY KEY,
    person  BIGINT NOT NULL REFERENCES persons (id) ON DELETE CASCADE
);
CREATE INDEX person_addresses_by_person ON person_addresses (person);

CREATE TABLE tickets (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject    TEXT NOT NULL,
    state      TEXT NOT NULL,
    person     BIGINT REFERENCES persons (id),
    channel    TEXT NOT NULL,
    queue      TEXT,
    assignee   TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX tickets_by_state ON tickets (state, id);
CREATE INDEX tickets_by_assignee ON tickets (assignee, id);
CREATE INDEX tickets_by_person ON tickets (person, id);

CREATE TABLE conversations (
    id         TEXT COLLATE "C" PRIMARY KEY,
    channel    TEXT NOT NULL,
    state      TEXT NOT NULL,
    person     BIGINT REFERENCES persons (id),
    called     TEXT NOT NULL,
    caller     TEXT NOT NULL,
    lang       TEXT NOT NULL,
    queue      TEXT,
    queued_at  BIGINT,
    agent      TEXT,
    started_at BIGINT NOT NULL,
    ended_at   BIGINT,
    fault      TEXT,
    reason     TEXT,
    ticket     BIGINT REFERENCES tickets (id)
);
CREATE INDEX conversations_by_start ON conversations (started_at, id);
CREATE INDEX conversations_by_agent ON conversations (agent, started_at, id);
CREATE INDEX conversations_by_person ON conversations (person, started_at, id);
CREATE INDEX conversations_by_ticket ON conversations (ticket, started_at, id);
CREATE INDEX conversations_open ON conversations (started_at, id) WHERE ended_at IS NULL;

CREATE TABLE legs (
    conversation TEXT COLLATE "C" NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    n            BIGINT NOT NULL,
    speaker      TEXT NOT NULL,
    agent        TEXT,
    device       TEXT NOT NULL,
    codec        TEXT NOT NULL,
    started_at   BIGINT NOT NULL,
    answered_at  BIGINT,
    ended_at     BIGINT,
    fault        TEXT,
    reason       TEXT,
    PRIMARY KEY (conversation, n)
);

CREATE TABLE entries (
    conversation TEXT COLLATE "C" NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    seq          BIGINT NOT NULL,
    event        BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    leg          BIGINT,
    speaker      TEXT NOT NULL,
    author       TEXT,
    kind         TEXT NOT NULL,
    text         TEXT NOT NULL,
    detail       TEXT,
    start_ms     BIGINT,
    end_ms       BIGINT,
    dedupe       TEXT,
    PRIMARY KEY (conversation, seq)
);
CREATE UNIQUE INDEX entries_once ON entries (conversation, dedupe) WHERE dedupe IS NOT NULL;

CREATE TABLE users (
    name          TEXT PRIMARY KEY,
    role          TEXT NOT NULL,
    password_hash TEXT NOT NULL
);

CREATE TABLE credentials (
    token_hash TEXT PRIMARY KEY,
    subject    TEXT NOT NULL,
    role       TEXT NOT NULL,
    expires_at BIGINT
);

CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
