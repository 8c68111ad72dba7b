-- The SIP messages of each call, pressed together: one row a conversation, gone with it.

CREATE TABLE sip_ladders (
    conversation TEXT PRIMARY KEY NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    packed       TEXT NOT NULL
);
