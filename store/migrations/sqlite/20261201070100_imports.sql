-- What came in from other systems: by its id there it is known again, so that the same file twice makes nothing double.

CREATE TABLE imported (
    source   TEXT NOT NULL,
    kind     TEXT NOT NULL,
    external TEXT NOT NULL,
    event    INTEGER NOT NULL,
    PRIMARY KEY (source, kind, external)
) STRICT, WITHOUT ROWID;
