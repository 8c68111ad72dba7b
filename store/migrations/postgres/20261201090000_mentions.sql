-- Who was called by name in a note: `event` recorded the note, which holds the words. What the note says is not repeated here.

CREATE TABLE mentions (
    agent        TEXT NOT NULL,
    event        BIGINT NOT NULL,
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    seq          BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    author       TEXT NOT NULL,
    seen_at      BIGINT,
    PRIMARY KEY (agent, event)
);
