-- Channels: how the customer of a conversation is answered, what came in by its own name, and what is on its way out.

CREATE TABLE threads (
    conversation TEXT PRIMARY KEY NOT NULL REFERENCES conversations (id),
    channel      TEXT NOT NULL,
    peer         TEXT NOT NULL,
    address      TEXT NOT NULL,
    sends        TEXT NOT NULL,
    state        TEXT NOT NULL,
    heard_at     BIGINT NOT NULL
);
CREATE INDEX threads_by_peer ON threads (channel, peer);

CREATE TABLE arrivals (
    channel      TEXT COLLATE "C" NOT NULL,
    external     TEXT COLLATE "C" NOT NULL,
    conversation TEXT NOT NULL,
    entry_seq    BIGINT NOT NULL,
    event        BIGINT NOT NULL,
    digest       TEXT NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (channel, external)
);

CREATE TABLE outbox (
    conversation TEXT NOT NULL,
    entry_seq    BIGINT NOT NULL,
    channel      TEXT NOT NULL,
    state        TEXT NOT NULL,
    tries        BIGINT NOT NULL,
    since        BIGINT NOT NULL,
    due_at       BIGINT NOT NULL,
    external     TEXT,
    why          TEXT,
    PRIMARY KEY (conversation, entry_seq)
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE state = 'waiting';
