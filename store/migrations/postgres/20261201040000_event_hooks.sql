-- Event hooks: programs that are told what happens, how far they have come in the record, and how each telling went.

CREATE TABLE event_hooks (
    id         TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    url        TEXT NOT NULL,
    kinds      TEXT NOT NULL,
    state      TEXT NOT NULL,
    revision   BIGINT NOT NULL,
    sequence   BIGINT NOT NULL,
    failures   BIGINT NOT NULL,
    due_at     BIGINT NOT NULL,
    why        TEXT,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL
);

CREATE TABLE event_hook_secrets (
    hook   TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    secret TEXT NOT NULL
);

CREATE TABLE event_deliveries (
    hook    TEXT COLLATE "C" NOT NULL,
    seq     BIGINT NOT NULL,
    kind    TEXT,
    state   TEXT NOT NULL,
    asked   BIGINT NOT NULL,
    tries   BIGINT NOT NULL,
    status  BIGINT,
    why     TEXT,
    answer  TEXT,
    took_ms BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (hook, seq)
);
CREATE INDEX event_deliveries_asked ON event_deliveries (hook) WHERE asked = 1;
