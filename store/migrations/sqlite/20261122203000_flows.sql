-- Versions of flows that were published (never changed afterwards), and at most one draft of each flow.

CREATE TABLE flow_versions (
    flow     TEXT NOT NULL,
    version  INTEGER NOT NULL,
    origin   TEXT NOT NULL,
    restores INTEGER,
    source   TEXT NOT NULL,
    layout   TEXT NOT NULL,
    author   TEXT NOT NULL,
    at       INTEGER NOT NULL,
    note     TEXT NOT NULL,
    PRIMARY KEY (flow, version)
) STRICT;

CREATE TABLE flow_drafts (
    flow     TEXT PRIMARY KEY NOT NULL,
    revision INTEGER NOT NULL,
    base     INTEGER NOT NULL,
    source   TEXT NOT NULL,
    layout   TEXT NOT NULL,
    author   TEXT NOT NULL,
    at       INTEGER NOT NULL
) STRICT;
