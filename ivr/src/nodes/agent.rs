//! `agent`: rings one agent directly.

use std::time::Duration;

use kernel::AgentName;

use crate::given::Given;
use crate::io::{FlowEnd, Out, Tone};
use crate::node::{By, Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::scene::Scene;

/// Five rings.
const RING: Duration = Duration::from_secs(25);

/// See the help.
pub const KIND: Kind = Kind {
    name: "agent",
    title: Help { en: "Agent", zh: "坐席" },
    media: Media::VoiceAndText,
    help: Help {
        en: "Rings one agent, by page and phone. The caller hears ringing; the call is answered when the agent answers.",
        zh: "直接呼叫一名坐席（网页和话机同时振铃）。主叫听到振铃音；坐席接听时来电才被接听。",
    },
    params: &[
        Param {
            name: "agent",
            takes: Takes::Agent,
            required: true,
            help: Help { en: "Who.", zh: "坐席名。" },
        },
        Param {
            name: "failed",
            takes: Takes::Step(By::Itself),
            required: false,
            help: Help {
                en: "The step that follows when the agent cannot be had. Without it: the call is refused as busy or unavailable, or ends.",
                zh: "无法接通时的步骤。不写则以忙或不可用拒绝来电，或结束通话。",
            },
        },
        Param {
            name: "ring",
            takes: Takes::Seconds { min: 1, max: 600 },
            required: false,
            help: Help {
                en: "How long it rings; 25 seconds without it.",
                zh: "振铃时长（秒），默认 25 秒。",
            },
        },
        Param {
            name: "then",
            takes: Takes::Step(By::People),
            required: false,
            help: Help {
                en: "The step that follows when the agent hung up and the customer is still there. Without it: the end.",
                zh: "坐席挂断而客户仍在线时的步骤。不写则结束。",
            },
        },
    ],
    example: r#"[steps.to_alice]
kind = "agent"
agent = "alice"
ring = 20
failed = "sorry"

[steps.sorry]
kind = "hangup"
prompts = "goodbye"
"#,
    make,
};

fn make(given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    Ok(Box::new(Agent {
        agent: given.agent("agent").unwrap_or_else(|| AgentName::new("")),
        ring: given.seconds("ring").unwrap_or(RING),
        failed: given.step("failed"),
        then: given.step("then"),
    }))
}

#[derive(Debug)]
struct Agent {
    agent: AgentName,
    ring: Duration,
    failed: Option<String>,
    then: Option<String>,
}

impl Node for Agent {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        if scene.is_answered() {
            scene.repeat([], Some(Tone::Ringback));
        } else {
            scene.ring();
        }
        scene.wait_for_somebody(Out::RingAgent { agent: self.agent.clone(), ring: self.ring });
        Next::Stay
    }

    fn failed(&self, scene: &mut Scene<'_>, code: &str) -> Next {
        Next::go_or_end(self.failed.as_ref(), cannot_be_had(scene, code))
    }

    fn goes_on_after_parting(&self) -> bool {
        self.then.is_some()
    }

    fn parted(&self, _scene: &mut Scene<'_>) -> Next {
        Next::go_or_end(self.then.as_ref(), FlowEnd::Finished)
    }
}

/// How a call ends whose party cannot be had: refused with the reason (RFC 3261 section 21) if it was not answered.
pub(super) fn cannot_be_had(scene: &Scene<'_>, code: &str) -> FlowEnd {
    match code {
        _ if scene.is_answered() => FlowEnd::Finished,
        "busy" => FlowEnd::Refused(486),
        "refused" => FlowEnd::Refused(603),
        _ => FlowEnd::Refused(480),
    }
}
