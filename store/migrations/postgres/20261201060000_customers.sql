-- Customers: what staff know of them, and which of them live on in another. `persons.revision` grows with every change by staff.

ALTER TABLE persons ADD COLUMN tier TEXT;
ALTER TABLE persons ADD COLUMN fields TEXT NOT NULL DEFAULT '{}';
ALTER TABLE persons ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE persons ADD COLUMN consent TEXT NOT NULL DEFAULT '{}';
ALTER TABLE persons ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
ALTER TABLE persons ADD COLUMN merged_into BIGINT;
CREATE INDEX persons_by_tier ON persons (tier, id) WHERE tier IS NOT NULL;

CREATE TABLE person_tags (
    tag    TEXT NOT NULL,
    person BIGINT NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    PRIMARY KEY (tag, person)
);
CREATE INDEX person_tags_by_person ON person_tags (person);

-- A merge by its event: what was known of the one who stayed before and after it (JSON), so that a split can take it back.
CREATE TABLE person_merges (
    event       BIGINT PRIMARY KEY NOT NULL,
    kept        BIGINT NOT NULL REFERENCES persons (id),
    gone        BIGINT NOT NULL REFERENCES persons (id),
    at          BIGINT NOT NULL,
    author      TEXT NOT NULL,
    before      TEXT NOT NULL,
    after       TEXT NOT NULL,
    split_event BIGINT,
    split_at    BIGINT,
    split_by    TEXT
);
CREATE INDEX person_merges_by_kept ON person_merges (kept, event);
CREATE INDEX person_merges_by_gone ON person_merges (gone, event);

-- What came along with whom: conversations, tickets and addresses, by their ids.
CREATE TABLE person_moves (
    merge BIGINT NOT NULL REFERENCES person_merges (event),
    kind  TEXT NOT NULL,
    what  TEXT NOT NULL,
    PRIMARY KEY (merge, kind, what)
);
