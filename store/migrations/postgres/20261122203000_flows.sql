-- Versions of flows that were published (never changed afterwards), and at most one draft of each flow.

CREATE TABLE flow_versions (
    flow     TEXT COLLATE "C" NOT NULL,
    version  BIGINT NOT NULL,
    origin   TEXT NOT NULL,
    restores BIGINT,
    source   TEXT NOT NULL,
    layout   TEXT NOT NULL,
    author   TEXT NOT NULL,
    at       BIGINT NOT NULL,
    note     TEXT NOT NULL,
    PRIMARY KEY (flow, version)
);

CREATE TABLE flow_drafts (
    flow     TEXT COLLATE "C" PRIMARY KEY,
    revision BIGINT NOT NULL,
    base     BIGINT NOT NULL,
    source   TEXT NOT NULL,
    layout   TEXT NOT NULL,
    author   TEXT NOT NULL,
    at       BIGINT NOT NULL
);
