-- Corrections of a transcript's lines: what stood there before each of them, from the first on, and who took it away. The entry
-- itself holds what the line says now.

CREATE TABLE corrections (
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    seq          INTEGER NOT NULL,
    revision     INTEGER NOT NULL,
    event        INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    author       TEXT NOT NULL,
    before_text  TEXT NOT NULL,
    before_detail TEXT,
    PRIMARY KEY (conversation, seq, revision)
) STRICT, WITHOUT ROWID;

-- How sure the recogniser was (hundredths, summed over the utterances of which it said so), and what people corrected.
ALTER TABLE report_facts ADD COLUMN rated_utterances INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report_facts ADD COLUMN confidence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report_facts ADD COLUMN corrected INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report_quarters ADD COLUMN rated_utterances INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report_quarters ADD COLUMN confidence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report_quarters ADD COLUMN corrected INTEGER NOT NULL DEFAULT 0;
