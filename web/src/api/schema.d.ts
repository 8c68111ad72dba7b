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
    "/api/v1/agents/{name}/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes an agent out of whatever keeps them from work: wrap-up, a pause, being set aside, work that is over. */
        post: operations["reset_agent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is out of the bounds of the setting `alerts` now. */
        get: operations["alerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Keys of programs that administrators made, the oldest first. Keys of the configuration stand there. */
        get: operations["api_keys"];
        put?: never;
        /** Make a key for a program. The token in the answer is shown this once. */
        post: operations["make_api_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a key: its token is void from the next request on, and its live sockets end. */
        delete: operations["revoke_api_key"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{name}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lines of the newest conversation, oldest first. */
        get: operations["app_lines"];
        put?: never;
        /** Write; a conversation begins if none is open. The header `Idempotency-Key` names the message: a repeat gets the first answer. */
        post: operations["app_write"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{name}/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A token for the live socket of the customer's open conversation. */
        post: operations["app_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/asr": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How transcription keeps up: model, streams that are live and behind, delays of the last five minutes, drops. */
        get: operations["transcription"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who changed which setting when, and what it was before; newest first. Administrators only. */
        get: operations["audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Call a customer. The answer comes before the call does: how it goes is seen in the conversation. */
        post: operations["place_call"];
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
    "/api/v1/conversations/{id}/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Withdraw a callback that waits, or move it to another queue or a later time. It keeps its place. */
        post: operations["change_callback"];
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
    "/api/v1/conversations/{id}/entries/{seq}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Correct what a line of the transcript says: agents who took part, supervisors, administrators. */
        patch: operations["correct_line"];
        trace?: never;
    };
    "/api/v1/conversations/{id}/entries/{seq}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a line said, from what was recognised to what stands there now. */
        get: operations["line_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keep a file for a message to the customer: the body is the file, 10 MiB at most. Name its `url` in `files` of a message. */
        post: operations["upload_file"];
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
    "/api/v1/conversations/{id}/messages/{seq}/send-again": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a message again that was given up. */
        post: operations["send_again"];
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
        get: operations["call_recording"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/routing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Why a conversation waited, who was asked for it, and why; while it waits, up to this moment. */
        get: operations["routing"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/sip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The SIP messages of a conversation. Administrators see them whole; from everybody else is hidden whom they concern. */
        get: operations["sip_ladder"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/sip.pcap": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The SIP messages of a conversation as a capture file for Wireshark. Administrators only; noted in the audit trail. */
        get: operations["sip_capture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/suggestions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The best three passages for what the customer said last. */
        post: operations["suggestions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/transcript": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was said and written in a conversation, as a file. */
        get: operations["transcript"];
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
    "/api/v1/customer-setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What can be said of customers here: tiers, fields, tags in use. */
        get: operations["customer_setup"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Customers, newest first, without those who live on in another. */
        get: operations["customers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A customer. */
        get: operations["customer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change what is known of a customer. */
        patch: operations["change_customer"];
        trace?: never;
    };
    "/api/v1/customers/{id}/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who changed what of a customer, when, and what it was before; newest first. */
        get: operations["customer_changes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{id}/merges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let another customer live on in this one, with all conversations, tickets and addresses. The same again changes nothing. */
        post: operations["merge_customers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{id}/splits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a merge back: what came along goes back, what happened since stays here. The same again changes nothing. */
        post: operations["split_customers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/event-hooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Programs that are told what happens, the oldest first. */
        get: operations["event_hooks"];
        put?: never;
        /** Tell a program what happens from now on. The secret in the answer is shown this once. */
        post: operations["make_event_hook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/event-hooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a hook. */
        delete: operations["remove_event_hook"];
        options?: never;
        head?: never;
        /** Change a hook. A parked one goes on from where it stopped. */
        patch: operations["change_event_hook"];
        trace?: never;
    };
    "/api/v1/event-hooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the telling of a hook went, newest first; kept three days. */
        get: operations["event_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/event-hooks/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send an event, or everything after one, once more. Events keep their ids. */
        post: operations["replay_events"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/event-hooks/{id}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give a hook a new secret; the old one signs no more. It is shown this once. */
        post: operations["new_event_hook_secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/event-hooks/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a test, also to a hook that is stopped or parked. How it went stands among its deliveries. */
        post: operations["test_event_hook"];
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
    "/api/v1/files/{key}/{n}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file that came with a message, as its entry's `detail.files` names it. */
        get: operations["file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flow-kinds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The kinds of steps that there are, with their parameters and help; and what steps may name. */
        get: operations["flow_kinds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every flow: those in service, and those that so far are only drafts. */
        get: operations["flows"];
        put?: never;
        /** Begin a new flow: an empty draft. */
        post: operations["create_flow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/{flow}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A flow with its draft, or with the version in service. */
        get: operations["flow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/{flow}/days/{day}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the customers who came on a day (UTC) went through the flow, whatever its version was. */
        get: operations["flow_day"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/{flow}/difference": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What changed from a version to another one or to a text, line by line. */
        post: operations["flow_difference"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/{flow}/draft": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Keep a draft. It may be wrong: only publishing asks for a good one. `stale`: somebody else saved meanwhile. */
        put: operations["save_flow_draft"];
        post?: never;
        /** Throw the draft away. */
        delete: operations["discard_flow_draft"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/{flow}/edits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change a text, without keeping it. */
        post: operations["edit_flow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/{flow}/here": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where customers are now. */
        get: operations["flow_here"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/{flow}/prompts/{prompt}/{lang}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A prompt of the version in service, as callers hear it. */
        get: operations["flow_prompt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/{flow}/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put the draft into service. Refused with `invalid_flow` and all its problems when it is wrong: what was in service stays. */
        post: operations["publish_flow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/{flow}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go back: the text of an earlier version becomes the newest version. A draft stays as it is. */
        post: operations["restore_flow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/{flow}/simulations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try a text: the real interpreter, on a clock of its own. The same moves always go the same way. */
        post: operations["simulate_flow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/{flow}/sketch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Draw and check a text, without keeping it. */
        post: operations["sketch_flow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/{flow}/test-calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A number by which a text can be called for some minutes, with its real prompts, without being in service. Who calls it is in the
         *     record like everybody, but in no report and no what-if.
         */
        post: operations["test_call_flow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/{flow}/test-calls/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the callers of a test number are now. */
        get: operations["test_callers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/{flow}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Versions that were in service, newest first. */
        get: operations["flow_versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/{flow}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A version with its text. */
        get: operations["flow_version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ice-servers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** STUN and TURN servers with credentials for this page; empty when none are configured. */
        get: operations["ice_servers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{kind}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Import customers or tickets; the same file again changes nothing. */
        post: operations["import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/knowledge/articles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every article that one may read, without its body. */
        get: operations["articles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/knowledge/articles/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An article in all its versions, the newest first. */
        get: operations["article"];
        /** Save an article: its first version or the next one. */
        put: operations["save_article"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/knowledge/gaps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What customers asked in vain, the most frequent first. */
        get: operations["knowledge_gaps"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/knowledge/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Import articles; the same file again changes nothing. */
        post: operations["import_articles"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/knowledge/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Passages that answer, the best first. */
        get: operations["search_knowledge"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/knowledge/use": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How knowledge served: thumbs by article, the most judged first. What found nothing is in `/knowledge/gaps`. */
        get: operations["knowledge_use"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/knowledge/votes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say whether a passage answered. */
        post: operations["vote"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/mentions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Notes that call oneself by name, newest first. */
        get: operations["mentions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/mentions/seen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** One has seen all mentions up to this one. */
        put: operations["mentions_seen"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/observed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Announce a call that another system carries. Its conversation begins; it ends when the sound of its sides has ended, or with
         *     `no_media` when none comes.
         */
        post: operations["observe_call"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/observed/{id}/audio": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Bring the sound of one side, or of two in stereo: a web socket of binary messages with signed 16-bit little-endian samples.
         *     Text messages are JSON: `{"type":"digit","key":"5"}`, `{"type":"hold","on":true}`,
         *     `{"type":"passed_on","to":{"speaker":"agent","agent":"bob"}}`, `{"type":"end"}`; for stereo, `"leg"` says which.
         */
        get: operations["observed_audio"];
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
    "/api/v1/recordings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Bring a recording, in any format that we read (wav, mp3, m4a, flac, ogg); it is kept as a wav file of the usual loudness. */
        post: operations["keep_recording"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recordings/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A recording that was kept. */
        get: operations["recording"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The reports there are, with what their figures mean. */
        get: operations["reports"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A report over days of a place. */
        get: operations["report"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/{name}/csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A report as a CSV file (RFC 4180, UTF-8): a line a row and the total. */
        get: operations["report_csv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/{name}/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The conversations that a figure of a report, or of one of its rows, is made of; newest first. */
        get: operations["report_rows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was said, written, noted, asked and explained with all of these words, newest first. A page may have fewer rows than
         *     `limit`, even none, although `next` is there: go on with it.
         */
        get: operations["search"];
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
    "/api/v1/settings/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A setting as it is. */
        get: operations["setting"];
        /** Change a setting; null takes it away. */
        put: operations["change_setting"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sip/bans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sources that are banned from SIP now, the newest first. Administrators only. */
        get: operations["bans"];
        put?: never;
        /** Ban a source from SIP. Carriers and networks that the configuration trusts or allows cannot be banned. Administrators only. */
        post: operations["ban"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sip/bans/{address}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Lift a ban: the address is served again, and what spoke against it is forgotten. Administrators only. */
        delete: operations["lift_ban"];
        options?: never;
        head?: never;
        patch?: never;
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
        /** Open a ticket by hand or by a program. */
        post: operations["open_ticket"];
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
    "/api/v1/tickets/{id}/macros": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Apply a macro to a ticket. Its reply comes back for the agent to send. */
        post: operations["apply_macro"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{id}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Merge a ticket into another of the same customer: its conversations, followers and fields go there. */
        post: operations["merge_ticket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
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
    "/api/v1/tickets/{id}/relations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Relate two tickets, or no longer. */
        post: operations["relate_tickets"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/trunks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Carriers, how they stand, and what today's calls cost. Administrators only. */
        get: operations["trunks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/voice": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hear a text in the voice of prompts. */
        post: operations["say"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/what-if": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What would come of other staffing, skills or rules. The router in it is the real one. */
        post: operations["what_if"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/widget/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin a call. It enters the flow when the page's media is connected. */
        post: operations["open_call"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/widget/calls/{id}/media": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Bring the page's media: at first, after every reload, and when the call's socket asks for it. */
        post: operations["attach_call"];
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
    "/api/v1/widget/chats/{id}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keep a file for a message of one's own chat: the body is the file, 10 MiB at most. Name its `url` in `files` of a message. */
        post: operations["chat_upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/widget/chats/{id}/files/{key}/{n}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file that came with a line of one's own chat, as the line's `files` name it. */
        get: operations["chat_file"];
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
            /** @description What keeps queued calls from them now, a stable code as in `PassedOver`. */
            hindrance: string | null;
            /** @description Sign-in name. */
            name: string;
            /** @description The offer that rings. */
            offer: string | null;
            /** @description The reason of their break as they gave it; `set_aside`: they missed offers. */
            pause: string | null;
            pause_until: components["schemas"]["Stamp"] | null;
            /** @description Registered phone. */
            phone: boolean;
            /** @description Whether they want work. */
            ready: boolean;
            since: components["schemas"]["Stamp"] | null;
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
        /** @description Something on the floor is out of its bounds. */
        Alert: {
            /**
             * Format: int32
             * @description The bound.
             */
            limit: number;
            /** @description In which queue. */
            queue: string;
            /**
             * Format: int64
             * @description What it is now.
             */
            value: number;
            /** @description What: `waiting`, `longest_wait` (seconds), `service_level` (percent, of today) or `ready_agents`. */
            what: string;
        };
        /** @description A key for a program. */
        ApiKey: {
            /** @description Since when there is it. */
            created_at: components["schemas"]["Stamp"];
            /** @description Who made it. */
            created_by: string;
            /** @description Whether that is over. */
            expired: boolean;
            expires_at: components["schemas"]["Stamp"] | null;
            /** @description Its number. */
            id: string;
            /** @description What it is called. */
            name: string;
            /** @description What it may do. */
            scopes: components["schemas"]["Scope"][];
            used_at: components["schemas"]["Stamp"] | null;
        };
        /** @description A key and its token. The token is shown this once. */
        ApiKeyMade: {
            /** @description The key. */
            key: components["schemas"]["ApiKey"];
            /** @description For `Authorization: Bearer`. */
            token: string;
        };
        /** @description The customer's newest conversation. */
        AppLines: components["schemas"]["Lines"] & {
            /** @description Its id; null when there never was one. */
            conversation: string | null;
        };
        /** @description What the customer writes. */
        AppMessage: {
            /** @description 1 to 10 000 characters. */
            text: string;
        };
        /** @description A message is in the record. */
        AppPosted: {
            /** @description When it was recorded first. */
            at: components["schemas"]["Stamp"];
            /** @description The conversation it is in. */
            conversation: string;
            /**
             * Format: int64
             * @description Its position there.
             */
            seq: number;
        };
        /** @description What opens the live socket of the open conversation. */
        AppSession: {
            /** @description The conversation; use it with `/api/v1/widget/chats/{id}/events`. */
            conversation: string;
            /** @description The token for it. */
            token: string;
        };
        /** @description An article. */
        Article: {
            /** @description When. */
            at: components["schemas"]["Stamp"];
            /** @description Who may read it. */
            audience: components["schemas"]["Audience"];
            /** @description Markdown; empty in lists. */
            body: string;
            /** @description Who saved this version. */
            by: string;
            expires_at: components["schemas"]["Stamp"] | null;
            /** @description Its name for ever. */
            key: string;
            /** @description `en` or `zh`. */
            lang: string;
            review_at: components["schemas"]["Stamp"] | null;
            /** @description One line. */
            title: string;
            /**
             * Format: int64
             * @description Counts what was saved, from 1.
             */
            version: number;
        };
        /** @description How an article was judged. */
        ArticleUse: {
            /** @description The article. */
            key: string;
            /**
             * Format: int64
             * @description Thumbs up.
             */
            useful: number;
            /**
             * Format: int64
             * @description Thumbs down.
             */
            useless: number;
        };
        /**
         * @description Who may read an article.
         * @enum {string}
         */
        Audience: "staff" | "supervisors";
        /** @description A change of a setting. */
        Audited: {
            /** @description What it is since. */
            after: string | null;
            /** @description When. */
            at: components["schemas"]["Stamp"];
            /** @description What it was, as JSON; null: not set. */
            before: string | null;
            /** @description Who. */
            by: string;
            /** @description Which setting. */
            key: string;
        };
        /** @description A row that cannot be used. */
        BadRow: {
            /** @description The field at fault. */
            field: string;
            /** @description What it holds. */
            found: string;
            /** @description What would be right. */
            right: string;
            /**
             * Format: int64
             * @description Line in the file (CSV) or place in the list (JSON), from 1; 0: the file as a whole.
             */
            row: number;
        };
        /** @description A source that is banned from SIP. */
        Ban: {
            /** @description An IPv4 address, or the /64 of an IPv6 address. */
            address: string;
            /**
             * Format: int32
             * @description What led to it.
             */
            failures: number;
            /** @description Whether the source itself did it for certain: then its connections are refused too, not its datagrams alone. */
            proven: boolean;
            /** @description `passwords`, `users` (looks for names), `numbers`, `malformed`, `probes`, `flood` or `by_hand`. */
            reason: string;
            /** @description When it began. */
            since: components["schemas"]["Stamp"];
            /**
             * Format: int32
             * @description The how manieth ban of this source; each is twice as long as the one before.
             */
            times: number;
            /**
             * Format: int64
             * @description Messages and connections turned away since.
             */
            turned_away: number;
            /** @description When it ends. */
            until: components["schemas"]["Stamp"];
        };
        /** @description What the customer is saying just now. */
        BeingSaid: {
            /** @description Interim text that the record does not have yet. */
            being_said?: string;
        };
        /** @description A call as its agent's page shows it. */
        Call: {
            /** @description Whose. */
            agent: string;
            /**
             * Format: int32
             * @description Grows when the page is to bring its media anew.
             */
            attach: number;
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
            /** @description `on` or `paused`: what the agent ordered for the transcript; null where the customer did not agree. */
            transcription: string | null;
            /** @description Whether pictures belong to it. */
            video: boolean;
            /** @description Supervisors who listen or speak. */
            watched_by: string[];
        };
        /** @description A call that was begun. */
        CallBegun: {
            /** @description Its conversation. */
            conversation: string;
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
            corrected: components["schemas"]["Corrected"] | null;
            /** @description As in an entry. */
            detail: Record<string, never> | null;
            /**
             * Format: int64
             * @description The line.
             */
            seq: number;
            text: string;
            /** @enum {string} */
            what: "entry_corrected";
        } | {
            channel: string;
            /** @enum {string} */
            what: "thread_opened";
        } | {
            at: components["schemas"]["Stamp"];
            channel: string;
            /** @enum {string} */
            what: "message_arrived";
        } | {
            at: components["schemas"]["Stamp"];
            /**
             * Format: int64
             * @description The entry.
             */
            seq: number;
            state: components["schemas"]["DeliveryState"];
            /** @enum {string} */
            what: "delivery_moved";
            /** @description Why it waits or was given up. */
            why: string | null;
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
        } | {
            at: components["schemas"]["Stamp"];
            author: string;
            flow: string;
            note: string;
            /** Format: int64 */
            version: number;
            /** @enum {string} */
            what: "flow_published";
        } | {
            at: components["schemas"]["Stamp"];
            by: string;
            subject: string;
            /** @enum {string} */
            what: "ticket_opened";
        } | {
            at: components["schemas"]["Stamp"];
            by: string;
            /** Format: int64 */
            into: number;
            /** @enum {string} */
            what: "ticket_merged";
        } | {
            at: components["schemas"]["Stamp"];
            by: string;
            /** Format: int64 */
            other: number;
            /** @enum {string} */
            what: "ticket_related";
        } | {
            at: components["schemas"]["Stamp"];
            clock: components["schemas"]["ClockName"];
            due: components["schemas"]["Stamp"];
            /** @enum {string} */
            what: "ticket_escalated";
        } | {
            at: components["schemas"]["Stamp"];
            by: string;
            /** Format: int64 */
            person: number;
            /** @enum {string} */
            what: "customer_edited";
        } | {
            at: components["schemas"]["Stamp"];
            by: string;
            /** Format: int64 */
            gone: number;
            /** Format: int64 */
            kept: number;
            /** @enum {string} */
            what: "customers_merged";
        } | {
            at: components["schemas"]["Stamp"];
            by: string;
            /** Format: int64 */
            gone: number;
            /** Format: int64 */
            kept: number;
            /** @enum {string} */
            what: "customers_split";
        } | {
            at: components["schemas"]["Stamp"];
            by: string;
            hook: string;
            /** @enum {string} */
            what: "hook_changed";
        } | {
            at: components["schemas"]["Stamp"];
            by: string;
            external: string;
            source: string;
            /** @enum {string} */
            what: "imported";
        } | {
            at: components["schemas"]["Stamp"];
            by: string;
            key: string;
            /** @enum {string} */
            what: "setting_changed";
        } | {
            at: components["schemas"]["Stamp"];
            by: string;
            file: string;
            /** @enum {string} */
            what: "exported";
        } | {
            at: components["schemas"]["Stamp"];
            by: string;
            key: string;
            /** @enum {string} */
            what: "article_saved";
        } | {
            at: components["schemas"]["Stamp"];
            by: string;
            key: string;
            useful: boolean;
            /** @enum {string} */
            what: "knowledge_voted";
        } | {
            at: components["schemas"]["Stamp"];
            question: string;
            /** @enum {string} */
            what: "knowledge_missed";
        };
        /** @description What is to become of it. */
        ChangeCallback: {
            /** @enum {string} */
            do: "withdraw";
        } | {
            /** @enum {string} */
            do: "move";
            /** @description Not to be dialled before this moment (RFC 3339); left out: as soon as its turn comes. */
            not_before?: string | null;
            /** @description To this queue; left out: where it is. */
            queue?: string | null;
        };
        /**
         * @description The road a customer came by.
         * @enum {string}
         */
        Channel: "voice" | "video" | "chat" | "app" | "mail" | "wechat" | "webhook";
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
            /** @enum {string} */
            type: "bring_media";
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
        /** @description A promise about a ticket. */
        Clock: {
            due: components["schemas"]["Stamp"] | null;
            escalated: components["schemas"]["Stamp"] | null;
            met: components["schemas"]["Stamp"] | null;
            /**
             * Format: int64
             * @description What was promised, in milliseconds of business hours; null: nothing was.
             */
            promised_ms: number | null;
            /**
             * Format: int64
             * @description Spent up to the last stop, in milliseconds of business hours.
             */
            spent_ms: number;
        };
        /**
         * @description A promise about a ticket.
         * @enum {string}
         */
        ClockName: "first_answer" | "resolution";
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
            command: "transcribe";
            /** @description On or off. */
            on: boolean;
        } | {
            /** @enum {string} */
            command: "language";
            /** @description `en` or `zh`. */
            lang: string;
        } | {
            /** @enum {string} */
            command: "wrap_up_done";
        } | {
            /** @enum {string} */
            command: "typing";
            /** @description On or off. */
            on: boolean;
        };
        /** @description A version, and what to compare it with: one of `to` and `source`. */
        Compare: {
            /**
             * Format: int64
             * @description The old version; 0: an empty text.
             */
            from: number;
            /** @description The new text. */
            source?: string | null;
            /**
             * Format: int64
             * @description The new version.
             */
            to?: number | null;
        };
        /** @description A customer's word. */
        Consent: {
            at: components["schemas"]["Stamp"] | null;
            /** @description By whom. */
            by: string | null;
            /** @description How they said it. */
            how: string | null;
            /** @description What they said. */
            state: components["schemas"]["ConsentState"];
            /** @description To what. */
            to: components["schemas"]["ConsentTo"];
        };
        /**
         * @description What a customer said to it.
         * @enum {string}
         */
        ConsentState: "given" | "refused" | "unknown";
        /**
         * @description What a customer may allow or refuse.
         * @enum {string}
         */
        ConsentTo: "recording" | "transcription" | "marketing";
        /** @description What a customer said to something. */
        ConsentWord: {
            /** @description How they said it: on the phone, a signed form. */
            how: string;
            /** @description What they said. */
            state: components["schemas"]["ConsentState"];
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
            /** @description The customer's address in another system; null where the configuration has no `crm_url`. */
            crm_url: string | null;
            /** @description Where its messages that go out by a channel stand. */
            deliveries: components["schemas"]["Delivery"][];
            /** @description Its entries, oldest first. */
            entries: components["schemas"]["Entry"][];
            /**
             * Format: int64
             * @description Ask on with `entries_after=` this; null when these are all.
             */
            entries_next: number | null;
            writing: components["schemas"]["Writing"] | null;
        };
        /**
         * @description Where a conversation stands.
         * @enum {string}
         */
        ConversationState: "flow" | "waiting" | "ringing" | "talking" | "wrapup" | "ended";
        /** @description That a line was corrected. */
        Corrected: {
            /** @description When. */
            at: components["schemas"]["Stamp"];
            /** @description By whom last. */
            by: string;
            /** @description What was recognised. */
            original: string;
            /**
             * Format: int64
             * @description How often; who corrects it next says this number.
             */
            revision: number;
        };
        /** @description What a line should say. */
        CorrectLine: {
            /**
             * Format: int64
             * @description The revision that was read: `corrected.revision` of the line, 0 of one that was never corrected.
             */
            revision: number;
            /** @description What was said, 1 to 2000 characters. */
            text: string;
        };
        /** @description A customer as lists show them. */
        Customer: {
            /** @description Addresses they are known by (`tel:…`, `mailto:…`, `user:…`). */
            addresses: string[];
            /** @description What they allow, of everything they can allow. */
            consent: components["schemas"]["Consent"][];
            /** @description First seen. */
            created_at: components["schemas"]["Stamp"];
            /** @description Fields of the setting `customer_fields`. */
            fields: {
                [key: string]: string;
            };
            /**
             * Format: int64
             * @description Number.
             */
            id: number;
            /**
             * Format: int64
             * @description The customer they live on in.
             */
            merged_into: number | null;
            /** @description What they are called. */
            name: string;
            /** @description What else to know. */
            note: string;
            /**
             * Format: int64
             * @description Grows with every change by staff: who changes them says which they saw.
             */
            revision: number;
            /** @description Words that staff find them by. */
            tags: string[];
            /** @description Their tier, one of `[tiers]` of the configuration. */
            tier: string | null;
        };
        /** @description A change of what is known of a customer. */
        CustomerChange: {
            /** @description And as it is since; `merged` and `split` name the other customer. */
            after: Record<string, never>;
            /** @description When. */
            at: components["schemas"]["Stamp"];
            /** @description What differs, as it was. */
            before: Record<string, never>;
            /** @description Who changed it. */
            by: string;
            /**
             * Format: int64
             * @description The event that recorded it.
             */
            event: number;
        };
        /** @description A customer with the merges they took part in. */
        CustomerDetail: components["schemas"]["Customer"] & {
            /** @description Merges, newest first. */
            merges: components["schemas"]["CustomerMerge"][];
        };
        /** @description What to change; what is left out stays. */
        CustomerEditing: {
            /** @description Addresses that are theirs from now on: a number, a mail address, or `kind:…`. */
            add?: string[];
            /** @description What they allow. */
            consent?: {
                [key: string]: components["schemas"]["ConsentWord"];
            };
            /** @description These fields; an empty value takes one away. */
            fields?: {
                [key: string]: string;
            };
            /** @description What they are called. */
            name?: string | null;
            /** @description What else to know. */
            note?: string | null;
            /** @description Addresses that are no longer theirs. */
            remove?: string[];
            /**
             * Format: int64
             * @description The revision that was seen; refused with `customer_stale` when somebody changed them since.
             */
            revision: number;
            /** @description All their tags. */
            tags?: string[] | null;
            /** @description Their tier; empty takes it away. */
            tier?: string | null;
        };
        /** @description A field of customers. */
        CustomerField: {
            /** @description Of a choice: what can be chosen. */
            choices: string[];
            /** @description Its name in English. */
            en: string;
            /** @description Its name for programs. */
            key: string;
            /** @description What may stand in it. */
            kind: components["schemas"]["FieldKind"];
            /** @description Its name in Chinese. */
            zh: string;
        };
        /** @description A merge of two customers. */
        CustomerMerge: {
            /** @description When. */
            at: components["schemas"]["Stamp"];
            /** @description Who merged them. */
            by: string;
            /**
             * Format: int64
             * @description How many conversations came along.
             */
            conversations: number;
            /**
             * Format: int64
             * @description Who lives, or lived, on in them.
             */
            gone: number;
            /** @description The name of the latter. */
            gone_name: string;
            /**
             * Format: int64
             * @description Who stayed.
             */
            kept: number;
            /**
             * Format: int64
             * @description What it is named by.
             */
            merge: number;
            split_at: components["schemas"]["Stamp"] | null;
            /** @description By whom. */
            split_by: string | null;
            /**
             * Format: int64
             * @description How many tickets did.
             */
            tickets: number;
        };
        /** @description What can be said of customers here. */
        CustomerSetup: {
            /** @description Whether customers have an address in another system. */
            crm: boolean;
            /** @description Fields of the company's own. */
            fields: components["schemas"]["CustomerField"][];
            /** @description Tags in use, the most frequent first. */
            tags: string[];
            /** @description Tiers of the configuration, whoever goes first first. */
            tiers: string[];
        };
        /** @description A delay: its middle and its tail, in milliseconds. */
        Delay: {
            /**
             * Format: int64
             * @description Half are below it.
             */
            p50: number;
            /**
             * Format: int64
             * @description 95 of 100 are below it.
             */
            p95: number;
            /**
             * Format: int64
             * @description 99 of 100 are below it.
             */
            p99: number;
        };
        /** @description Where a message to a customer stands. */
        Delivery: {
            /**
             * Format: int64
             * @description The entry.
             */
            seq: number;
            /** @description Where it stands. */
            state: components["schemas"]["DeliveryState"];
            /**
             * Format: int64
             * @description How often it was tried.
             */
            tries: number;
            /** @description Why it waits or was given up: a stable code. */
            why: string | null;
        };
        /**
         * @description Where a message to a customer stands.
         * @enum {string}
         */
        DeliveryState: "waiting" | "sent" | "failed";
        /** @description Something said, typed, pressed, noted, or that happened. */
        Entry: {
            /** @description When (for speech: when it began). */
            at: components["schemas"]["Stamp"];
            /** @description The agent's name, when an agent. */
            author: string | null;
            /**
             * Format: double
             * @description How sure the recogniser was of the line, 0 to 1 (the mean of its words' probabilities); null where it did not say, and
             *     of what a person wrote.
             */
            confidence: number | null;
            corrected: components["schemas"]["Corrected"] | null;
            /** @description Particulars; of speech, `words` among them: `[text, start_ms, end_ms, confidence]`, the last not of every word. */
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
            line?: components["schemas"]["Entry"] | null;
            /** @description For people who write programs. */
            message: string;
            /** @description For `invalid_flow`: all that is wrong with it. */
            problems?: components["schemas"]["FlowProblem"][];
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
        /** @description How an event was told. */
        EventDelivery: {
            /** @description How the last answer began. */
            answer: string | null;
            /** @description When that was. */
            at: components["schemas"]["Stamp"];
            /** @description The name by which the receiver knows a second try from a second event. */
            id: string;
            kind: components["schemas"]["EventKind"] | null;
            /**
             * Format: int64
             * @description The event's `seq`; 0: a test.
             */
            sequence: number;
            /** @description Whether it arrived. */
            state: components["schemas"]["DeliveryState"];
            /**
             * Format: int64
             * @description Status of the last answer; null: none came.
             */
            status: number | null;
            /**
             * Format: int64
             * @description How long it took, in milliseconds.
             */
            took_ms: number;
            /**
             * Format: int64
             * @description How often it was tried.
             */
            tries: number;
            /** @description Why the last try failed. */
            why: string | null;
        };
        /** @description A program that is told what happens. */
        EventHook: {
            /**
             * Format: int64
             * @description How many events it has not looked at yet.
             */
            behind: number;
            /** @description Since when there is it. */
            created_at: components["schemas"]["Stamp"];
            /** @description Who made it. */
            created_by: string;
            /**
             * Format: int64
             * @description Failures in a row.
             */
            failures: number;
            /** @description Its name. */
            id: string;
            /** @description Of what. */
            kinds: components["schemas"]["EventKind"][];
            next_try_at: components["schemas"]["Stamp"] | null;
            /**
             * Format: int64
             * @description Every event up to this one is dealt with.
             */
            sequence: number;
            /** @description Whether it is told. */
            state: components["schemas"]["HookState"];
            /** @description Where it is told. */
            url: string;
            /** @description Why it failed last. */
            why: string | null;
        };
        /**
         * @description What an event is about.
         * @enum {string}
         */
        EventKind: "article_saved" | "conversation_assigned" | "conversation_ended" | "conversation_moved" | "conversation_opened" | "customer_edited" | "customers_merged" | "customers_split" | "delivery_moved" | "entry_corrected" | "entry_event" | "entry_message" | "entry_note" | "entry_speech" | "flow_published" | "knowledge_missed" | "survey_answered" | "ticket_done" | "ticket_edited" | "ticket_escalated" | "ticket_for" | "ticket_merged" | "ticket_moved" | "ticket_opened" | "ticket_related";
        /**
         * @description Whose fault an ending was.
         * @enum {string}
         */
        Fault: "none" | "caller" | "peer" | "upstream" | "capacity" | "ours";
        /**
         * @description What may stand in a field of customers.
         * @enum {string}
         */
        FieldKind: "text" | "number" | "date" | "choice" | "yes_no";
        /** @description A flow as lists show it. */
        Flow: {
            draft: components["schemas"]["FlowDraft"] | null;
            /** @description The file, as problems name it. */
            file: string;
            /** @description Customers in it now. */
            here: number;
            /** @description Its name. */
            name: string;
            /** @description What is dialled to get there. */
            numbers: string[];
            published: components["schemas"]["FlowVersion"] | null;
            /** @description What the version in service calls itself; its name when it was never published. */
            title: string;
        };
        /** @description A day's customers in a flow. */
        FlowDay: {
            /** @description Last steps. */
            ends: components["schemas"]["FlowLastStep"][];
            /** @description Ways between steps. */
            ways: components["schemas"]["FlowWayTaken"][];
        };
        /** @description A flow with a text: the draft's if there is one, else that of the version in service. */
        FlowDetail: components["schemas"]["Flow"] & {
            /** @description Places of steps on the canvas: step to `[x, y]`. */
            layout: {
                [key: string]: number[];
            };
            /** @description The text as it is drawn, with all that is wrong with it. */
            sketch: components["schemas"]["FlowSketch"];
            /** @description The text, TOML. */
            source: string;
        };
        /** @description Work on the next version, without its text. */
        FlowDraft: {
            /** @description When. */
            at: components["schemas"]["Stamp"];
            /** @description Who saved last. */
            author: string;
            /**
             * Format: int64
             * @description The version that it began from; 0: none.
             */
            base: number;
            /**
             * Format: int64
             * @description Counted up with every save.
             */
            revision: number;
        };
        /** @description A change to the text of a flow. Values are JSON; null takes out. */
        FlowEdit: {
            /** @enum {string} */
            edit: "about";
            field: string;
            value: unknown;
        } | {
            /** @enum {string} */
            edit: "add_step";
            kind: string;
            name: string;
        } | {
            /** @enum {string} */
            edit: "remove_step";
            name: string;
        } | {
            /** @enum {string} */
            edit: "rename_step";
            name: string;
            to: string;
        } | {
            /** @enum {string} */
            edit: "set";
            path: string[];
            step: string;
            value: unknown;
        } | {
            /** @enum {string} */
            edit: "set_entry";
            name: string;
            value: unknown;
        } | {
            /** @enum {string} */
            edit: "set_prompt";
            field: string;
            name: string;
            value: unknown;
        } | {
            /** @enum {string} */
            edit: "remove_prompt";
            name: string;
        };
        /** @description A changed text. */
        FlowEdited: {
            /** @description The same, drawn. */
            sketch: components["schemas"]["FlowSketch"];
            /** @description TOML; what the changes do not name is as it was, comments too. */
            source: string;
        };
        /** @description A text and changes to it. */
        FlowEdits: {
            /** @description In order; 200 at most. */
            edits: components["schemas"]["FlowEdit"][];
            /** @description TOML. */
            source: string;
        };
        /** @description A text in every language that people read. */
        FlowHelp: {
            /** @description English. */
            en: string;
            /** @description 简体中文. */
            zh: string;
        };
        /** @description Customers at each step now. */
        FlowHere: {
            /** @description Step to how many; steps without anybody are left out. */
            steps: {
                [key: string]: number;
            };
        };
        /** @description A kind of step. */
        FlowKind: {
            /** @description Steps in TOML that show it; the first is of this kind. */
            example: string;
            /** @description What it is for. */
            help: components["schemas"]["FlowHelp"];
            /** @description `voice`, `video`, `text`: whom it can serve. */
            media: string[];
            /** @description As written after `kind =`. */
            name: string;
            /** @description Its parameters, sorted by name. */
            params: components["schemas"]["FlowParam"][];
            /** @description What people call it. */
            title: components["schemas"]["FlowHelp"];
        };
        /** @description Everything that flows are made of. */
        FlowKinds: {
            /** @description Agents that there are. */
            agents: string[];
            /** @description Kinds of steps. */
            kinds: components["schemas"]["FlowKind"][];
            /** @description Queues that there are. */
            queues: string[];
        };
        /** @description What became of customers whose last step this was. */
        FlowLastStep: {
            /**
             * Format: int64
             * @description The flow, or whoever was dialled, was done with them here.
             */
            finished: number;
            /**
             * Format: int64
             * @description They left here before anybody helped them.
             */
            gave_up: number;
            /**
             * Format: int64
             * @description They are still on the line.
             */
            going_on: number;
            /**
             * Format: int64
             * @description They were connected with an agent from here.
             */
            helped: number;
            /** @description The step. */
            step: string;
        };
        /** @description Something that the invented customer of a trial does, or that happens to them. */
        FlowMove: {
            key: string;
            /** @enum {string} */
            move: "key";
        } | {
            /** @enum {string} */
            move: "say";
            text: string;
        } | {
            /** Format: int64 */
            millis: number;
            /** @enum {string} */
            move: "wait";
        } | {
            /** @enum {string} */
            move: "next";
        } | {
            /** @enum {string} */
            move: "answered";
        } | {
            code: string;
            /** @enum {string} */
            move: "failed";
        } | {
            body: string;
            /** @enum {string} */
            move: "replied";
            /** Format: int32 */
            status: number;
        } | {
            /** @enum {string} */
            move: "found";
            name: string | null;
        } | {
            /** @enum {string} */
            move: "parted";
        } | {
            /** Format: int32 */
            minutes: number | null;
            /** @enum {string} */
            move: "placed";
            /** Format: int32 */
            place: number;
        };
        /**
         * @description Where a version came from.
         * @enum {string}
         */
        FlowOrigin: "file" | "draft" | "restored";
        /** @description A parameter of a kind. */
        FlowParam: {
            /** @description The values that there are, when they are few. */
            choices: string[];
            /** @description What it does, and what holds without it. */
            help: components["schemas"]["FlowHelp"];
            /** @description For what leads to another step: `people` when somebody brings it about, `itself` otherwise. */
            leads: string | null;
            /**
             * Format: int64
             * @description Most.
             */
            max: number | null;
            /**
             * Format: int64
             * @description Least value of a number or span.
             */
            min: number | null;
            /** @description As written. */
            name: string;
            /** @description Whether it must be there. */
            required: boolean;
            /** @description How it is written, in words (English). */
            shape: string;
            /** @description Stable name of what it takes, such as `step`, `prompts`, `seconds`; new ones may come. */
            type: string;
        };
        /** @description An entry, a prompt or a step. */
        FlowPart: {
            /** @description What is written in it. */
            fields: {
                [key: string]: unknown;
            };
            /** @description Line where it begins, from 1. */
            line: number;
            /** @description Its name. */
            name: string;
            /** @description Ways out of it. */
            ways: components["schemas"]["FlowWay"][];
        };
        /**
         * @description Which part of a flow something is about.
         * @enum {string}
         */
        FlowPartName: "flow" | "entry" | "prompt" | "step";
        /** @description A problem: `FILE:LINE:COLUMN: found; right`. */
        FlowProblem: {
            /** @description Column, from 1, in characters. */
            column: number;
            /** @description File. */
            file: string;
            /** @description What was found. */
            found: string;
            /** @description Line, from 1. */
            line: number;
            /** @description The name of that part; empty for the flow as a whole. */
            name: string;
            /** @description What kind of part it is about. */
            part: components["schemas"]["FlowPartName"];
            /** @description What would be right. */
            right: string;
        };
        /** @description A flow as it is drawn. */
        FlowSketch: {
            /** @description What is written about the flow as a whole. */
            about: {
                [key: string]: unknown;
            };
            /** @description Where customers come in. */
            entries: components["schemas"]["FlowPart"][];
            /** @description All that is wrong, in the order of the file. */
            problems: components["schemas"]["FlowProblem"][];
            /** @description What is said. */
            prompts: components["schemas"]["FlowPart"][];
            /** @description Whether the text is TOML at all. If not, only `problems` has anything in it. */
            readable: boolean;
            /** @description What happens. */
            steps: components["schemas"]["FlowPart"][];
        };
        /** @description A text of a flow. */
        FlowSource: {
            /** @description TOML. */
            source: string;
        };
        /** @description How a trial went. */
        FlowTrial: {
            /** @description What the flow wants to know from elsewhere: `server`, `person`. */
            asked: string | null;
            /** @description They are with somebody. */
            connected: boolean;
            /**
             * @description What happened, in order: `at` in milliseconds, `what` it was (`step`, `said`, `stopped`, `moved`, `ordered`, `ended`) with
             *     its particulars.
             */
            moments: unknown[];
            /**
             * Format: int64
             * @description When something happens by itself, if it does.
             */
            next: number | null;
            /**
             * Format: int64
             * @description The time now, in milliseconds from the beginning.
             */
            now: number;
            /** @description The flow is over. */
            over: boolean;
            /** @description Where the customer is. */
            step: string;
            /** @description They wait for somebody. */
            waiting: boolean;
        };
        /** @description A published version, without its text. */
        FlowVersion: {
            /** @description When. */
            at: components["schemas"]["Stamp"];
            /** @description Who published it. */
            author: string;
            /** @description Why. */
            note: string;
            /** @description Where it came from. */
            origin: components["schemas"]["FlowOrigin"];
            /**
             * Format: int64
             * @description The version whose text it has again.
             */
            restores: number | null;
            /**
             * Format: int64
             * @description From 1.
             */
            version: number;
        };
        /** @description A version with its text. */
        FlowVersionDetail: components["schemas"]["FlowVersion"] & {
            /** @description Places of steps on the canvas. */
            layout: {
                [key: string]: number[];
            };
            /** @description The text, TOML. */
            source: string;
        };
        /** @description A way from a part to a step. */
        FlowWay: {
            /** @description `people` when somebody brings it about, `itself` otherwise. */
            by: string;
            /** @description Where in the part it is written: names of fields and places in lists. */
            path: string[];
            /** @description The step. */
            to: string;
        };
        /** @description A way that customers took. */
        FlowWayTaken: {
            /**
             * Format: int64
             * @description How often.
             */
            count: number;
            /** @description The step they came from; null: they came in here. */
            from: string | null;
            /** @description The step they came to. */
            to: string;
        };
        /** @description What a formula expects. */
        Formula: {
            /**
             * Format: double
             * @description Part that gives up.
             */
            gave_up: number;
            /**
             * Format: double
             * @description Part of the agents' time that is work.
             */
            occupancy: number;
            /**
             * Format: double
             * @description Part answered within the target; `None`: the formula does not say.
             */
            service_level: number | null;
            /**
             * Format: double
             * @description Mean seconds.
             */
            wait: number;
        };
        /** @description A question that found nothing. */
        Gap: {
            /** @description Where it was last asked. */
            conversation: string;
            /** @description When last. */
            last_at: components["schemas"]["Stamp"];
            /** @description As it was last asked. */
            question: string;
            /**
             * Format: int64
             * @description In how many conversations.
             */
            times: number;
        };
        /** @description What an agent has in hand. */
        Holding: {
            /** @description Calls they hold. */
            calls: components["schemas"]["Call"][];
            /** @description Offers that ring. */
            offers: components["schemas"]["Offer"][];
        };
        /** @description What is to be different; what is left out stays. */
        HookEdit: {
            /** @description Of what. */
            kinds?: components["schemas"]["EventKind"][] | null;
            /** @description Whether it is told. What happened while it was stopped is told when it goes on. */
            running?: boolean | null;
            /** @description Where to POST. */
            url?: string | null;
        };
        /** @description A hook and what signs its requests. The secret is shown this once. */
        HookMade: {
            /** @description The hook. */
            hook: components["schemas"]["EventHook"];
            /** @description The key of the HMAC. */
            secret: string;
        };
        /**
         * @description Whether an event hook is told.
         * @enum {string}
         */
        HookState: "active" | "stopped" | "parked";
        /** @description One kind of server. */
        IceServer: {
            /** @description The password to it. */
            credential: string;
            /** @description Where. */
            urls: string[];
            /** @description When it ends (seconds since 1970) and a name without meaning. */
            username: string;
        };
        /** @description The servers for `RTCPeerConnection`. */
        IceServers: {
            /** @description As its configuration takes them. */
            items: components["schemas"]["IceServer"][];
            /**
             * Format: int32
             * @description Seconds that they may be used to begin a call.
             */
            lifetime: number;
        };
        /** @description What became of a file, or would become of it. */
        Imported: {
            /** @description Rows that cannot be used. */
            bad: number;
            /** @description Whether nothing was changed because it was only asked what would happen. */
            dry_run: boolean;
            /** @description Why, the first 500. */
            faults: components["schemas"]["BadRow"][];
            /** @description Rows that were new. */
            new: number;
            /** @description Rows that had been imported before. */
            there: number;
        };
        /** @description A file to take articles from. */
        ImportFile: {
            /** @description Only say what would happen. */
            dry_run?: boolean;
            /** @description What kind. */
            format: components["schemas"]["ImportFormat"];
            /** @description Language of articles that name none: `en` or `zh`. */
            lang: string;
            /** @description Its name; for Markdown and HTML the key of the article. */
            name: string;
            /** @description What is in it. */
            text: string;
        };
        /**
         * @description Kind of a file.
         * @enum {string}
         */
        ImportFormat: "markdown" | "html" | "csv";
        /**
         * @description What rows of an import are.
         * @enum {string}
         */
        ImportKind: "customers" | "tickets";
        /** @description What became of one row. */
        ImportRow: {
            /** @description The article. */
            key: string | null;
            /**
             * Format: int64
             * @description Line in the file, for what could not be read.
             */
            line: number | null;
            /** @description Why it was not taken. */
            reason: string | null;
        };
        /**
         * @description Whose names the fields of an import have.
         * @enum {string}
         */
        ImportSource: "voxdesk" | "chatwoot" | "zammad";
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
            /** @description What came with it. */
            files: components["schemas"]["LineFile"][];
            /**
             * Format: int64
             * @description Position in the conversation.
             */
            seq: number;
            /** @description Who. */
            speaker: components["schemas"]["Speaker"];
            /** @description The message; may be empty where there are files. */
            text: string;
        };
        /** @description A line of a difference. */
        LineChange: {
            /** @description What became of it. */
            fate: components["schemas"]["LineFate"];
            /** @description Its number in the new text. */
            new: number | null;
            /** @description Its number in the old text. */
            old: number | null;
            /** @description The line. */
            text: string;
        };
        /**
         * @description What became of a line.
         * @enum {string}
         */
        LineFate: "same" | "removed" | "added";
        /** @description A file of a line. */
        LineFile: {
            /** @description Fetch it at `/api/v1/widget/chats/{id}/files/` and this, with the token of the chat. */
            file: string;
            /** @description Its name. */
            name: string;
            /**
             * Format: int64
             * @description Bytes.
             */
            size: number;
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
        /** @description What a line said once. */
        LineVersion: {
            /** @description When; of what was recognised, when it was said. */
            at: components["schemas"]["Stamp"];
            /** @description Who made it say so; null: the recogniser. */
            by: string | null;
            /**
             * Format: double
             * @description How sure the recogniser was, 0 to 1.
             */
            confidence: number | null;
            /**
             * Format: int64
             * @description 0: as recognised.
             */
            revision: number;
            /** @description What it said. */
            text: string;
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
                /** @description What keeps queued calls from them now, a stable code as in `PassedOver`. */
                hindrance: string | null;
                /** @description Sign-in name. */
                name: string;
                /** @description The offer that rings. */
                offer: string | null;
                /** @description The reason of their break as they gave it; `set_aside`: they missed offers. */
                pause: string | null;
                pause_until: components["schemas"]["Stamp"] | null;
                /** @description Registered phone. */
                phone: boolean;
                /** @description Whether they want work. */
                ready: boolean;
                since: components["schemas"]["Stamp"] | null;
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
        ListView_Alert: {
            /** @description Rows. */
            items: {
                /**
                 * Format: int32
                 * @description The bound.
                 */
                limit: number;
                /** @description In which queue. */
                queue: string;
                /**
                 * Format: int64
                 * @description What it is now.
                 */
                value: number;
                /** @description What: `waiting`, `longest_wait` (seconds), `service_level` (percent, of today) or `ready_agents`. */
                what: string;
            }[];
            /** @description Ask on with `after=` this; null at the end. */
            next: string | null;
        };
        /** @description One page of a list. */
        ListView_ApiKey: {
            /** @description Rows. */
            items: {
                /** @description Since when there is it. */
                created_at: components["schemas"]["Stamp"];
                /** @description Who made it. */
                created_by: string;
                /** @description Whether that is over. */
                expired: boolean;
                expires_at: components["schemas"]["Stamp"] | null;
                /** @description Its number. */
                id: string;
                /** @description What it is called. */
                name: string;
                /** @description What it may do. */
                scopes: components["schemas"]["Scope"][];
                used_at: components["schemas"]["Stamp"] | null;
            }[];
            /** @description Ask on with `after=` this; null at the end. */
            next: string | null;
        };
        /** @description One page of a list. */
        ListView_Article: {
            /** @description Rows. */
            items: {
                /** @description When. */
                at: components["schemas"]["Stamp"];
                /** @description Who may read it. */
                audience: components["schemas"]["Audience"];
                /** @description Markdown; empty in lists. */
                body: string;
                /** @description Who saved this version. */
                by: string;
                expires_at: components["schemas"]["Stamp"] | null;
                /** @description Its name for ever. */
                key: string;
                /** @description `en` or `zh`. */
                lang: string;
                review_at: components["schemas"]["Stamp"] | null;
                /** @description One line. */
                title: string;
                /**
                 * Format: int64
                 * @description Counts what was saved, from 1.
                 */
                version: number;
            }[];
            /** @description Ask on with `after=` this; null at the end. */
            next: string | null;
        };
        /** @description One page of a list. */
        ListView_ArticleUse: {
            /** @description Rows. */
            items: {
                /** @description The article. */
                key: string;
                /**
                 * Format: int64
                 * @description Thumbs up.
                 */
                useful: number;
                /**
                 * Format: int64
                 * @description Thumbs down.
                 */
                useless: number;
            }[];
            /** @description Ask on with `after=` this; null at the end. */
            next: string | null;
        };
        /** @description One page of a list. */
        ListView_Audited: {
            /** @description Rows. */
            items: {
                /** @description What it is since. */
                after: string | null;
                /** @description When. */
                at: components["schemas"]["Stamp"];
                /** @description What it was, as JSON; null: not set. */
                before: string | null;
                /** @description Who. */
                by: string;
                /** @description Which setting. */
                key: string;
            }[];
            /** @description Ask on with `after=` this; null at the end. */
            next: string | null;
        };
        /** @description One page of a list. */
        ListView_Ban: {
            /** @description Rows. */
            items: {
                /** @description An IPv4 address, or the /64 of an IPv6 address. */
                address: string;
                /**
                 * Format: int32
                 * @description What led to it.
                 */
                failures: number;
                /** @description Whether the source itself did it for certain: then its connections are refused too, not its datagrams alone. */
                proven: boolean;
                /** @description `passwords`, `users` (looks for names), `numbers`, `malformed`, `probes`, `flood` or `by_hand`. */
                reason: string;
                /** @description When it began. */
                since: components["schemas"]["Stamp"];
                /**
                 * Format: int32
                 * @description The how manieth ban of this source; each is twice as long as the one before.
                 */
                times: number;
                /**
                 * Format: int64
                 * @description Messages and connections turned away since.
                 */
                turned_away: number;
                /** @description When it ends. */
                until: components["schemas"]["Stamp"];
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
        ListView_Customer: {
            /** @description Rows. */
            items: {
                /** @description Addresses they are known by (`tel:…`, `mailto:…`, `user:…`). */
                addresses: string[];
                /** @description What they allow, of everything they can allow. */
                consent: components["schemas"]["Consent"][];
                /** @description First seen. */
                created_at: components["schemas"]["Stamp"];
                /** @description Fields of the setting `customer_fields`. */
                fields: {
                    [key: string]: string;
                };
                /**
                 * Format: int64
                 * @description Number.
                 */
                id: number;
                /**
                 * Format: int64
                 * @description The customer they live on in.
                 */
                merged_into: number | null;
                /** @description What they are called. */
                name: string;
                /** @description What else to know. */
                note: string;
                /**
                 * Format: int64
                 * @description Grows with every change by staff: who changes them says which they saw.
                 */
                revision: number;
                /** @description Words that staff find them by. */
                tags: string[];
                /** @description Their tier, one of `[tiers]` of the configuration. */
                tier: string | null;
            }[];
            /** @description Ask on with `after=` this; null at the end. */
            next: string | null;
        };
        /** @description One page of a list. */
        ListView_CustomerChange: {
            /** @description Rows. */
            items: {
                /** @description And as it is since; `merged` and `split` name the other customer. */
                after: Record<string, never>;
                /** @description When. */
                at: components["schemas"]["Stamp"];
                /** @description What differs, as it was. */
                before: Record<string, never>;
                /** @description Who changed it. */
                by: string;
                /**
                 * Format: int64
                 * @description The event that recorded it.
                 */
                event: number;
            }[];
            /** @description Ask on with `after=` this; null at the end. */
            next: string | null;
        };
        /** @description One page of a list. */
        ListView_EventDelivery: {
            /** @description Rows. */
            items: {
                /** @description How the last answer began. */
                answer: string | null;
                /** @description When that was. */
                at: components["schemas"]["Stamp"];
                /** @description The name by which the receiver knows a second try from a second event. */
                id: string;
                kind: components["schemas"]["EventKind"] | null;
                /**
                 * Format: int64
                 * @description The event's `seq`; 0: a test.
                 */
                sequence: number;
                /** @description Whether it arrived. */
                state: components["schemas"]["DeliveryState"];
                /**
                 * Format: int64
                 * @description Status of the last answer; null: none came.
                 */
                status: number | null;
                /**
                 * Format: int64
                 * @description How long it took, in milliseconds.
                 */
                took_ms: number;
                /**
                 * Format: int64
                 * @description How often it was tried.
                 */
                tries: number;
                /** @description Why the last try failed. */
                why: string | null;
            }[];
            /** @description Ask on with `after=` this; null at the end. */
            next: string | null;
        };
        /** @description One page of a list. */
        ListView_EventHook: {
            /** @description Rows. */
            items: {
                /**
                 * Format: int64
                 * @description How many events it has not looked at yet.
                 */
                behind: number;
                /** @description Since when there is it. */
                created_at: components["schemas"]["Stamp"];
                /** @description Who made it. */
                created_by: string;
                /**
                 * Format: int64
                 * @description Failures in a row.
                 */
                failures: number;
                /** @description Its name. */
                id: string;
                /** @description Of what. */
                kinds: components["schemas"]["EventKind"][];
                next_try_at: components["schemas"]["Stamp"] | null;
                /**
                 * Format: int64
                 * @description Every event up to this one is dealt with.
                 */
                sequence: number;
                /** @description Whether it is told. */
                state: components["schemas"]["HookState"];
                /** @description Where it is told. */
                url: string;
                /** @description Why it failed last. */
                why: string | null;
            }[];
            /** @description Ask on with `after=` this; null at the end. */
            next: string | null;
        };
        /** @description One page of a list. */
        ListView_Flow: {
            /** @description Rows. */
            items: {
                draft: components["schemas"]["FlowDraft"] | null;
                /** @description The file, as problems name it. */
                file: string;
                /** @description Customers in it now. */
                here: number;
                /** @description Its name. */
                name: string;
                /** @description What is dialled to get there. */
                numbers: string[];
                published: components["schemas"]["FlowVersion"] | null;
                /** @description What the version in service calls itself; its name when it was never published. */
                title: string;
            }[];
            /** @description Ask on with `after=` this; null at the end. */
            next: string | null;
        };
        /** @description One page of a list. */
        ListView_FlowVersion: {
            /** @description Rows. */
            items: {
                /** @description When. */
                at: components["schemas"]["Stamp"];
                /** @description Who published it. */
                author: string;
                /** @description Why. */
                note: string;
                /** @description Where it came from. */
                origin: components["schemas"]["FlowOrigin"];
                /**
                 * Format: int64
                 * @description The version whose text it has again.
                 */
                restores: number | null;
                /**
                 * Format: int64
                 * @description From 1.
                 */
                version: number;
            }[];
            /** @description Ask on with `after=` this; null at the end. */
            next: string | null;
        };
        /** @description One page of a list. */
        ListView_Gap: {
            /** @description Rows. */
            items: {
                /** @description Where it was last asked. */
                conversation: string;
                /** @description When last. */
                last_at: components["schemas"]["Stamp"];
                /** @description As it was last asked. */
                question: string;
                /**
                 * Format: int64
                 * @description In how many conversations.
                 */
                times: number;
            }[];
            /** @description Ask on with `after=` this; null at the end. */
            next: string | null;
        };
        /** @description One page of a list. */
        ListView_ImportRow: {
            /** @description Rows. */
            items: {
                /** @description The article. */
                key: string | null;
                /**
                 * Format: int64
                 * @description Line in the file, for what could not be read.
                 */
                line: number | null;
                /** @description Why it was not taken. */
                reason: string | null;
            }[];
            /** @description Ask on with `after=` this; null at the end. */
            next: string | null;
        };
        /** @description One page of a list. */
        ListView_LineChange: {
            /** @description Rows. */
            items: {
                /** @description What became of it. */
                fate: components["schemas"]["LineFate"];
                /** @description Its number in the new text. */
                new: number | null;
                /** @description Its number in the old text. */
                old: number | null;
                /** @description The line. */
                text: string;
            }[];
            /** @description Ask on with `after=` this; null at the end. */
            next: string | null;
        };
        /** @description One page of a list. */
        ListView_LineVersion: {
            /** @description Rows. */
            items: {
                /** @description When; of what was recognised, when it was said. */
                at: components["schemas"]["Stamp"];
                /** @description Who made it say so; null: the recogniser. */
                by: string | null;
                /**
                 * Format: double
                 * @description How sure the recogniser was, 0 to 1.
                 */
                confidence: number | null;
                /**
                 * Format: int64
                 * @description 0: as recognised.
                 */
                revision: number;
                /** @description What it said. */
                text: string;
            }[];
            /** @description Ask on with `after=` this; null at the end. */
            next: string | null;
        };
        /** @description One page of a list. */
        ListView_Passage: {
            /** @description Rows. */
            items: {
                /** @description The heading above it. */
                heading: string | null;
                /** @description Its article. */
                key: string;
                /**
                 * Format: float
                 * @description How well it fits, comparable within one answer.
                 */
                score: number;
                /**
                 * Format: int32
                 * @description Thumbs up less thumbs down for such questions.
                 */
                taught: number;
                /** @description The passage. */
                text: string;
                /** @description The article's title. */
                title: string;
                /** @description Words of the question that it was found by, the weightiest first. */
                words: string[];
            }[];
            /** @description Ask on with `after=` this; null at the end. */
            next: string | null;
        };
        /** @description One page of a list. */
        ListView_Queue: {
            /** @description Rows. */
            items: {
                /**
                 * Format: int64
                 * @description Minutes that somebody who came now would wait; absent when that cannot be said with some right.
                 */
                estimate_minutes: number | null;
                /**
                 * Format: int32
                 * @description How many wait; `waiting` shows the first 200.
                 */
                length: number;
                /** @description Name. */
                name: string;
                /** @description Whether it is open. */
                open: boolean;
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
        ListView_ReportOutline: {
            /** @description Rows. */
            items: {
                /** @description How its rows may be made, the usual way first. */
                by: components["schemas"]["ReportBy"][];
                /** @description Its figures. */
                figures: components["schemas"]["ReportFigure"][];
                /** @description Its name. */
                name: string;
                /** @description What it is called. */
                title: string;
            }[];
            /** @description Ask on with `after=` this; null at the end. */
            next: string | null;
        };
        /** @description One page of a list. */
        ListView_RoutingLine: {
            /** @description Rows. */
            items: {
                /** @description When. */
                at: components["schemas"]["Stamp"];
                /** @description In English. */
                en: string;
                /** @description Stable code: `queued`, `waited`, `offered`, `offer_over`, `queue_moved`, `unavailable`, `accepted`, `waiting`. */
                what: string;
                /** @description 简体中文。 */
                zh: string;
            }[];
            /** @description Ask on with `after=` this; null at the end. */
            next: string | null;
        };
        /** @description One page of a list. */
        ListView_SearchHit: {
            /** @description Rows. */
            items: {
                /** @description The agent it is or was last with. */
                agent: string | null;
                /** @description The article's key, of articles. */
                article: string | null;
                /** @description When it was said, written or last changed. */
                at: components["schemas"]["Stamp"];
                /** @description The agent who said or wrote it. */
                author: string | null;
                /** @description The number or address the customer came from. */
                caller: string | null;
                channel: components["schemas"]["Channel"] | null;
                /** @description The conversation, of what was said, written and noted. */
                conversation: string | null;
                /**
                 * Format: int64
                 * @description The entry's position there.
                 */
                entry_seq: number | null;
                /** @description What it is. */
                kind: components["schemas"]["SearchKind"];
                /** @description The text around the first word that was found. */
                parts: components["schemas"]["SearchPart"][];
                /** @description The customer's name. */
                person: string | null;
                /**
                 * Format: int64
                 * @description The customer.
                 */
                person_id: number | null;
                /** @description The queue. */
                queue: string | null;
                speaker: components["schemas"]["Speaker"] | null;
                /**
                 * Format: int64
                 * @description The ticket, of tickets.
                 */
                ticket: number | null;
                /** @description The article's title. */
                title: string | null;
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
                channel: components["schemas"]["Channel"] | null;
                /** @description Conversations that belong to it, oldest first. */
                conversations: string[];
                /** @description Opened. */
                created_at: components["schemas"]["Stamp"];
                /** @description Custom fields. */
                fields: {
                    [key: string]: string;
                };
                /** @description Until an agent first answers. */
                first_answer: components["schemas"]["Clock"];
                /** @description Who follows it. */
                followers: string[];
                /**
                 * Format: int64
                 * @description Number, from 1.
                 */
                id: number;
                /** @description What kind of matter. */
                kind: string | null;
                /**
                 * Format: int64
                 * @description The ticket it lives on in.
                 */
                merged_into: number | null;
                person: components["schemas"]["Person"] | null;
                /** @description How much it presses. */
                priority: components["schemas"]["Priority"];
                /** @description The queue it came through. */
                queue: string | null;
                /** @description Until it is solved. */
                resolution: components["schemas"]["Clock"];
                /** @description Where it stands. */
                state: components["schemas"]["TicketState"];
                /** @description One line about it. */
                subject: string;
                /** @description The team it belongs to. */
                team: string | null;
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
            /** @enum {string} */
            type: "bring_media";
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
        /** @description What a macro did. */
        MacroDone: {
            /** @description What to write to the customer; nothing was sent. */
            reply: string | null;
            /** @description The ticket as it is since. */
            ticket: components["schemas"]["TicketDetail"];
        };
        /** @description Days that are made up. */
        MadeDays: {
            /**
             * Format: int32
             * @description How many in a row.
             */
            count: number;
            /**
             * Format: double
             * @description Customers an hour, of each queue.
             */
            hourly: number;
            /**
             * Format: double
             * @description Length of a day.
             */
            hours: number;
            /**
             * Format: int64
             * @description The chance of the first.
             */
            seed: number;
            /**
             * Format: double
             * @description Spread of the time that a customer is talked to, as part of its mean; 1 is exponential.
             */
            spread: number;
        };
        /**
         * @description What kind of attention work needs.
         * @enum {string}
         */
        Medium: "voice" | "video" | "chat" | "mail" | "wechat" | "task";
        /** @description A note that calls one by name. */
        Mention: {
            /** @description When. */
            at: components["schemas"]["Stamp"];
            /** @description By whom. */
            by: string;
            /** @description The conversation. */
            conversation: string;
            /**
             * Format: int64
             * @description Grows with time; `PUT /mentions/seen` takes it.
             */
            id: number;
            /** @description Whether it was seen. */
            seen: boolean;
            /**
             * Format: int64
             * @description The note in it.
             */
            seq: number;
        };
        /** @description Mentions of oneself. */
        Mentions: {
            /** @description Newest first. */
            items: components["schemas"]["Mention"][];
            /** @description Ask on with `after=` this; null at the end. */
            next: string | null;
            /**
             * Format: int64
             * @description How many of all were not seen.
             */
            unseen: number;
        };
        /** @description Up to where. */
        MentionsSeen: {
            /**
             * Format: int64
             * @description The `id` of the newest that was seen.
             */
            until: number;
        };
        /** @description Where it lives on. */
        MergeInto: {
            /**
             * Format: int64
             * @description Number of the other ticket.
             */
            into: number;
        };
        /** @description Whom to merge. */
        MergeOrder: {
            /**
             * Format: int64
             * @description Who lives on in this one from now on.
             */
            other: number;
            /**
             * Format: int64
             * @description The revision of the other.
             */
            other_revision: number;
            /**
             * Format: int64
             * @description The revision of this customer that was seen.
             */
            revision: number;
        };
        /** @description A file that was uploaded for this conversation. */
        NamedFile: {
            /** @description How the customer sees it called. */
            name: string;
            /** @description As the upload answered. */
            url: string;
        };
        /** @description A key to be made. */
        NewApiKey: {
            /**
             * Format: int32
             * @description After how many days it ends, 1 to 3650; without it: when it is revoked.
             */
            expires_in_days?: number | null;
            /** @description What it is called, 1 to 60 characters: the record names `key:NAME` as who did something. */
            name: string;
            /** @description What it may do; one at least. */
            scopes: components["schemas"]["Scope"][];
        };
        /** @description A ban by hand. */
        NewBan: {
            /** @description An IPv4 address, an IPv6 address or its /64. */
            address: string;
            /**
             * Format: int64
             * @description 60 to 31536000 (a year); a day unless said.
             */
            seconds?: number | null;
        };
        /** @description A call to a customer. */
        NewCall: {
            /** @description The agent who talks; oneself unless said. Another agent: only for supervisors, administrators and keys of theirs. */
            agent?: string | null;
            /** @description Who is called first; the agent unless said. */
            first?: components["schemas"]["Side"];
            /** @description The number of ours that the call is placed for: its language and flow hold. */
            number?: string | null;
            /** @description Number, or `sip:` address of a host that the configuration allows. */
            to: string;
        };
        /** @description A draft to keep. */
        NewDraft: {
            /** @description Places of steps on the canvas: step to `[x, y]`. */
            layout: {
                [key: string]: number[];
            };
            /**
             * Format: int64
             * @description The revision that this replaces, as its author saw it; 0: there was none.
             */
            seen: number;
            /** @description TOML. */
            source: string;
        };
        /** @description A flow that is to be drawn. */
        NewFlow: {
            /** @description 1 to 40 of `a` to `z`, `0` to `9`, `-` and `_`. */
            name: string;
            /** @description What it is called; its name when left out. */
            title?: string | null;
        };
        /** @description Whom to tell of what. */
        NewHook: {
            /** @description Of what. */
            kinds: components["schemas"]["EventKind"][];
            /** @description Where to POST; its host must be among `[http] hosts` of the configuration. */
            url: string;
        };
        /** @description What the customer writes. */
        NewLine: {
            /** @description Chosen by the page (a UUID): the same one is recorded once. */
            dedupe: string;
            /** @description At most ten files that were uploaded for this chat. */
            files?: components["schemas"]["NamedFile"][];
            /** @description 1 to 10 000 characters; may be empty where there are files. */
            text: string;
        };
        /** @description A message to the customer, or a note. */
        NewMessage: {
            /** @description Administrators: the agent to write as. */
            agent?: string | null;
            /** @description Chosen by the sender (a UUID): the same one is recorded once. */
            dedupe?: string | null;
            /** @description At most ten files that were uploaded for this conversation. */
            files?: components["schemas"]["NamedFile"][];
            /** @description Only for staff to read. */
            note?: boolean;
            /** @description On channels that have subjects: another one than that of the customer's last letter; 1 to 200 characters. */
            subject?: string | null;
            /** @description 1 to 10 000 characters; may be empty where there are files. */
            text: string;
        };
        /** @description A note. */
        NewNote: {
            /** @description Chosen by the sender: the same one is recorded once. */
            dedupe?: string | null;
            /** @description 1 to 10 000 characters. */
            text: string;
        };
        /** @description A call that another system carries. */
        NewObserved: {
            /** @description The customer agreed to be recorded and written down (for numbers with `recording = "consent"`). */
            consent?: boolean;
            lang?: components["schemas"]["Lang"] | null;
            /** @description Who is in it: 1 to 8, at least one customer. */
            legs: components["schemas"]["NewSide"][];
            /** @description The number of ours whose language and recording policy hold; the configured one unless said. */
            number?: string | null;
            /** @description What the other system calls the call; it is recorded with the conversation. */
            reference?: string | null;
        };
        /** @description One side of a call that another system carries. */
        NewSide: {
            /** @description For staff: the agent's name or extension. The call is shown at their desk. */
            agent: string | null;
            /** @description Name. */
            name: string | null;
            /** @description Number. */
            number: string | null;
            /** @description Who. */
            speaker: components["schemas"]["ObservedSpeaker"];
        };
        /** @description A ticket that begins without a conversation. */
        NewTicket: {
            /** @description Custom fields. */
            fields?: {
                [key: string]: string;
            } | null;
            /** @description What kind of matter. */
            kind?: string | null;
            /**
             * Format: int64
             * @description The customer.
             */
            person?: number | null;
            priority?: components["schemas"]["Priority"] | null;
            /** @description One line, 1 to 200 characters. */
            subject: string;
            /** @description Team. */
            team?: string | null;
        };
        /** @description What an author writes. */
        NewVersion: {
            audience?: components["schemas"]["Audience"] | null;
            /** @description Markdown, 1 to 100 000 characters. */
            body: string;
            /** @description RFC 3339: not shown from then on. */
            expires_at?: string | null;
            /** @description `en` or `zh`. */
            lang: string;
            /** @description RFC 3339: somebody should look at it again. */
            review_at?: string | null;
            /** @description One line, 1 to 200 characters. */
            title: string;
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
        /** @description A side whose sound may come. */
        ObservedLeg: {
            /** @description The agent of ours whose desk shows it; null: nobody of ours. */
            agent: string | null;
            /**
             * Format: int32
             * @description Number of its leg.
             */
            leg: number;
            /** @description Who. */
            speaker: components["schemas"]["ObservedSpeaker"];
            /** @description The name under which its sound may come by AudioSocket. */
            uuid: string;
        };
        /** @description A call whose sound may come. */
        ObservedOpened: {
            /** @description Its conversation. */
            conversation: string;
            /** @description Its sides, the customer first. */
            legs: components["schemas"]["ObservedLeg"][];
        };
        /**
         * @description Who a side of a call is.
         * @enum {string}
         */
        ObservedSpeaker: "customer" | "agent";
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
        /** @description A customer calls. */
        OpenCall: {
            /** @description Language of the page. */
            lang: components["schemas"]["Lang"];
            /** @description Name they give, at most 80 characters. */
            name?: string | null;
            /** @description Whether pictures belong to it; else it is a voice call. */
            video?: boolean;
            /** @description Random text of 16 to 64 characters `A–Z a–z 0–9 _ -`, made once per browser. */
            visitor: string;
        };
        /** @description A customer opens a chat. */
        OpenChat: {
            /** @description Who the visitor is, signed by the company's own site (JSON Web Token, HS256: `sub`, `exp`, `name`). */
            identity?: string | null;
            /** @description Language of the page. */
            lang: components["schemas"]["Lang"];
            /** @description Name they give, at most 80 characters. */
            name?: string | null;
            /** @description Random text of 16 to 64 characters `A–Z a–z 0–9 _ -`, made once per browser. */
            visitor: string;
        };
        /** @description A call that waits for the page's media. */
        OpenedCall: {
            /** @description Its id. */
            conversation: string;
            /** @description STUN and TURN servers for `RTCPeerConnection`. */
            ice_servers: components["schemas"]["IceServer"][];
            /** @description What opens it: keep it, a page that is reloaded goes on with it. */
            token: string;
        };
        /** @description An open chat. */
        OpenedChat: {
            /** @description Its id. */
            conversation: string;
            /** @description What opens it: keep it. */
            token: string;
        };
        /** @description A passage that may answer. */
        Passage: {
            /** @description The heading above it. */
            heading: string | null;
            /** @description Its article. */
            key: string;
            /**
             * Format: float
             * @description How well it fits, comparable within one answer.
             */
            score: number;
            /**
             * Format: int32
             * @description Thumbs up less thumbs down for such questions.
             */
            taught: number;
            /** @description The passage. */
            text: string;
            /** @description The article's title. */
            title: string;
            /** @description Words of the question that it was found by, the weightiest first. */
            words: string[];
        };
        /** @description An agent who could not be chosen. */
        PassedOver: {
            /** @description Who. */
            agent: string;
            /** @description Stable code: `not_ready`, `busy`, `no_skill`, `wrapup`, `offered`, `just_missed`, `set_aside`, `offline`. */
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
            /** @description Their tier. */
            tier: string | null;
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
        /**
         * @description How much a ticket presses.
         * @enum {string}
         */
        Priority: "low" | "normal" | "high" | "urgent";
        /** @description Which draft, and why. */
        Publish: {
            /** @description Why; up to 500 characters. */
            note?: string | null;
            /**
             * Format: int64
             * @description The revision of the draft, as its publisher saw it.
             */
            revision: number;
            /**
             * Format: int64
             * @description The newest version that the publisher has seen; 0: none.
             */
            seen: number;
        };
        /** @description A queue. */
        Queue: {
            /**
             * Format: int64
             * @description Minutes that somebody who came now would wait; absent when that cannot be said with some right.
             */
            estimate_minutes: number | null;
            /**
             * Format: int32
             * @description How many wait; `waiting` shows the first 200.
             */
            length: number;
            /** @description Name. */
            name: string;
            /** @description Whether it is open. */
            open: boolean;
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
            /** @description Why not, in their own words; at most 64 characters. */
            reason?: string | null;
        };
        /** @description A recording that flows may name. */
        RecordingKept: {
            /** @description What to write after `file_en =` or `file_zh =`. */
            file: string;
            /**
             * Format: int64
             * @description How long it is.
             */
            millis: number;
        };
        /** @description A relation that comes or goes. */
        Relate: {
            /**
             * Format: int64
             * @description Number of the other ticket.
             */
            other: number;
            /** @description What this one is to the other. */
            relation: components["schemas"]["Relation"];
            /** @description No longer. */
            remove?: boolean;
        };
        /**
         * @description How a ticket is related to another.
         * @enum {string}
         */
        Relation: "related" | "parent" | "child" | "blocks" | "blocked_by";
        /** @description A ticket that another is related to. */
        RelationView: {
            /** @description What this one is to the other. */
            relation: components["schemas"]["Relation"];
            /**
             * Format: int64
             * @description The other.
             */
            ticket: number;
        };
        /** @description What is to be sent once more. */
        Replay: {
            /**
             * Format: int64
             * @description Its `seq`.
             */
            sequence: number;
            /** @enum {string} */
            what: "event";
        } | {
            /**
             * Format: int64
             * @description Its `seq`.
             */
            sequence: number;
            /** @enum {string} */
            what: "after";
        };
        /** @description A report. */
        Report: components["schemas"]["ReportOutline"] & {
            /** @description It begins. */
            from: components["schemas"]["Stamp"];
            /** @description Rows. */
            rows: components["schemas"]["ReportRow"][];
            /** @description How its rows are made. */
            rows_by: components["schemas"]["ReportBy"];
            /** @description The figures of all of it. */
            total: (number | null)[];
            /** @description It ends. */
            until: components["schemas"]["Stamp"];
        };
        /**
         * @description How rows of a report are made.
         * @enum {string}
         */
        ReportBy: "day" | "hour" | "channel" | "queue" | "flow" | "agent";
        /** @description A figure and what it means. */
        ReportFigure: {
            /** @description What it means. */
            definition: string;
            /** @description Its name. */
            name: string;
            /** @description Whether it opens to conversations. */
            opens: boolean;
            /** @description What it is called. */
            title: string;
            /** @description What kind of number it is: milliseconds, a hundredth, a score from 1 to 5, a count. */
            unit: components["schemas"]["ReportUnit"];
        };
        /** @description A report without its numbers. */
        ReportOutline: {
            /** @description How its rows may be made, the usual way first. */
            by: components["schemas"]["ReportBy"][];
            /** @description Its figures. */
            figures: components["schemas"]["ReportFigure"][];
            /** @description Its name. */
            name: string;
            /** @description What it is called. */
            title: string;
        };
        /** @description A row. */
        ReportRow: {
            /** @description What it is of: a day, an hour, a name; `FLOW VERSION` for flows. */
            key: string;
            /** @description The figures, in their order; null: there is nothing to divide by. */
            values: (number | null)[];
        };
        /**
         * @description What kind of number a figure of a report is.
         * @enum {string}
         */
        ReportUnit: "count" | "millis" | "percent" | "score";
        /** @description Which version, and why. */
        Restore: {
            /** @description Why; up to 500 characters. */
            note?: string | null;
            /**
             * Format: int64
             * @description The newest version that whoever asks has seen.
             */
            seen: number;
            /**
             * Format: int64
             * @description The version whose text is to serve again.
             */
            version: number;
        };
        /**
         * @description What a user may do.
         * @enum {string}
         */
        Role: "agent" | "supervisor" | "admin";
        /** @description One line of the story of a conversation's routing. */
        RoutingLine: {
            /** @description When. */
            at: components["schemas"]["Stamp"];
            /** @description In English. */
            en: string;
            /** @description Stable code: `queued`, `waited`, `offered`, `offer_over`, `queue_moved`, `unavailable`, `accepted`, `waiting`. */
            what: string;
            /** @description 简体中文。 */
            zh: string;
        };
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
        /** @description A text to hear. */
        Say: {
            /** @description In this language. */
            lang: components["schemas"]["Lang"];
            /** @description 1 to 10 000 characters. */
            text: string;
        };
        /**
         * @description Something that an API key may do.
         * @enum {string}
         */
        Scope: "conversations:read" | "conversations:write" | "customers:read" | "customers:write" | "events:read" | "floor:read" | "floor:write" | "flows:read" | "flows:write" | "imports:write" | "knowledge:read" | "knowledge:write" | "recordings:read" | "reports:read" | "settings:read" | "settings:write" | "tickets:read" | "tickets:write";
        /** @description A session description (RFC 8866), as `RTCPeerConnection` makes and takes it. */
        Sdp: {
            /** @description The text. */
            sdp: string;
        };
        /** @description Something found. */
        SearchHit: {
            /** @description The agent it is or was last with. */
            agent: string | null;
            /** @description The article's key, of articles. */
            article: string | null;
            /** @description When it was said, written or last changed. */
            at: components["schemas"]["Stamp"];
            /** @description The agent who said or wrote it. */
            author: string | null;
            /** @description The number or address the customer came from. */
            caller: string | null;
            channel: components["schemas"]["Channel"] | null;
            /** @description The conversation, of what was said, written and noted. */
            conversation: string | null;
            /**
             * Format: int64
             * @description The entry's position there.
             */
            entry_seq: number | null;
            /** @description What it is. */
            kind: components["schemas"]["SearchKind"];
            /** @description The text around the first word that was found. */
            parts: components["schemas"]["SearchPart"][];
            /** @description The customer's name. */
            person: string | null;
            /**
             * Format: int64
             * @description The customer.
             */
            person_id: number | null;
            /** @description The queue. */
            queue: string | null;
            speaker: components["schemas"]["Speaker"] | null;
            /**
             * Format: int64
             * @description The ticket, of tickets.
             */
            ticket: number | null;
            /** @description The article's title. */
            title: string | null;
        };
        /**
         * @description What is searched.
         * @enum {string}
         */
        SearchKind: "speech" | "message" | "note" | "ticket" | "article";
        /** @description A piece of a text. */
        SearchPart: {
            /** @description Whether it is what was looked for. */
            hit: boolean;
            /** @description The text. */
            text: string;
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
        /** @description A setting. */
        Setting: {
            /** @description Its value; null: not set. */
            value: Record<string, never>;
        };
        /**
         * @description Who is called first.
         * @enum {string}
         */
        Side: "agent" | "customer";
        /** @description A sign-in. */
        SignIn: {
            /** @description Sign-in name. */
            name: string;
            /** @description Password. */
            password: string;
        };
        /** @description A customer of somebody's invention. */
        Simulation: {
            /** @description Where they come in. */
            entry: string;
            /** @description The language that they begin with. */
            lang: components["schemas"]["Lang"];
            /** @description What they do and what happens to them, in order; 500 at most. */
            moves: components["schemas"]["FlowMove"][];
            /** @description The text of the flow, TOML. */
            source: string;
            /** @description Whether they write instead of speak. */
            text: boolean;
        };
        /** @description The SIP messages of a conversation, oldest first. */
        SipLadder: {
            /** @description More went by than is kept: it ends here. */
            cut: boolean;
            /** @description Messages; none: it was no call over SIP. */
            items: components["schemas"]["SipMessage"][];
            /** @description Users, names, numbers and the second half of addresses are hidden from you. */
            masked: boolean;
        };
        /** @description A SIP message. */
        SipMessage: {
            /** @description When it came or went. */
            at: components["schemas"]["Stamp"];
            /** @description Call-ID. */
            call_id: string;
            /** @description CSeq. */
            cseq: string;
            /** @description `in`: to us; `out`: from us. */
            direction: string;
            /** @description Address and port that it came from. */
            from: string;
            /**
             * Format: int32
             * @description The leg of the conversation.
             */
            leg: number;
            /**
             * Format: int32
             * @description Which of the other sides it was, from 1: two may look the same when addresses are hidden.
             */
            peer: number;
            /** @description The method, or the status with its phrase. */
            summary: string;
            /** @description The message. Digest responses and keys of media are written over for everybody. */
            text: string;
            /** @description Address and port that it went to. */
            to: string;
            /** @description `UDP`, `TCP`, `TLS`, `WS` or `WSS`. */
            transport: string;
        };
        /**
         * @description Who said it.
         * @enum {string}
         */
        Speaker: "customer" | "agent" | "system";
        /** @description Which merge to take back. */
        SplitOrder: {
            /**
             * Format: int64
             * @description The merge.
             */
            merge: number;
            /**
             * Format: int64
             * @description The revision of this customer that was seen.
             */
            revision: number;
        };
        /** @description Who works: exactly one of the three. */
        Staffing: {
            /** @description All agents of the configuration, as they are. */
            configured: boolean;
            /** @description From so many to so many agents who do everything, one answer each. */
            range: number[] | null;
            /** @description These teams. */
            teams: components["schemas"]["Team"][] | null;
        };
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
        /** @description Passages for a conversation as it stands. */
        Suggestions: {
            /** @description The best three, the best first. */
            items: components["schemas"]["Passage"][];
            /** @description What was looked up. */
            question: string;
        };
        /**
         * @description How a file of an import is written.
         * @enum {string}
         */
        TableFormat: "csv" | "json";
        /** @description Agents who are alike. */
        Team: {
            /**
             * Format: int32
             * @description How many.
             */
            count: number;
            /** @description Skills with levels 1 to 10. */
            skills: {
                [key: string]: number;
            };
        };
        /** @description A text to be called. */
        TestCall: {
            /** @description Where the caller comes in. */
            entry: string;
            /** @description The language that they begin with. */
            lang: components["schemas"]["Lang"];
            /** @description The text of the flow, TOML. */
            source: string;
        };
        /** @description Where callers of a test number are. */
        TestCallers: {
            /** @description Steps with the number of callers there. */
            here: {
                [key: string]: number;
            };
        };
        /** @description Where to call. */
        TestCallNumber: {
            /** @description To be dialled by a SIP phone, in the browser over the WebSocket `/sip`. */
            number: string;
            /** @description Nobody can call it after this. */
            until: components["schemas"]["Stamp"];
        };
        /** @description A thumb. */
        Thumb: {
            /** @description The article that the passage is from. */
            key: string;
            /** @description The question that it was shown for. */
            question: string;
            /** @description Up or down. */
            useful: boolean;
        };
        /** @description A ticket as lists show it. */
        Ticket: {
            /** @description Who is on it. */
            assignee: string | null;
            channel: components["schemas"]["Channel"] | null;
            /** @description Conversations that belong to it, oldest first. */
            conversations: string[];
            /** @description Opened. */
            created_at: components["schemas"]["Stamp"];
            /** @description Custom fields. */
            fields: {
                [key: string]: string;
            };
            /** @description Until an agent first answers. */
            first_answer: components["schemas"]["Clock"];
            /** @description Who follows it. */
            followers: string[];
            /**
             * Format: int64
             * @description Number, from 1.
             */
            id: number;
            /** @description What kind of matter. */
            kind: string | null;
            /**
             * Format: int64
             * @description The ticket it lives on in.
             */
            merged_into: number | null;
            person: components["schemas"]["Person"] | null;
            /** @description How much it presses. */
            priority: components["schemas"]["Priority"];
            /** @description The queue it came through. */
            queue: string | null;
            /** @description Until it is solved. */
            resolution: components["schemas"]["Clock"];
            /** @description Where it stands. */
            state: components["schemas"]["TicketState"];
            /** @description One line about it. */
            subject: string;
            /** @description The team it belongs to. */
            team: string | null;
            /** @description Last change. */
            updated_at: components["schemas"]["Stamp"];
        };
        /** @description A change of a ticket; one field at least. */
        TicketChange: {
            /** @description Give it to this agent. */
            assignee?: string | null;
            /** @description Custom fields to set; an empty value takes the field away. */
            fields?: {
                [key: string]: string;
            } | null;
            /** @description Everybody who follows it from now on. */
            followers?: string[] | null;
            /** @description What kind of matter, at most 60 characters; empty takes it away. */
            kind?: string | null;
            priority?: components["schemas"]["Priority"] | null;
            state?: components["schemas"]["Step"] | null;
            /** @description New subject, 1 to 200 characters. */
            subject?: string | null;
            /** @description Team, at most 60 characters; empty takes it away. */
            team?: string | null;
        };
        /** @description A ticket with its conversations. */
        TicketDetail: components["schemas"]["Ticket"] & {
            /** @description The newest 50 of its conversations, oldest first, without entries. */
            history: components["schemas"]["Conversation"][];
            /** @description Tickets that it is related to. */
            relations: components["schemas"]["RelationView"][];
            /** @description The moves that are open to whoever asks. */
            ways: components["schemas"]["TicketState"][];
        };
        /**
         * @description Where a ticket stands.
         * @enum {string}
         */
        TicketState: "new" | "in_progress" | "pending_confirmation" | "done" | "reopened";
        /** @description What a destination cost today. */
        Toll: {
            /** @description Beginning of its numbers; empty: those without a rate. */
            begins: string;
            /**
             * Format: int64
             * @description Calls that were answered.
             */
            calls: number;
            /**
             * Format: double
             * @description Minutes of talk.
             */
            minutes: number;
            /**
             * Format: double
             * @description In the currency of the rates.
             */
            spend: number;
        };
        /** @description How transcription keeps up. */
        Transcription: {
            /**
             * Format: double
             * @description Seconds of audio that wait for text, of all of those.
             */
            backlog_seconds: number;
            /**
             * Format: int32
             * @description Those of them whose text comes later: their audio waits on the disk.
             */
            behind: number;
            /**
             * Format: double
             * @description Share of the last minute in which the decoding threads worked, 0 to 1.
             */
            busy: number;
            final_delay_ms: components["schemas"]["Delay"] | null;
            /**
             * Format: int64
             * @description Utterances without text since the start, because the recogniser failed.
             */
            finals_failed: number;
            /**
             * Format: int64
             * @description Frames of 20 ms that were lost since the start.
             */
            frames_lost: number;
            interim_delay_ms: components["schemas"]["Delay"] | null;
            /**
             * Format: int64
             * @description Interim texts given up since the start.
             */
            interims_dropped: number;
            /** @description Whether it was chosen by a measurement (`model = "auto"`). */
            measured: boolean;
            /** @description The speech model in use. */
            model: string;
            /**
             * Format: double
             * @description Seconds of work for a second of audio that was decoded.
             */
            real_time_factor: number | null;
            /**
             * Format: int32
             * @description Legs that are transcribed now.
             */
            streams: number;
            /**
             * Format: int32
             * @description Decoding threads.
             */
            threads: number;
            /**
             * Format: int32
             * @description Utterances that wait to be decoded.
             */
            waiting_finals: number;
            /**
             * Format: int32
             * @description Interim texts that wait to be decoded.
             */
            waiting_interims: number;
        };
        /** @description Whether calls are transcribed, and how it goes. */
        TranscriptionState: {
            /** @description Off: the configuration says so. */
            enabled: boolean;
            now: components["schemas"]["Transcription"] | null;
        };
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
        /** @description A trunk. */
        Trunk: {
            /**
             * Format: int32
             * @description Calls now.
             */
            calls: number;
            /**
             * Format: int32
             * @description Calls that it may carry; null: no limit.
             */
            max_calls: number | null;
            /** @description Its name. */
            name: string;
            /**
             * Format: int32
             * @description Lower is taken first.
             */
            priority: number;
            /** @description The address where it was reached. */
            remote: string | null;
            /**
             * Format: int64
             * @description Seconds until it is tried again (from when it went down).
             */
            retry_s: number | null;
            /** @description `registered`, `up`, `down` or `unknown` (never asked). */
            state: string;
            /**
             * Format: int32
             * @description What it said when it refused.
             */
            status: number | null;
            /** @description Where it is. */
            uri: string;
            /**
             * Format: int32
             * @description Share among those of one priority.
             */
            weight: number;
        };
        /** @description Carriers and what today cost. */
        TrunkList: {
            /** @description Every trunk of the configuration. */
            items: components["schemas"]["Trunk"][];
            /**
             * Format: int64
             * @description Minutes that a day may see; null: no limit.
             */
            minutes_per_day: number | null;
            /**
             * Format: double
             * @description What a day may cost; null: no limit.
             */
            spend_per_day: number | null;
            /** @description What was used today (UTC). */
            used: components["schemas"]["Toll"][];
        };
        /** @description Whether the customer types. */
        TypingNow: {
            /** @description On or off. */
            on: boolean;
        };
        /** @description A file that is kept, to be named by a message. */
        Uploaded: {
            /** @description Its name. */
            name: string;
            /**
             * Format: int64
             * @description Bytes.
             */
            size: number;
            /** @description What a message names it by. */
            url: string;
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
            /** @description Nobody is on the line: they are called back. */
            callback: boolean;
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
        /** @description What is asked. */
        WhatIf: {
            /**
             * Format: double
             * @description Seconds that an agent takes to answer.
             */
            answer: number;
            /**
             * Format: double
             * @description Mean seconds that a customer is talked to (of the record: those whom nobody answered).
             */
            handling: number;
            made?: components["schemas"]["MadeDays"] | null;
            /**
             * Format: double
             * @description Mean seconds until a customer gives up; 0: never.
             */
            patience: number;
            /** @description The queues that customers come to, by name, with the rules of the configuration; empty: one queue with the usual rules. */
            queues?: string[];
            /** @description A day of the record, as in `2025-11-22` (UTC); its customers come to the queues that they came to. */
            record?: string | null;
            /** @description Who works. */
            staffing: components["schemas"]["Staffing"];
            /** @description Another strategy for all of them. */
            strategy?: string | null;
            /**
             * Format: double
             * @description Answered within so many seconds is well served.
             */
            target: number;
        };
        /** @description The answer. */
        WhatIfAnswer: {
            record: components["schemas"]["WhatIfRecord"] | null;
            /** @description One for each staffing. */
            rows: components["schemas"]["WhatIfRow"][];
        };
        /** @description What a day of the record told. */
        WhatIfRecord: {
            /**
             * Format: int32
             * @description Customers who came to a queue.
             */
            customers: number;
            /**
             * Format: int32
             * @description Those of them who asked for more than their queue does: priority, tier, skills, an agent, to be called back.
             */
            special: number;
            /**
             * Format: int32
             * @description Test calls, which are left out.
             */
            tests: number;
            /**
             * Format: int32
             * @description Those of whom the record does not tell that: they count as usual.
             */
            unknown: number;
        };
        /** @description One staffing and what came of it. */
        WhatIfRow: {
            /**
             * Format: int32
             * @description How many agents.
             */
            agents: number;
            /**
             * Format: int32
             * @description How many were answered.
             */
            answered: number;
            /**
             * Format: int32
             * @description How many customers came.
             */
            came: number;
            erlang_a: components["schemas"]["Formula"] | null;
            erlang_c: components["schemas"]["Formula"] | null;
            /**
             * Format: double
             * @description Median error of what waiting customers were told, as part of the true wait; `None`: nobody was told.
             */
            estimate_error: number | null;
            /**
             * Format: double
             * @description Part that gave up.
             */
            gave_up: number;
            /**
             * Format: double
             * @description Part of the agents' time that was work.
             */
            occupancy: number;
            /**
             * Format: double
             * @description Part answered within the target.
             */
            service_level: number;
            /**
             * Format: double
             * @description Mean seconds of all who came.
             */
            wait: number;
            /**
             * Format: double
             * @description What nine of ten who were answered did not exceed, in seconds.
             */
            wait_p90: number;
        };
        /** @description Which macro. */
        Which: {
            /** @description Its name. */
            name: string;
        };
        /** @description What can be written on a channel. */
        Writing: {
            /** @description The channel's name in the configuration; null for the web chat. */
            channel: string | null;
            /** @description Files may be sent. */
            files: boolean;
            /**
             * Format: int32
             * @description Longest message, in characters.
             */
            longest: number;
            /** @description Messages have a subject: this one, unless told otherwise. */
            subject: string | null;
            /** @description Typing is shown to the customer. */
            typing: boolean;
        };
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
            403: {
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    reset_agent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description an agent's name */
                name: string;
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
    alerts: {
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
                    "application/json": components["schemas"]["ListView_Alert"];
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
    api_keys: {
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
                    "application/json": components["schemas"]["ListView_ApiKey"];
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
    make_api_key: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewApiKey"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyMade"];
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
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    revoke_api_key: {
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
    app_lines: {
        parameters: {
            query?: {
                /** @description Only after this position; 0 unless said. */
                after?: number;
                /** @description 1 to 200; 50 unless said. */
                limit?: number;
            };
            header?: never;
            path: {
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
                    "application/json": components["schemas"]["AppLines"];
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
    app_write: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AppMessage"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppPosted"];
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
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    app_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppSession"];
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
    transcription: {
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
                    "application/json": components["schemas"]["TranscriptionState"];
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
    audit: {
        parameters: {
            query?: {
                /** @description Only of this setting. */
                key?: string;
                /** @description 1 to 200; 50 unless said. */
                limit?: number;
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
                    "application/json": components["schemas"]["ListView_Audited"];
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
    place_call: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCall"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallBegun"];
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
            403: {
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
    change_callback: {
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
                "application/json": components["schemas"]["ChangeCallback"];
            };
        };
        responses: {
            204: {
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    correct_line: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                seq: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CorrectLine"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Entry"];
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
            /** @description `stale`: corrected meanwhile; `error.line` says what stands there now */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    line_history: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                seq: number;
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
                    "application/json": components["schemas"]["ListView_LineVersion"];
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
    upload_file: {
        parameters: {
            query: {
                /** @description Administrators: the agent to act as. */
                agent?: string;
                /** @description The file's name, 1 to 150 characters. */
                name: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": number[];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Uploaded"];
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
            413: {
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    send_again: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                seq: number;
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
    call_recording: {
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
            416: {
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
    routing: {
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
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListView_RoutingLine"];
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
    sip_ladder: {
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
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SipLadder"];
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
    sip_capture: {
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
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.tcpdump.pcap": number[];
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
    suggestions: {
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
                "application/json": components["schemas"]["BeingSaid"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Suggestions"];
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    transcript: {
        parameters: {
            query: {
                /** @description `text`, `json`, `srt`, `vtt` or `vcon`. */
                format: string;
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
                    "text/plain": string;
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    customer_setup: {
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
                    "application/json": components["schemas"]["CustomerSetup"];
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
    customers: {
        parameters: {
            query?: {
                /** @description Cursor: `next` of the page before. */
                after?: string;
                /** @description 1 to 200; 50 unless said. */
                limit?: number;
                /** @description Only with this tag. */
                tag?: string;
                /** @description Only of this tier. */
                tier?: string;
                /** @description Only whose name, number, other address or tag has this in it. */
                words?: string;
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
                    "application/json": components["schemas"]["ListView_Customer"];
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
    customer: {
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
                    "application/json": components["schemas"]["CustomerDetail"];
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
    change_customer: {
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
                "application/json": components["schemas"]["CustomerEditing"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerDetail"];
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    customer_changes: {
        parameters: {
            query?: {
                /** @description 1 to 200; 50 unless said. */
                limit?: number;
            };
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
                    "application/json": components["schemas"]["ListView_CustomerChange"];
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
    merge_customers: {
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
                "application/json": components["schemas"]["MergeOrder"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerDetail"];
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    split_customers: {
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
                "application/json": components["schemas"]["SplitOrder"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerDetail"];
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    event_hooks: {
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
                    "application/json": components["schemas"]["ListView_EventHook"];
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
    make_event_hook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewHook"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HookMade"];
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    remove_event_hook: {
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
    change_event_hook: {
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
                "application/json": components["schemas"]["HookEdit"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventHook"];
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    event_deliveries: {
        parameters: {
            query?: {
                /** @description Only before this event (`next` of an earlier page). */
                before?: number;
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
                    "application/json": components["schemas"]["ListView_EventDelivery"];
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
    replay_events: {
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
                "application/json": components["schemas"]["Replay"];
            };
        };
        responses: {
            202: {
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    new_event_hook_secret: {
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
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HookMade"];
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
    test_event_hook: {
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
            202: {
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
    file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key: string;
                n: number;
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
                    "application/octet-stream": number[];
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
    flow_kinds: {
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
                    "application/json": components["schemas"]["FlowKinds"];
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
    flows: {
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
                    "application/json": components["schemas"]["ListView_Flow"];
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
    create_flow: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewFlow"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FlowDetail"];
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
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    flow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
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
                    "application/json": components["schemas"]["FlowDetail"];
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
    flow_day: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description YYYY-MM-DD */
                day: string;
                flow: string;
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
                    "application/json": components["schemas"]["FlowDay"];
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
    flow_difference: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Compare"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListView_LineChange"];
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    save_flow_draft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewDraft"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FlowDetail"];
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    discard_flow_draft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
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
    edit_flow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FlowEdits"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FlowEdited"];
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    flow_here: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
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
                    "application/json": components["schemas"]["FlowHere"];
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
    flow_prompt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                lang: components["schemas"]["Lang"];
                prompt: string;
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
                    "audio/wav": number[];
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
    publish_flow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Publish"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FlowDetail"];
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            422: {
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
    restore_flow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Restore"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FlowDetail"];
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            422: {
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
    simulate_flow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Simulation"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FlowTrial"];
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            422: {
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
    sketch_flow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FlowSource"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FlowSketch"];
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    test_call_flow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TestCall"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestCallNumber"];
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            422: {
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
    test_callers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                number: string;
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
                    "application/json": components["schemas"]["TestCallers"];
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
    flow_versions: {
        parameters: {
            query?: {
                /** @description Cursor: `next` of the page before. */
                after?: number;
                /** @description 1 to 200; 50 unless said. */
                limit?: number;
            };
            header?: never;
            path: {
                flow: string;
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
                    "application/json": components["schemas"]["ListView_FlowVersion"];
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
    flow_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                version: number;
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
                    "application/json": components["schemas"]["FlowVersionDetail"];
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
    ice_servers: {
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
                    "application/json": components["schemas"]["IceServers"];
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
    import: {
        parameters: {
            query: {
                /** @description `true`: only say what would happen. */
                dry_run?: boolean;
                /** @description How it is written. */
                format: components["schemas"]["TableFormat"];
                /** @description Whose names the fields have; ours unless said. */
                source?: components["schemas"]["ImportSource"];
            };
            header?: never;
            path: {
                kind: components["schemas"]["ImportKind"];
            };
            cookie?: never;
        };
        /** @description the file, UTF-8 */
        requestBody: {
            content: {
                "application/octet-stream": number[];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Imported"];
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
            413: {
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
    articles: {
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
                    "application/json": components["schemas"]["ListView_Article"];
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
    article: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description its key */
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
                    "application/json": components["schemas"]["ListView_Article"];
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
    save_article: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description its key: 1 to 200 characters that stay the same for ever */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewVersion"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListView_Article"];
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    knowledge_gaps: {
        parameters: {
            query?: {
                /** @description 1 to 200; 50 unless said. */
                limit?: number;
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
                    "application/json": components["schemas"]["ListView_Gap"];
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
    import_articles: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImportFile"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListView_ImportRow"];
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    search_knowledge: {
        parameters: {
            query: {
                /** @description A question or words, 1 to 2000 characters. */
                q: string;
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
                    "application/json": components["schemas"]["ListView_Passage"];
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
    knowledge_use: {
        parameters: {
            query: {
                /** @description The first day. */
                from: string;
                /** @description The last day. */
                until: string;
                /** @description The time zone whose days are meant. */
                zone: string;
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
                    "application/json": components["schemas"]["ListView_ArticleUse"];
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
    vote: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Thumb"];
            };
        };
        responses: {
            204: {
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    mentions: {
        parameters: {
            query?: {
                /** @description Cursor: `next` of the page before. */
                after?: string;
                /** @description 1 to 200; 50 unless said. */
                limit?: number;
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
                    "application/json": components["schemas"]["Mentions"];
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
    mentions_seen: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MentionsSeen"];
            };
        };
        responses: {
            204: {
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    observe_call: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewObserved"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ObservedOpened"];
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    observed_audio: {
        parameters: {
            query: {
                /** @description Numbers of the legs whose sound comes, e.g. `0`; two for stereo, the left one first, e.g. `0,1`. */
                leg: string;
                /** @description Samples per second: 8000, 16000, 24000 or 48000. */
                rate: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the sound may come */
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
            409: {
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
            403: {
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
    keep_recording: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": number[];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordingKept"];
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
            413: {
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
    recording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description the part after `recordings/` */
                file: string;
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
                    "audio/wav": number[];
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
    reports: {
        parameters: {
            query?: {
                /** @description `en` (unless said) or `zh`. */
                lang?: components["schemas"]["Lang"];
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
                    "application/json": components["schemas"]["ListView_ReportOutline"];
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
    report: {
        parameters: {
            query: {
                /** @description Rows: `next` of the page before. */
                after?: string;
                /** @description Only of this agent (report `agents`, and rows). */
                agent?: string;
                /** @description A row for each: `day`, `hour` (of the day), `channel`, `queue`, `flow` or `agent`; the report's usual way unless said. */
                by?: string;
                /** @description Only on this road. */
                channel?: string;
                /** @description Rows: the figure whose conversations are wanted. */
                figure?: string;
                /** @description Only that began in this flow. */
                flow?: string;
                /** @description The first day, e.g. `2026-11-01`. */
                from: string;
                /** @description Rows: only of this row of the report (its `key`). */
                key?: string;
                /** @description Language of titles and definitions: `en` or `zh`. */
                lang?: components["schemas"]["Lang"];
                /** @description Rows: 1 to 200; 50 unless said. */
                limit?: number;
                /** @description Only of this queue; empty: of those in none. */
                queue?: string;
                /** @description The last day. */
                until: string;
                /** @description Only in this version of it. */
                version?: number;
                /** @description The time zone whose days and hours are meant, e.g. `Europe/Berlin`. */
                zone: string;
            };
            header?: never;
            path: {
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
                    "application/json": components["schemas"]["Report"];
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
    report_csv: {
        parameters: {
            query: {
                /** @description Rows: `next` of the page before. */
                after?: string;
                /** @description Only of this agent (report `agents`, and rows). */
                agent?: string;
                /** @description A row for each: `day`, `hour` (of the day), `channel`, `queue`, `flow` or `agent`; the report's usual way unless said. */
                by?: string;
                /** @description Only on this road. */
                channel?: string;
                /** @description Rows: the figure whose conversations are wanted. */
                figure?: string;
                /** @description Only that began in this flow. */
                flow?: string;
                /** @description The first day, e.g. `2026-11-01`. */
                from: string;
                /** @description Rows: only of this row of the report (its `key`). */
                key?: string;
                /** @description Language of titles and definitions: `en` or `zh`. */
                lang?: components["schemas"]["Lang"];
                /** @description Rows: 1 to 200; 50 unless said. */
                limit?: number;
                /** @description Only of this queue; empty: of those in none. */
                queue?: string;
                /** @description The last day. */
                until: string;
                /** @description Only in this version of it. */
                version?: number;
                /** @description The time zone whose days and hours are meant, e.g. `Europe/Berlin`. */
                zone: string;
            };
            header?: never;
            path: {
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
                    "text/csv": string;
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
    report_rows: {
        parameters: {
            query: {
                /** @description Rows: `next` of the page before. */
                after?: string;
                /** @description Only of this agent (report `agents`, and rows). */
                agent?: string;
                /** @description A row for each: `day`, `hour` (of the day), `channel`, `queue`, `flow` or `agent`; the report's usual way unless said. */
                by?: string;
                /** @description Only on this road. */
                channel?: string;
                /** @description Rows: the figure whose conversations are wanted. */
                figure?: string;
                /** @description Only that began in this flow. */
                flow?: string;
                /** @description The first day, e.g. `2026-11-01`. */
                from: string;
                /** @description Rows: only of this row of the report (its `key`). */
                key?: string;
                /** @description Language of titles and definitions: `en` or `zh`. */
                lang?: components["schemas"]["Lang"];
                /** @description Rows: 1 to 200; 50 unless said. */
                limit?: number;
                /** @description Only of this queue; empty: of those in none. */
                queue?: string;
                /** @description The last day. */
                until: string;
                /** @description Only in this version of it. */
                version?: number;
                /** @description The time zone whose days and hours are meant, e.g. `Europe/Berlin`. */
                zone: string;
            };
            header?: never;
            path: {
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
    search: {
        parameters: {
            query: {
                /** @description Cursor: `next` of the page before. */
                after?: string;
                /** @description Only of conversations and tickets of this agent, and what they wrote. */
                agent?: string;
                /** @description Only on this road. */
                channel?: components["schemas"]["Channel"];
                /** @description Not before (RFC 3339). */
                from?: string;
                /** @description Only of these kinds, with commas between: `speech`, `message`, `note`, `ticket`, `article`. */
                kind?: string;
                /** @description 1 to 200; 50 unless said. */
                limit?: number;
                /** @description Only of this person. */
                person?: number;
                /** @description Words in English or Chinese; all of them must be there. 1 to 500 characters. */
                q: string;
                /** @description Only of this queue. */
                queue?: string;
                /** @description Only before (RFC 3339). */
                until?: string;
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
                    "application/json": components["schemas"]["ListView_SearchHit"];
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
            403: {
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
            403: {
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    setting: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `alerts`, `customer_fields`, `macros`, `sla` or `targets` */
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
                    "application/json": components["schemas"]["Setting"];
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
    change_setting: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `alerts`, `customer_fields`, `macros`, `sla` or `targets` */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Setting"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Setting"];
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    bans: {
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
                    "application/json": components["schemas"]["ListView_Ban"];
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
    ban: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewBan"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ban"];
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
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    lift_ban: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description as the list has it; a slash in it is written `%2F` */
                address: string;
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
    tickets: {
        parameters: {
            query?: {
                /** @description Cursor: `next` of the page before. */
                after?: string;
                /** @description Only of this assignee. */
                assignee?: string;
                /** @description 1 to 200; 50 unless said. */
                limit?: number;
                /** @description `true`: only those of which a promise is broken now. */
                overdue?: boolean;
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
            403: {
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
    open_ticket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTicket"];
            };
        };
        responses: {
            201: {
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    apply_macro: {
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
                "application/json": components["schemas"]["Which"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MacroDone"];
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    merge_ticket: {
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
                "application/json": components["schemas"]["MergeInto"];
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    relate_tickets: {
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
                "application/json": components["schemas"]["Relate"];
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    trunks: {
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
                    "application/json": components["schemas"]["TrunkList"];
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
    say: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Say"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/wav": number[];
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    what_if: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WhatIf"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WhatIfAnswer"];
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    open_call: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenCall"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenedCall"];
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
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    attach_call: {
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
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
    chat_upload: {
        parameters: {
            query: {
                /** @description The file's name, 1 to 150 characters. */
                name: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": number[];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Uploaded"];
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
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            413: {
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
    chat_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                key: string;
                n: number;
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
                    "application/octet-stream": number[];
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
            403: {
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            415: {
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
