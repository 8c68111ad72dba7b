-- Channels: how the customer of a conversation is answered, what came in by its own name, and what is on its way out.

CREATE TABLE threads (
    conversation TEXT PRIMARY KEY NOT NULL REFERENCES conversations (id),
    channel      TEXT NOT NULL,
    peer         TEXT NOT NULL,
    address      TEXT NOT NULL,
    sends        TEXT NOT NULL,
    state        TEXT NOT NULL,
    heard_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX threads_by_peer ON threads (channel, peer);

CREATE TABLE arrivals (
    channel      TEXT NOT NULL,
    external     TEXT NOT NULL,
    conversation TEXT NOT NULL,
    entry_seq    INTEGER NOT NULL,
    event        INTEGER NOT NULL,
    digest       TEXT NOT NULL,
    at           INTEGER NOT NULL,
    PRIMARY KEY (channel, external)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    conversation TEXT NOT NULL,
    entry_seq    INTEGER NOT NULL,
    channel      TEXT NOT NULL,
    state        TEXT NOT NULL,
    tries        INTEGER NOT NULL,
    since        INTEGER NOT NULL,
    due_at       INTEGER NOT NULL,
    external     TEXT,
    why          TEXT,
    PRIMARY KEY (conversation, entry_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_due ON outbox (due_at) WHERE state = 'waiting';
