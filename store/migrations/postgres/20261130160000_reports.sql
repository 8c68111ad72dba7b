-- Reports: the numbers of each conversation (desk::reports::COLUMNS), and their sums by quarter of an hour, kept together with them.
-- All of it is worked out from the record. To work it out anew: empty these tables but agent_states, and set `done` to 0 and `goal` to
-- the last event.

CREATE TABLE report_facts (
    conversation TEXT COLLATE "C" PRIMARY KEY NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    started_at   BIGINT NOT NULL,
    quarter      BIGINT NOT NULL,
    channel      TEXT NOT NULL,
    queue        TEXT NOT NULL,
    flow         TEXT NOT NULL,
    version      BIGINT NOT NULL,
    agent        TEXT NOT NULL,
    conversations BIGINT NOT NULL,
    alone BIGINT NOT NULL,
    queued BIGINT NOT NULL,
    offered BIGINT NOT NULL,
    answered BIGINT NOT NULL,
    abandoned BIGINT NOT NULL,
    elsewhere BIGINT NOT NULL,
    in_target BIGINT NOT NULL,
    late_answer BIGINT NOT NULL,
    late_abandon BIGINT NOT NULL,
    wait_answered_ms BIGINT NOT NULL,
    wait_abandoned_ms BIGINT NOT NULL,
    abandoned_w0 BIGINT NOT NULL,
    abandoned_w1 BIGINT NOT NULL,
    abandoned_w2 BIGINT NOT NULL,
    abandoned_w3 BIGINT NOT NULL,
    abandoned_w4 BIGINT NOT NULL,
    abandoned_w5 BIGINT NOT NULL,
    abandoned_w6 BIGINT NOT NULL,
    abandoned_w7 BIGINT NOT NULL,
    responded BIGINT NOT NULL,
    response_ms BIGINT NOT NULL,
    handled BIGINT NOT NULL,
    handle_ms BIGINT NOT NULL,
    talked BIGINT NOT NULL,
    resolved BIGINT NOT NULL,
    resolved_ms BIGINT NOT NULL,
    confirmed BIGINT NOT NULL,
    first_contact BIGINT NOT NULL,
    rated BIGINT NOT NULL,
    rating_sum BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rated_1 BIGINT NOT NULL,
    rated_2 BIGINT NOT NULL,
    rated_3 BIGINT NOT NULL,
    rated_4 BIGINT NOT NULL,
    rated_5 BIGINT NOT NULL,
    transcribed BIGINT NOT NULL,
    utterances BIGINT NOT NULL,
    delay_ms BIGINT NOT NULL,
    late BIGINT NOT NULL
);
CREATE INDEX report_facts_by_start ON report_facts (started_at, conversation);
CREATE INDEX report_facts_abandoned ON report_facts (started_at, conversation) WHERE abandoned <> 0;
CREATE INDEX report_facts_rated ON report_facts (started_at, conversation) WHERE rated <> 0;
CREATE INDEX report_facts_by_agent ON report_facts (agent, started_at, conversation);

CREATE TABLE report_quarters (
    quarter BIGINT NOT NULL,
    channel TEXT NOT NULL,
    queue   TEXT NOT NULL,
    flow    TEXT NOT NULL,
    version BIGINT NOT NULL,
    conversations BIGINT NOT NULL,
    alone BIGINT NOT NULL,
    queued BIGINT NOT NULL,
    offered BIGINT NOT NULL,
    answered BIGINT NOT NULL,
    abandoned BIGINT NOT NULL,
    elsewhere BIGINT NOT NULL,
    in_target BIGINT NOT NULL,
    late_answer BIGINT NOT NULL,
    late_abandon BIGINT NOT NULL,
    wait_answered_ms BIGINT NOT NULL,
    wait_abandoned_ms BIGINT NOT NULL,
    abandoned_w0 BIGINT NOT NULL,
    abandoned_w1 BIGINT NOT NULL,
    abandoned_w2 BIGINT NOT NULL,
    abandoned_w3 BIGINT NOT NULL,
    abandoned_w4 BIGINT NOT NULL,
    abandoned_w5 BIGINT NOT NULL,
    abandoned_w6 BIGINT NOT NULL,
    abandoned_w7 BIGINT NOT NULL,
    responded BIGINT NOT NULL,
    response_ms BIGINT NOT NULL,
    handled BIGINT NOT NULL,
    handle_ms BIGINT NOT NULL,
    talked BIGINT NOT NULL,
    resolved BIGINT NOT NULL,
    resolved_ms BIGINT NOT NULL,
    confirmed BIGINT NOT NULL,
    first_contact BIGINT NOT NULL,
    rated BIGINT NOT NULL,
    rating_sum BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rated_1 BIGINT NOT NULL,
    rated_2 BIGINT NOT NULL,
    rated_3 BIGINT NOT NULL,
    rated_4 BIGINT NOT NULL,
    rated_5 BIGINT NOT NULL,
    transcribed BIGINT NOT NULL,
    utterances BIGINT NOT NULL,
    delay_ms BIGINT NOT NULL,
    late BIGINT NOT NULL,
    PRIMARY KEY (quarter, channel, queue, flow, version)
);

CREATE TABLE report_agents (
    quarter BIGINT NOT NULL,
    agent   TEXT NOT NULL,
    handled BIGINT NOT NULL,
    handle_ms BIGINT NOT NULL,
    rated BIGINT NOT NULL,
    rating_sum BIGINT NOT NULL,
    ready_ms BIGINT NOT NULL,
    ringing_ms BIGINT NOT NULL,
    talking_ms BIGINT NOT NULL,
    wrapup_ms BIGINT NOT NULL,
    break_ms BIGINT NOT NULL,
    PRIMARY KEY (quarter, agent)
);

-- What agents were doing when; `until` is null while they still do.
CREATE TABLE agent_states (
    agent TEXT NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT,
    state TEXT NOT NULL,
    pause TEXT,
    PRIMARY KEY (agent, since)
);
CREATE INDEX agent_states_open ON agent_states (agent) WHERE until IS NULL;
CREATE INDEX agent_states_by_time ON agent_states (since);

-- When a ticket was solved (null: it is not), and whether it ever came back.
CREATE TABLE report_tickets (
    ticket    BIGINT PRIMARY KEY NOT NULL,
    solved_at BIGINT,
    came_back BIGINT NOT NULL
);

-- What was recorded before there were reports is counted when the record is opened, up to `goal`; `done` says how far that is.
CREATE TABLE report_progress (done BIGINT NOT NULL, goal BIGINT NOT NULL);
INSERT INTO report_progress (done, goal) SELECT 0, COALESCE(MAX(seq), 0) FROM events;
