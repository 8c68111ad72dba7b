-- What came in from other systems: by its id there it is known again, so that the same file twice makes nothing double.

CREATE TABLE imported (
    source   TEXT COLLATE "C" NOT NULL,
    kind     TEXT COLLATE "C" NOT NULL,
    external TEXT COLLATE "C" NOT NULL,
    event    BIGINT NOT NULL,
    PRIMARY KEY (source, kind, external)
);
