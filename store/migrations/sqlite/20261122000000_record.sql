-- The record: what happened (events) and the pictures made of it. All times are wall-clock milliseconds since 1970, UTC.

CREATE TABLE events (
    seq          INTEGER PRIMARY KEY NOT NULL,
    at           INTEGER NOT NULL,
    conversation TEXT,
    ticket       INTEGER,
    entry_seq    INTEGER,
    change       TEXT NOT NULL
) STRICT;

CREATE TABLE persons (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    name       TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE person_addresses (
    address TEXT PRIMARY KEY NOT NULL,
    person  INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX person_addresses_by_person ON person_addresses (person);

CREATE TABLE tickets (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    subject    TEXT NOT NULL,
    state      TEXT NOT NULL,
    person     INTEGER REFERENCES persons (id),
    channel    TEXT NOT NULL,
    queue      TEXT,
    assignee   TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX tickets_by_state ON tickets (state, id);
CREATE INDEX tickets_by_assignee ON tickets (assignee, id);
CREATE INDEX tickets_by_person ON tickets (person, id);

CREATE TABLE conversations (
    id         TEXT PRIMARY KEY NOT NULL,
    channel    TEXT NOT NULL,
    state      TEXT NOT NULL,
    person     INTEGER REFERENCES persons (id),
    called     TEXT NOT NULL,
    caller     TEXT NOT NULL,
    lang       TEXT NOT NULL,
    queue      TEXT,
    queued_at  INTEGER,
    agent      TEXT,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER,
    fault      TEXT,
    reason     TEXT,
    ticket     INTEGER REFERENCES tickets (id)
) STRICT;
CREATE INDEX conversations_by_start ON conversations (started_at, id);
CREATE INDEX conversations_by_agent ON conversations (agent, started_at, id);
CREATE INDEX conversations_by_person ON conversations (person, started_at, id);
CREATE INDEX conversations_by_ticket ON conversations (ticket, started_at, id);
CREATE INDEX conversations_open ON conversations (started_at, id) WHERE ended_at IS NULL;

CREATE TABLE legs (
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    n            INTEGER NOT NULL,
    speaker      TEXT NOT NULL,
    agent        TEXT,
    device       TEXT NOT NULL,
    codec        TEXT NOT NULL,
    started_at   INTEGER NOT NULL,
    answered_at  INTEGER,
    ended_at     INTEGER,
    fault        TEXT,
    reason       TEXT,
    PRIMARY KEY (conversation, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE entries (
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    seq          INTEGER NOT NULL,
    event        INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    leg          INTEGER,
    speaker      TEXT NOT NULL,
    author       TEXT,
    kind         TEXT NOT NULL,
    text         TEXT NOT NULL,
    detail       TEXT,
    start_ms     INTEGER,
    end_ms       INTEGER,
    dedupe       TEXT,
    PRIMARY KEY (conversation, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX entries_once ON entries (conversation, dedupe) WHERE dedupe IS NOT NULL;

CREATE TABLE users (
    name          TEXT PRIMARY KEY NOT NULL,
    role          TEXT NOT NULL,
    password_hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE credentials (
    token_hash TEXT PRIMARY KEY NOT NULL,
    subject    TEXT NOT NULL,
    role       TEXT NOT NULL,
    expires_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
    key   TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
