-- Tickets: what they are about, their clocks, how they belong together. Settings that people change, with what was before.
-- Knowledge: articles in versions, what agents thought of them, what customers asked in vain.

ALTER TABLE tickets ADD COLUMN kind TEXT;
ALTER TABLE tickets ADD COLUMN priority TEXT NOT NULL DEFAULT 'normal';
ALTER TABLE tickets ADD COLUMN team TEXT;
ALTER TABLE tickets ADD COLUMN followers TEXT NOT NULL DEFAULT '[]';
ALTER TABLE tickets ADD COLUMN fields TEXT NOT NULL DEFAULT '{}';
ALTER TABLE tickets ADD COLUMN clocks TEXT NOT NULL DEFAULT '{}';
ALTER TABLE tickets ADD COLUMN merged_into BIGINT;
-- The next moment at which somebody must be told.
ALTER TABLE tickets ADD COLUMN due_at BIGINT;
ALTER TABLE tickets ADD COLUMN answered_at BIGINT;
-- The earliest broken or breaking promise of a running clock.
ALTER TABLE tickets ADD COLUMN overdue_from BIGINT;
CREATE INDEX tickets_by_due ON tickets (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX tickets_overdue ON tickets (overdue_from) WHERE overdue_from IS NOT NULL;

CREATE TABLE ticket_relations (
    ticket   BIGINT NOT NULL REFERENCES tickets (id),
    other    BIGINT NOT NULL REFERENCES tickets (id),
    relation TEXT NOT NULL,
    PRIMARY KEY (ticket, other, relation)
);

CREATE TABLE audit (
    event   BIGINT PRIMARY KEY NOT NULL,
    at      BIGINT NOT NULL,
    subject TEXT NOT NULL,
    key     TEXT NOT NULL,
    before  TEXT,
    after   TEXT
);
CREATE INDEX audit_by_key ON audit (key, event);

CREATE TABLE articles (
    event    BIGINT PRIMARY KEY NOT NULL,
    key      TEXT COLLATE "C" NOT NULL,
    version  BIGINT NOT NULL,
    draft    TEXT NOT NULL,
    subject  TEXT NOT NULL,
    at       BIGINT NOT NULL,
    UNIQUE (key, version)
);

CREATE TABLE knowledge_votes (
    event BIGINT PRIMARY KEY NOT NULL,
    vote  TEXT NOT NULL,
    subject TEXT NOT NULL,
    at    BIGINT NOT NULL
);

CREATE TABLE knowledge_gaps (
    words    TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    question TEXT NOT NULL,
    conversation TEXT NOT NULL,
    times    BIGINT NOT NULL,
    last_at  BIGINT NOT NULL
);
CREATE INDEX knowledge_gaps_by_times ON knowledge_gaps (times, last_at);
