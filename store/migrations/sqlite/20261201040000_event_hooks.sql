-- Event hooks: programs that are told what happens, how far they have come in the record, and how each telling went.

CREATE TABLE event_hooks (
    id         TEXT PRIMARY KEY NOT NULL,
    url        TEXT NOT NULL,
    kinds      TEXT NOT NULL,
    state      TEXT NOT NULL,
    revision   INTEGER NOT NULL,
    sequence   INTEGER NOT NULL,
    failures   INTEGER NOT NULL,
    due_at     INTEGER NOT NULL,
    why        TEXT,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE event_hook_secrets (
    hook   TEXT PRIMARY KEY NOT NULL,
    secret TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE event_deliveries (
    hook    TEXT NOT NULL,
    seq     INTEGER NOT NULL,
    kind    TEXT,
    state   TEXT NOT NULL,
    asked   INTEGER NOT NULL,
    tries   INTEGER NOT NULL,
    status  INTEGER,
    why     TEXT,
    answer  TEXT,
    took_ms INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (hook, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_deliveries_asked ON event_deliveries (hook) WHERE asked = 1;
