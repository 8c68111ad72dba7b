-- Tickets: what they are about, their clocks, how they belong together. Settings that people change, with what was before.
-- Knowledge: articles in versions, what agents thought of them, what customers asked in vain.

ALTER TABLE tickets ADD COLUMN kind TEXT;
ALTER TABLE tickets ADD COLUMN priority TEXT NOT NULL DEFAULT 'normal';
ALTER TABLE tickets ADD COLUMN team TEXT;
ALTER TABLE tickets ADD COLUMN followers TEXT NOT NULL DEFAULT '[]';
ALTER TABLE tickets ADD COLUMN fields TEXT NOT NULL DEFAULT '{}';
ALTER TABLE tickets ADD COLUMN clocks TEXT NOT NULL DEFAULT '{}';
ALTER TABLE tickets ADD COLUMN merged_into INTEGER;
-- The next moment at which somebody must be told.
ALTER TABLE tickets ADD COLUMN due_at INTEGER;
ALTER TABLE tickets ADD COLUMN answered_at INTEGER;
-- The earliest broken or breaking promise of a running clock.
ALTER TABLE tickets ADD COLUMN overdue_from INTEGER;
CREATE INDEX tickets_by_due ON tickets (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX tickets_overdue ON tickets (overdue_from) WHERE overdue_from IS NOT NULL;

CREATE TABLE ticket_relations (
    ticket   INTEGER NOT NULL REFERENCES tickets (id),
    other    INTEGER NOT NULL REFERENCES tickets (id),
    relation TEXT NOT NULL,
    PRIMARY KEY (ticket, other, relation)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    event   INTEGER PRIMARY KEY NOT NULL,
    at      INTEGER NOT NULL,
    subject TEXT NOT NULL,
    key     TEXT NOT NULL,
    before  TEXT,
    after   TEXT
) STRICT;
CREATE INDEX audit_by_key ON audit (key, event);

CREATE TABLE articles (
    event    INTEGER PRIMARY KEY NOT NULL,
    key      TEXT NOT NULL,
    version  INTEGER NOT NULL,
    draft    TEXT NOT NULL,
    subject  TEXT NOT NULL,
    at       INTEGER NOT NULL,
    UNIQUE (key, version)
) STRICT;

CREATE TABLE knowledge_votes (
    event INTEGER PRIMARY KEY NOT NULL,
    vote  TEXT NOT NULL,
    subject TEXT NOT NULL,
    at    INTEGER NOT NULL
) STRICT;

CREATE TABLE knowledge_gaps (
    words    TEXT PRIMARY KEY NOT NULL,
    question TEXT NOT NULL,
    conversation TEXT NOT NULL,
    times    INTEGER NOT NULL,
    last_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX knowledge_gaps_by_times ON knowledge_gaps (times, last_at);
