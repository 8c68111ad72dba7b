// Generated from api/openapi.json by `npm run generate`. Do not edit.

export interface paths {
    "/api/v1/agents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every agent. */
        get: operations["agents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agents/{name}/holding": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Offers that ring for an agent and calls they hold. */
        get: operations["holding"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agents/{name}/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Ready, or a pause. */
        put: operations["set_ready"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Conversations, newest first. */
        get: operations["conversations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A conversation with its entries. */
        get: operations["conversation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/commands": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An order on a conversation one holds or is offered. */
        post: operations["command"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/media": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Bring the browser's media: at first and after every reload. */
        post: operations["attach_media"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Write to the customer, or add a note. */
        post: operations["write"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/recording": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The recording of a call: customer left, staff right. */
        get: operations["recording"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/watch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Supervisors: listen to a call, whisper to its agent, barge in, or leave. The browser's media follows as for a call of one's own. */
        post: operations["watch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The live socket (WebSocket): `LiveMessage` from the server, `LiveRequest` to it. */
        get: operations["live_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every queue. */
        get: operations["queues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who am I. */
        get: operations["who_am_i"];
        put?: never;
        /** Sign in. */
        post: operations["sign_in"];
        /** Sign out: the token is void. An API key cannot sign itself out. */
        delete: operations["sign_out"];
        options?: never;
        head?: never;
        /** Choose the language of my pages. */
        patch: operations["change_session"];
        trace?: never;
    };
    "/api/v1/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tickets, newest first. */
        get: operations["tickets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A ticket with its conversations. */
        get: operations["ticket"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Move or edit a ticket. */
        patch: operations["change_ticket"];
        trace?: never;
    };
    "/api/v1/tickets/{id}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Add a note, in the ticket's latest conversation. */
        post: operations["add_note"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/widget/chats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Open a chat, or come back to the open one of this visitor. */
        post: operations["open_chat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/widget/chats/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** The customer leaves. */
        delete: operations["leave_chat"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/widget/chats/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The chat, live (WebSocket): `ChatMessage` from the server, `ChatRequest` to it; the first message is `auth`. */
        get: operations["chat_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/widget/chats/{id}/lines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The lines of a chat, oldest first. */
        get: operations["chat_lines"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/widget/chats/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The customer writes. */
        post: operations["chat_write"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/widget/chats/{id}/typing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The customer types, or stopped. */
        post: operations["chat_typing"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description An agent. */
        Agent: {
            /** @description The call they hold. */
            call: string | null;
            /** @description The chats they hold. */
            chats: string[];
            /** @description Live desk page. */
            desk: boolean;
            /** @description Sign-in name. */
            name: string;
            /** @description The offer that rings. */
            offer: string | null;
            /** @description Registered phone. */
            phone: boolean;
            /** @description Whether they want work. */
            ready: boolean;
            /** @description In this state since. */
            since: components["schemas"]["Stamp"];
            /** @description Skills with levels. */
            skills: {
                [key: string]: number;
            };
            /** @description Doing what. */
            state: components["schemas"]["AgentState"];
            wrapup_until: components["schemas"]["Stamp"] | null;
        };
        /**
         * @description What an agent is doing.
         * @enum {string}
         */
        AgentState: "offline" | "not_ready" | "ready" | "ringing" | "talking" | "wrapup";
        /** @description A call as its agent's page shows it. */
        Call: {
            /** @description Whose. */
            agent: string;
            /** @description Which conversation. */
            conversation: string;
            /** @description `browser` or `phone`. */
            device: string;
            /** @description Whether this person may record, pause and go on. */
            may_record: boolean;
            /** @description Whether the agent is muted. */
            muted: boolean;
            /** @description Who else is in it. */
            others: components["schemas"]["CallOther"][];
            /** @description What this person is in the call: `holder`, `guest`, `listen`, `whisper`, `barge`. */
            part: string;
            /** @description How each leg is heard. */
            quality: components["schemas"]["CallQuality"][];
            /** @description `on` or `paused` while it is recorded. */
            recording: string | null;
            /** @description A side without audio for 3 s: `customer` or `agent`. */
            silent: string | null;
            since: components["schemas"]["Stamp"] | null;
            /** @description `connecting`, `talking`, `held`, `parked`, `ended`. */
            state: string;
            /** @description Supervisors who listen or speak. */
            watched_by: string[];
        };
        /** @description Somebody else in a call. */
        CallOther: {
            /** @description `ringing`, `aside` (with the agent, the caller hears music), `waiting` (hears music) or `joined`. */
            state: string;
            /** @description An agent's or queue's name, or the number. */
            who: string;
        };
        /** @description How a leg is heard. */
        CallQuality: {
            /**
             * Format: float
             * @description Jitter, in milliseconds.
             */
            jitter_ms: number;
            /**
             * Format: int32
             * @description Which leg.
             */
            leg: number;
            /**
             * Format: float
             * @description Packets that did not come in time, in per cent.
             */
            lost_percent: number;
            /**
             * Format: float
             * @description Mean opinion score, 1 to 4.5 (ITU-T G.107).
             */
            mos: number;
            /**
             * Format: float
             * @description Round trip, in milliseconds; null until the device told.
             */
            rtt_ms: number | null;
            /** @description Whose: `customer` or `agent`. */
            side: string;
        };
        /** @description What happened. */
        Change: {
            address: string;
            at: components["schemas"]["Stamp"];
            called: string;
            channel: components["schemas"]["Channel"];
            lang: string;
            name: string | null;
            /** @enum {string} */
            what: "conversation_opened";
        } | {
            agent: string | null;
            lang: string | null;
            queue: string | null;
            queued_at: components["schemas"]["Stamp"] | null;
            state: components["schemas"]["ConversationState"];
            /** @enum {string} */
            what: "conversation_moved";
        } | {
            at: components["schemas"]["Stamp"];
            fault: components["schemas"]["Fault"];
            reason: string;
            /** @enum {string} */
            what: "conversation_ended";
        } | {
            leg: components["schemas"]["Leg"];
            /** @enum {string} */
            what: "leg_changed";
        } | {
            entry: components["schemas"]["Entry"];
            /** @enum {string} */
            what: "entry_added";
        } | {
            assignee: string | null;
            at: components["schemas"]["Stamp"];
            subject: string;
            /** @enum {string} */
            what: "ticket_for";
        } | {
            at: components["schemas"]["Stamp"];
            by: string;
            from: components["schemas"]["TicketState"];
            to: components["schemas"]["TicketState"];
            /** @enum {string} */
            what: "ticket_moved";
        } | {
            assignee: string | null;
            at: components["schemas"]["Stamp"];
            by: string;
            subject: string | null;
            /** @enum {string} */
            what: "ticket_edited";
        };
        /**
         * @description The road a customer came by.
         * @enum {string}
         */
        Channel: "voice" | "video" | "chat";
        /** @description What the server sends to the customer's page. */
        ChatMessage: {
            at: components["schemas"]["Stamp"];
            state: components["schemas"]["ChatState"];
            /** @enum {string} */
            type: "hello";
        } | (components["schemas"]["Line"] & {
            /** @enum {string} */
            type: "line";
        }) | {
            on: boolean;
            /** @enum {string} */
            type: "typing";
        } | {
            state: components["schemas"]["ChatState"];
            /** @enum {string} */
            type: "state";
        } | {
            at: components["schemas"]["Stamp"];
            /** @enum {string} */
            type: "tick";
        } | {
            error: components["schemas"]["ErrorDetail"];
            /** @enum {string} */
            type: "error";
        };
        /** @description What the customer's page may send. */
        ChatRequest: {
            token: string;
            /** @enum {string} */
            type: "auth";
        } | {
            on: boolean;
            /** @enum {string} */
            type: "typing";
        };
        /**
         * @description Where a chat stands, for the customer.
         * @enum {string}
         */
        ChatState: "flow" | "waiting" | "talking" | "ended";
        /** @description What an agent orders on a conversation they hold or are offered. */
        Command: {
            /** @enum {string} */
            command: "accept";
        } | {
            /** @enum {string} */
            command: "decline";
        } | {
            /** @enum {string} */
            command: "hold";
        } | {
            /** @enum {string} */
            command: "resume";
        } | {
            /** @enum {string} */
            command: "mute";
            /** @description On or off. */
            on: boolean;
        } | {
            /** @enum {string} */
            command: "digits";
            /** @description `0`–`9`, `*`, `#`. */
            digits: string;
        } | {
            /** @enum {string} */
            command: "hangup";
        } | {
            /** @enum {string} */
            command: "transfer";
            /** @description To whom. */
            to: components["schemas"]["TransferTarget"];
        } | {
            /** @enum {string} */
            command: "consult";
            /** @description Whom. */
            to: components["schemas"]["TransferTarget"];
        } | {
            /** @enum {string} */
            command: "swap";
        } | {
            /** @enum {string} */
            command: "join";
        } | {
            /** @enum {string} */
            command: "complete";
        } | {
            /** @enum {string} */
            command: "cancel";
        } | {
            /** @enum {string} */
            command: "park";
        } | {
            /** @enum {string} */
            command: "pick_up";
        } | {
            /** @enum {string} */
            command: "record";
            /** @description On or off. */
            on: boolean;
        } | {
            /** @enum {string} */
            command: "wrap_up_done";
        } | {
            /** @enum {string} */
            command: "typing";
            /** @description On or off. */
            on: boolean;
        };
        /** @description A conversation as lists show it. */
        Conversation: {
            /** @description The agent it is with or was last with. */
            agent: string | null;
            /** @description What they dialled. */
            called: string;
            /** @description The number or address they came from. */
            caller: string;
            /** @description The road. */
            channel: components["schemas"]["Channel"];
            ended_at: components["schemas"]["Stamp"] | null;
            /** @description Its id, e.g. `0-19aab3c4d5e0001`. */
            id: string;
            /** @description Language code in use. */
            lang: string;
            /** @description The devices that took part. */
            legs: components["schemas"]["Leg"][];
            person: components["schemas"]["Person"] | null;
            /** @description The queue it is in or was last in. */
            queue: string | null;
            queued_at: components["schemas"]["Stamp"] | null;
            /** @description Why it ended: stable reason code. */
            reason: string | null;
            /** @description Beginning. */
            started_at: components["schemas"]["Stamp"];
            /** @description Where it stands. */
            state: components["schemas"]["ConversationState"];
            /**
             * Format: int64
             * @description The ticket it belongs to.
             */
            ticket_id: number | null;
        };
        /** @description A conversation with its entries. */
        ConversationDetail: components["schemas"]["Conversation"] & {
            /** @description Its entries, oldest first. */
            entries: components["schemas"]["Entry"][];
            /**
             * Format: int64
             * @description Ask on with `entries_after=` this; null when these are all.
             */
            entries_next: number | null;
        };
        /**
         * @description Where a conversation stands.
         * @enum {string}
         */
        ConversationState: "flow" | "waiting" | "ringing" | "talking" | "wrapup" | "ended";
        /** @description Something said, typed, pressed, noted, or that happened. */
        Entry: {
            /** @description When (for speech: when it began). */
            at: components["schemas"]["Stamp"];
            /** @description The agent's name, when an agent. */
            author: string | null;
            /** @description Particulars of an event. */
            detail: Record<string, never> | null;
            /**
             * Format: int64
             * @description End, likewise.
             */
            end_ms: number | null;
            /** @description Always true in the record. */
            final: boolean;
            /** @description What kind. */
            kind: components["schemas"]["EntryKind"];
            /**
             * Format: int32
             * @description The leg it came from.
             */
            leg: number | null;
            /**
             * Format: int64
             * @description Position in the conversation, from 1, without gaps.
             */
            seq: number;
            /** @description Who. */
            speaker: components["schemas"]["Speaker"];
            /**
             * Format: int64
             * @description Start, in milliseconds since the conversation began (speech only).
             */
            start_ms: number | null;
            /** @description The words, digit or event code. */
            text: string;
        };
        /**
         * @description What kind of entry it is.
         * @enum {string}
         */
        EntryKind: "speech" | "message" | "digit" | "event" | "note";
        /** @description Every error of the API. */
        Error: {
            /** @description What was wrong. */
            error: components["schemas"]["ErrorDetail"];
        };
        /** @description What was wrong. */
        ErrorDetail: {
            /** @description Stable code. */
            code: string;
            /** @description The part of the request at fault. */
            field?: string | null;
            /** @description For people who write programs. */
            message: string;
        };
        /** @description A numbered event of the record. */
        Event: {
            /** @description Committed at. */
            at: components["schemas"]["Stamp"];
            /** @description What happened. */
            change: components["schemas"]["Change"];
            /** @description The conversation it concerns. */
            conversation: string | null;
            /**
             * Format: int64
             * @description Position in the whole record, from 1, without gaps.
             */
            seq: number;
            /**
             * Format: int64
             * @description The ticket it concerns.
             */
            ticket: number | null;
        };
        /**
         * @description Whose fault an ending was.
         * @enum {string}
         */
        Fault: "none" | "caller" | "peer" | "upstream" | "capacity" | "ours";
        /** @description What an agent has in hand. */
        Holding: {
            /** @description Calls they hold. */
            calls: components["schemas"]["Call"][];
            /** @description Offers that ring. */
            offers: components["schemas"]["Offer"][];
        };
        /**
         * @description A language of the pages.
         * @enum {string}
         */
        Lang: "en" | "zh";
        /** @description One device that took part. */
        Leg: {
            /** @description The agent, when an agent's. */
            agent: string | null;
            answered_at: components["schemas"]["Stamp"] | null;
            /** @description Codec in use, e.g. `PCMU/8000`; empty for text or before media. */
            codec: string;
            /** @description `phone`, `browser` or `text`. */
            device: string;
            ended_at: components["schemas"]["Stamp"] | null;
            fault: components["schemas"]["Fault"] | null;
            /**
             * Format: int32
             * @description Number within the conversation (0 is the customer).
             */
            n: number;
            /** @description Stable reason code of the ending. */
            reason: string | null;
            /** @description Whose it is. */
            speaker: components["schemas"]["Speaker"];
            /** @description When it was created. */
            started_at: components["schemas"]["Stamp"];
        };
        /** @description One line of a chat as the customer sees it. */
        Line: {
            /** @description When. */
            at: components["schemas"]["Stamp"];
            /**
             * Format: int64
             * @description Position in the conversation.
             */
            seq: number;
            /** @description Who. */
            speaker: components["schemas"]["Speaker"];
            /** @description The message. */
            text: string;
        };
        /** @description Lines of a chat. */
        Lines: {
            /** @description Oldest first. */
            items: components["schemas"]["Line"][];
            /**
             * Format: int64
             * @description Ask on with `after=` this; null at the end.
             */
            next: number | null;
            /** @description Where the chat stands. */
            state: components["schemas"]["ChatState"];
        };
        /** @description One page of a list. */
        ListView_Agent: {
            /** @description Rows. */
            items: {
                /** @description The call they hold. */
                call: string | null;
                /** @description The chats they hold. */
                chats: string[];
                /** @description Live desk page. */
                desk: boolean;
                /** @description Sign-in name. */
                name: string;
                /** @description The offer that rings. */
                offer: string | null;
                /** @description Registered phone. */
                phone: boolean;
                /** @description Whether they want work. */
                ready: boolean;
                /** @description In this state since. */
                since: components["schemas"]["Stamp"];
                /** @description Skills with levels. */
                skills: {
                    [key: string]: number;
                };
                /** @description Doing what. */
                state: components["schemas"]["AgentState"];
                wrapup_until: components["schemas"]["Stamp"] | null;
            }[];
            /** @description Ask on with `after=` this; null at the end. */
            next: string | null;
        };
        /** @description One page of a list. */
        ListView_Conversation: {
            /** @description Rows. */
            items: {
                /** @description The agent it is with or was last with. */
                agent: string | null;
                /** @description What they dialled. */
                called: string;
                /** @description The number or address they came from. */
                caller: string;
                /** @description The road. */
                channel: components["schemas"]["Channel"];
                ended_at: components["schemas"]["Stamp"] | null;
                /** @description Its id, e.g. `0-19aab3c4d5e0001`. */
                id: string;
                /** @description Language code in use. */
                lang: string;
                /** @description The devices that took part. */
                legs: components["schemas"]["Leg"][];
                person: components["schemas"]["Person"] | null;
                /** @description The queue it is in or was last in. */
                queue: string | null;
                queued_at: components["schemas"]["Stamp"] | null;
                /** @description Why it ended: stable reason code. */
                reason: string | null;
                /** @description Beginning. */
                started_at: components["schemas"]["Stamp"];
                /** @description Where it stands. */
                state: components["schemas"]["ConversationState"];
                /**
                 * Format: int64
                 * @description The ticket it belongs to.
                 */
                ticket_id: number | null;
            }[];
            /** @description Ask on with `after=` this; null at the end. */
            next: string | null;
        };
        /** @description One page of a list. */
        ListView_Queue: {
            /** @description Rows. */
            items: {
                /** @description Name. */
                name: string;
                /**
                 * Format: int32
                 * @description Agents who could take its work now.
                 */
                ready_agents: number;
                /**
                 * Format: int32
                 * @description Agents who have the skill and are signed in.
                 */
                staffed_agents: number;
                /** @description Who waits, first in line first. */
                waiting: components["schemas"]["Waiting"][];
            }[];
            /** @description Ask on with `after=` this; null at the end. */
            next: string | null;
        };
        /** @description One page of a list. */
        ListView_Ticket: {
            /** @description Rows. */
            items: {
                /** @description Who is on it. */
                assignee: string | null;
                /** @description The road of the conversation that opened it. */
                channel: components["schemas"]["Channel"];
                /** @description Conversations that belong to it, oldest first. */
                conversations: string[];
                /** @description Opened. */
                created_at: components["schemas"]["Stamp"];
                /**
                 * Format: int64
                 * @description Number, from 1.
                 */
                id: number;
                person: components["schemas"]["Person"] | null;
                /** @description The queue it came through. */
                queue: string | null;
                /** @description Where it stands. */
                state: components["schemas"]["TicketState"];
                /** @description One line about it. */
                subject: string;
                /** @description Last change. */
                updated_at: components["schemas"]["Stamp"];
            }[];
            /** @description Ask on with `after=` this; null at the end. */
            next: string | null;
        };
        /** @description What the server sends to staff. */
        LiveMessage: {
            /** Format: int64 */
            after: number;
            at: components["schemas"]["Stamp"];
            /** Format: int64 */
            last: number;
            /** @enum {string} */
            type: "hello";
            user: components["schemas"]["User"];
        } | {
            agents: components["schemas"]["Agent"][];
            calls: components["schemas"]["Call"][];
            offers: components["schemas"]["Offer"][];
            queues: components["schemas"]["Queue"][];
            /** @enum {string} */
            type: "snapshot";
        } | (components["schemas"]["Event"] & {
            /** @enum {string} */
            type: "event";
        }) | {
            conversation: string;
            /** Format: int32 */
            leg: number;
            speaker: components["schemas"]["Speaker"];
            stable: string;
            /** Format: int64 */
            start_ms: number;
            tentative: string;
            /** @enum {string} */
            type: "preview";
        } | {
            agent: components["schemas"]["Agent"];
            /** @enum {string} */
            type: "agent";
        } | {
            queue: components["schemas"]["Queue"];
            /** @enum {string} */
            type: "queue";
        } | {
            offer: components["schemas"]["Offer"];
            /** @enum {string} */
            type: "offer";
        } | {
            agent: string;
            conversation: string;
            end: components["schemas"]["OfferEnd"] | null;
            /** @enum {string} */
            type: "offer_over";
        } | {
            call: components["schemas"]["Call"];
            /** @enum {string} */
            type: "call";
        } | {
            conversation: string;
            on: boolean;
            speaker: components["schemas"]["Speaker"];
            /** @enum {string} */
            type: "typing";
        } | {
            at: components["schemas"]["Stamp"];
            /** @enum {string} */
            type: "tick";
        } | {
            error: components["schemas"]["ErrorDetail"];
            /** @enum {string} */
            type: "error";
        };
        /** @description What staff's pages and programs may send. */
        LiveRequest: {
            token: string;
            /** @enum {string} */
            type: "auth";
        } | {
            /** @enum {string} */
            type: "desk";
        };
        /**
         * @description What kind of attention work needs.
         * @enum {string}
         */
        Medium: "call" | "chat";
        /** @description What the customer writes. */
        NewLine: {
            /** @description Chosen by the page (a UUID): the same one is recorded once. */
            dedupe: string;
            /** @description 1 to 10 000 characters. */
            text: string;
        };
        /** @description A message to the customer, or a note. */
        NewMessage: {
            /** @description Administrators: the agent to write as. */
            agent?: string | null;
            /** @description Chosen by the sender (a UUID): the same one is recorded once. */
            dedupe?: string | null;
            /** @description Only for staff to read. */
            note?: boolean;
            /** @description 1 to 10 000 characters. */
            text: string;
        };
        /** @description A note. */
        NewNote: {
            /** @description Chosen by the sender: the same one is recorded once. */
            dedupe?: string | null;
            /** @description 1 to 10 000 characters. */
            text: string;
        };
        /** @description A note's answer names the conversation it went to. */
        NotePosted: {
            /** @description When. */
            at: components["schemas"]["Stamp"];
            /** @description The ticket's latest conversation. */
            conversation: string;
            /**
             * Format: int64
             * @description Position there.
             */
            seq: number;
        };
        /** @description An offer that rings. */
        Offer: {
            /** @description To whom. */
            agent: string;
            /** @description Caller as shown to staff. */
            caller: string;
            /** @description The road. */
            channel: components["schemas"]["Channel"];
            /** @description Which conversation. */
            conversation: string;
            /** @description Their name, if known. */
            name: string | null;
            /** @description The queue it comes from. */
            queue: string | null;
            /** @description Rings until. */
            until: components["schemas"]["Stamp"];
            why: components["schemas"]["OfferReason"] | null;
        };
        /**
         * @description Why an offer is over before anybody accepted it.
         * @enum {string}
         */
        OfferEnd: "timed_out" | "declined" | "withdrawn" | "unreachable";
        /** @description Why this agent. */
        OfferReason: {
            /**
             * Format: int32
             * @description How many agents could have taken it.
             */
            candidates: number;
            /**
             * Format: int64
             * @description How long they had been idle.
             */
            idle_ms: number;
            /**
             * Format: int32
             * @description Their level in the skill that decided.
             */
            level: number;
            /** @description The runners-up, best first. */
            others: components["schemas"]["RunnerUp"][];
            /** @description Who could not, and why. */
            passed_over: components["schemas"]["PassedOver"][];
            /** @description Strategy that chose. */
            strategy: string;
            /**
             * Format: int64
             * @description How long the work had waited.
             */
            waited_ms: number;
        };
        /** @description A customer opens a chat. */
        OpenChat: {
            /** @description Language of the page. */
            lang: components["schemas"]["Lang"];
            /** @description Name they give, at most 80 characters. */
            name?: string | null;
            /** @description Random text of 16 to 64 characters `A–Z a–z 0–9 _ -`, made once per browser. */
            visitor: string;
        };
        /** @description An open chat. */
        OpenedChat: {
            /** @description Its id. */
            conversation: string;
            /** @description What opens it: keep it. */
            token: string;
        };
        /** @description An agent who could not be chosen. */
        PassedOver: {
            /** @description Who. */
            agent: string;
            /** @description Stable code: `not_ready`, `busy`, `no_skill`, `wrapup`, `offered`, `just_missed`. */
            why: string;
        };
        /** @description A customer. */
        Person: {
            /** @description Addresses they are known by (`tel:…`, `sip:…`, `chat:…`). */
            addresses: string[];
            /**
             * Format: int64
             * @description Number.
             */
            id: number;
            /** @description Name to show. */
            name: string;
        };
        /** @description A message was recorded. */
        Posted: {
            /** @description When. */
            at: components["schemas"]["Stamp"];
            /**
             * Format: int64
             * @description Its position in the conversation.
             */
            seq: number;
        };
        /** @description A queue. */
        Queue: {
            /** @description Name. */
            name: string;
            /**
             * Format: int32
             * @description Agents who could take its work now.
             */
            ready_agents: number;
            /**
             * Format: int32
             * @description Agents who have the skill and are signed in.
             */
            staffed_agents: number;
            /** @description Who waits, first in line first. */
            waiting: components["schemas"]["Waiting"][];
        };
        /** @description Whether the agent wants work. */
        Readiness: {
            /** @description Wants work. */
            ready: boolean;
        };
        /**
         * @description What a user may do.
         * @enum {string}
         */
        Role: "agent" | "supervisor" | "admin";
        /** @description An agent who was not chosen, though able. */
        RunnerUp: {
            /** @description Who. */
            agent: string;
            /**
             * Format: int64
             * @description How long they had been idle.
             */
            idle_ms: number;
            /**
             * Format: int32
             * @description Their level in the skill that decided.
             */
            level: number;
        };
        /** @description A session description (RFC 8866), as `RTCPeerConnection` makes and takes it. */
        Sdp: {
            /** @description The text. */
            sdp: string;
        };
        /** @description A session. */
        Session: {
            /** @description For `Authorization: Bearer`; the same is in the cookie. */
            token: string;
            /** @description Who signed in. */
            user: components["schemas"]["User"];
        };
        /** @description A wish of a user about their pages. */
        SessionChange: {
            /** @description Language of the pages. */
            lang: components["schemas"]["Lang"];
        };
        /** @description A sign-in. */
        SignIn: {
            /** @description Sign-in name. */
            name: string;
            /** @description Password. */
            password: string;
        };
        /**
         * @description Who said it.
         * @enum {string}
         */
        Speaker: "customer" | "agent" | "system";
        /**
         * Format: date-time
         * @description A moment; in JSON RFC 3339, UTC, milliseconds.
         * @example 2025-11-22T16:20:00.123Z
         */
        Stamp: string;
        /** @description From and to, as the mover saw it; a stale picture is refused with `stale`. */
        Step: {
            /** @description From. */
            from: components["schemas"]["TicketState"];
            /** @description To. */
            to: components["schemas"]["TicketState"];
        };
        /** @description A ticket as lists show it. */
        Ticket: {
            /** @description Who is on it. */
            assignee: string | null;
            /** @description The road of the conversation that opened it. */
            channel: components["schemas"]["Channel"];
            /** @description Conversations that belong to it, oldest first. */
            conversations: string[];
            /** @description Opened. */
            created_at: components["schemas"]["Stamp"];
            /**
             * Format: int64
             * @description Number, from 1.
             */
            id: number;
            person: components["schemas"]["Person"] | null;
            /** @description The queue it came through. */
            queue: string | null;
            /** @description Where it stands. */
            state: components["schemas"]["TicketState"];
            /** @description One line about it. */
            subject: string;
            /** @description Last change. */
            updated_at: components["schemas"]["Stamp"];
        };
        /** @description A change of a ticket; one field at least. */
        TicketChange: {
            /** @description Give it to this agent. */
            assignee?: string | null;
            state?: components["schemas"]["Step"] | null;
            /** @description New subject, 1 to 200 characters. */
            subject?: string | null;
        };
        /** @description A ticket with its conversations. */
        TicketDetail: components["schemas"]["Ticket"] & {
            /** @description The newest 50 of its conversations, oldest first, without entries. */
            history: components["schemas"]["Conversation"][];
        };
        /**
         * @description Where a ticket stands.
         * @enum {string}
         */
        TicketState: "new" | "in_progress" | "pending_confirmation" | "done";
        /** @description Where a call goes on: `{"agent": "bob"}`, `{"queue": "sales"}` or `{"number": "+49…"}`. */
        TransferTarget: {
            /** @description Another agent, by name. */
            agent: string;
        } | {
            /** @description A queue, by name. */
            queue: string;
        } | {
            /** @description A number or SIP URI. */
            number: string;
        };
        /** @description Whether the customer types. */
        TypingNow: {
            /** @description On or off. */
            on: boolean;
        };
        /** @description Who is asking. */
        User: {
            /** @description Whether they are on the floor (take work). */
            agent: boolean;
            lang: components["schemas"]["Lang"] | null;
            /** @description Sign-in name, or `key:NAME` for an API key. */
            name: string;
            /** @description What they may do. */
            role: components["schemas"]["Role"];
        };
        /** @description One waiting piece of work. */
        Waiting: {
            /** @description Which conversation. */
            conversation: string;
            /** @description Kind of attention. */
            medium: components["schemas"]["Medium"];
            /** @description Being offered to. */
            offered_to: string | null;
            /** @description Waiting since. */
            since: components["schemas"]["Stamp"];
        };
        /** @description How to take part. */
        Watching: {
            /** @description `listen`, `whisper`, `barge` or `off`. */
            mode: components["schemas"]["WatchMode"];
        };
        /**
         * @description How a supervisor takes part in a call.
         * @enum {string}
         */
        WatchMode: "listen" | "whisper" | "barge" | "off";
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    agents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListView_Agent"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    holding: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `me`, or an agent's name (supervisors and administrators) */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Holding"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    set_ready: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `me`, or an agent's name (supervisors and administrators) */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Readiness"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    conversations: {
        parameters: {
            query?: {
                /** @description Cursor: `next` of the page before. */
                after?: string;
                /** @description Only with this agent. */
                agent?: string;
                /** @description 1 to 200; 50 unless said. */
                limit?: number;
                /** @description `true`: only those not ended; `false`: only ended ones. */
                open?: boolean;
                /** @description Only of this person. */
                person?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListView_Conversation"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    conversation: {
        parameters: {
            query?: {
                /** @description Only after this position; 0 unless said. */
                entries_after?: number;
                /** @description At most so many, 1 to 10000; 10000 unless said. */
                entries_limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationDetail"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    command: {
        parameters: {
            query?: {
                /** @description Administrators: the agent to act as. */
                agent?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Command"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    attach_media: {
        parameters: {
            query?: {
                /** @description Administrators: the agent to act as. */
                agent?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Sdp"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sdp"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    write: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMessage"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Posted"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    recording: {
        parameters: {
            query?: never;
            header?: {
                /** @description One range of bytes, as in `bytes=0-999` */
                Range?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/ogg": number[];
                };
            };
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/ogg": number[];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    watch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Watching"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    live_events: {
        parameters: {
            query?: {
                /** @description Number of the last event one has; without it, from the present. */
                after?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the socket */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    queues: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListView_Queue"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    who_am_i: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    change_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SessionChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    tickets: {
        parameters: {
            query?: {
                /** @description Cursor: `next` of the page before. */
                after?: string;
                /** @description Only of this assignee. */
                assignee?: string;
                /** @description 1 to 200; 50 unless said. */
                limit?: number;
                /** @description Only of this person. */
                person?: number;
                /** @description Only in this state. */
                state?: components["schemas"]["TicketState"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListView_Ticket"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    ticket: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketDetail"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    change_ticket: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TicketChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketDetail"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    add_note: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewNote"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotePosted"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    open_chat: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenChat"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenedChat"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    leave_chat: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    chat_events: {
        parameters: {
            query?: {
                /** @description `seq` of the last line one has; 0 unless said. */
                after?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the socket */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    chat_lines: {
        parameters: {
            query?: {
                /** @description Only after this position; 0 unless said. */
                after?: number;
                /** @description 1 to 200; 50 unless said. */
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lines"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    chat_write: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewLine"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Posted"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    chat_typing: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TypingNow"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
}
