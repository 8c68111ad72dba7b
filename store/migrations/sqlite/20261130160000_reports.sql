-- Reports: the numbers of each conversation (desk::reports::COLUMNS), and their sums by quarter of an hour, kept together with them.
-- All of it is worked out from the record. To work it out anew: empty these tables but agent_states, and set `done` to 0 and `goal` to
-- the last event.

CREATE TABLE report_facts (
    conversation TEXT PRIMARY KEY NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    started_at   INTEGER NOT NULL,
    quarter      INTEGER NOT NULL,
    channel      TEXT NOT NULL,
    queue        TEXT NOT NULL,
    flow         TEXT NOT NULL,
    version      INTEGER NOT NULL,
    agent        TEXT NOT NULL,
    conversations INTEGER NOT NULL,
    alone INTEGER NOT NULL,
    queued INTEGER NOT NULL,
    offered INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    abandoned INTEGER NOT NULL,
    elsewhere INTEGER NOT NULL,
    in_target INTEGER NOT NULL,
    late_answer INTEGER NOT NULL,
    late_abandon INTEGER NOT NULL,
    wait_answered_ms INTEGER NOT NULL,
    wait_abandoned_ms INTEGER NOT NULL,
    abandoned_w0 INTEGER NOT NULL,
    abandoned_w1 INTEGER NOT NULL,
    abandoned_w2 INTEGER NOT NULL,
    abandoned_w3 INTEGER NOT NULL,
    abandoned_w4 INTEGER NOT NULL,
    abandoned_w5 INTEGER NOT NULL,
    abandoned_w6 INTEGER NOT NULL,
    abandoned_w7 INTEGER NOT NULL,
    responded INTEGER NOT NULL,
    response_ms INTEGER NOT NULL,
    handled INTEGER NOT NULL,
    handle_ms INTEGER NOT NULL,
    talked INTEGER NOT NULL,
    resolved INTEGER NOT NULL,
    resolved_ms INTEGER NOT NULL,
    confirmed INTEGER NOT NULL,
    first_contact INTEGER NOT NULL,
    rated INTEGER NOT NULL,
    rating_sum INTEGER NOT NULL,
    content INTEGER NOT NULL,
    rated_1 INTEGER NOT NULL,
    rated_2 INTEGER NOT NULL,
    rated_3 INTEGER NOT NULL,
    rated_4 INTEGER NOT NULL,
    rated_5 INTEGER NOT NULL,
    transcribed INTEGER NOT NULL,
    utterances INTEGER NOT NULL,
    delay_ms INTEGER NOT NULL,
    late INTEGER NOT NULL
) STRICT;
CREATE INDEX report_facts_by_start ON report_facts (started_at, conversation);
CREATE INDEX report_facts_abandoned ON report_facts (started_at, conversation) WHERE abandoned <> 0;
CREATE INDEX report_facts_rated ON report_facts (started_at, conversation) WHERE rated <> 0;
CREATE INDEX report_facts_by_agent ON report_facts (agent, started_at, conversation);

CREATE TABLE report_quarters (
    quarter INTEGER NOT NULL,
    channel TEXT NOT NULL,
    queue   TEXT NOT NULL,
    flow    TEXT NOT NULL,
    version INTEGER NOT NULL,
    conversations INTEGER NOT NULL,
    alone INTEGER NOT NULL,
    queued INTEGER NOT NULL,
    offered INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    abandoned INTEGER NOT NULL,
    elsewhere INTEGER NOT NULL,
    in_target INTEGER NOT NULL,
    late_answer INTEGER NOT NULL,
    late_abandon INTEGER NOT NULL,
    wait_answered_ms INTEGER NOT NULL,
    wait_abandoned_ms INTEGER NOT NULL,
    abandoned_w0 INTEGER NOT NULL,
    abandoned_w1 INTEGER NOT NULL,
    abandoned_w2 INTEGER NOT NULL,
    abandoned_w3 INTEGER NOT NULL,
    abandoned_w4 INTEGER NOT NULL,
    abandoned_w5 INTEGER NOT NULL,
    abandoned_w6 INTEGER NOT NULL,
    abandoned_w7 INTEGER NOT NULL,
    responded INTEGER NOT NULL,
    response_ms INTEGER NOT NULL,
    handled INTEGER NOT NULL,
    handle_ms INTEGER NOT NULL,
    talked INTEGER NOT NULL,
    resolved INTEGER NOT NULL,
    resolved_ms INTEGER NOT NULL,
    confirmed INTEGER NOT NULL,
    first_contact INTEGER NOT NULL,
    rated INTEGER NOT NULL,
    rating_sum INTEGER NOT NULL,
    content INTEGER NOT NULL,
    rated_1 INTEGER NOT NULL,
    rated_2 INTEGER NOT NULL,
    rated_3 INTEGER NOT NULL,
    rated_4 INTEGER NOT NULL,
    rated_5 INTEGER NOT NULL,
    transcribed INTEGER NOT NULL,
    utterances INTEGER NOT NULL,
    delay_ms INTEGER NOT NULL,
    late INTEGER NOT NULL,
    PRIMARY KEY (quarter, channel, queue, flow, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE report_agents (
    quarter INTEGER NOT NULL,
    agent   TEXT NOT NULL,
    handled INTEGER NOT NULL,
    handle_ms INTEGER NOT NULL,
    rated INTEGER NOT NULL,
    rating_sum INTEGER NOT NULL,
    ready_ms INTEGER NOT NULL,
    ringing_ms INTEGER NOT NULL,
    talking_ms INTEGER NOT NULL,
    wrapup_ms INTEGER NOT NULL,
    break_ms INTEGER NOT NULL,
    PRIMARY KEY (quarter, agent)
) STRICT, WITHOUT ROWID;

-- What agents were doing when; `until` is null while they still do.
CREATE TABLE agent_states (
    agent TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER,
    state TEXT NOT NULL,
    pause TEXT,
    PRIMARY KEY (agent, since)
) STRICT, WITHOUT ROWID;
CREATE INDEX agent_states_open ON agent_states (agent) WHERE until IS NULL;
CREATE INDEX agent_states_by_time ON agent_states (since);

-- When a ticket was solved (null: it is not), and whether it ever came back.
CREATE TABLE report_tickets (
    ticket    INTEGER PRIMARY KEY NOT NULL,
    solved_at INTEGER,
    came_back INTEGER NOT NULL
) STRICT;

-- What was recorded before there were reports is counted when the record is opened, up to `goal`; `done` says how far that is.
CREATE TABLE report_progress (done INTEGER NOT NULL, goal INTEGER NOT NULL) STRICT;
INSERT INTO report_progress (done, goal) SELECT 0, COALESCE(MAX(seq), 0) FROM events;
