//! `transfer`: to an agent, a number or a SIP address.

use std::time::Duration;

use kernel::AgentName;

use super::agent::cannot_be_had;
use super::callback::dialable;
use crate::address::Template;
use crate::datum::Type;
use crate::expr::Expr;
use crate::given::Given;
use crate::io::{FlowEnd, Out, Tone};
use crate::node::{By, Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::scene::Scene;

/// Half a minute: whoever does not answer by then is not there.
const RING: Duration = Duration::from_secs(30);

/// See the help.
pub const KIND: Kind = Kind {
    name: "transfer",
    title: Help { en: "Transfer", zh: "转接" },
    media: Media::Voice,
    help: Help {
        en: "Connects the caller with an agent, a number or a SIP address, after prompts if there are any. A number is that of a phone of this house, or is dialled through the trunk (`[outbound]` of the configuration), which says what may be dialled.",
        zh: "把来电转接给坐席、号码或 SIP 地址，可先播放提示音。号码可以是本系统的分机，或通过中继（配置中的 `[outbound]`，其中规定可拨打的号码）拨出。",
    },
    params: &[
        Param {
            name: "agent",
            takes: Takes::Agent,
            required: false,
            help: Help { en: "An agent.", zh: "坐席。" },
        },
        Param {
            name: "failed",
            takes: Takes::Step(By::Itself),
            required: false,
            help: Help {
                en: "The step that follows when they cannot be had. Without it: the call is refused as busy or unavailable, or ends.",
                zh: "无法接通时的步骤。不写则以忙或不可用拒绝来电，或结束通话。",
            },
        },
        Param {
            name: "number",
            takes: Takes::Expr(Type::Text),
            required: false,
            help: Help {
                en: "A number: an expression, such as \"'+493012345'\".",
                zh: "号码：表达式，例如 \"'+493012345'\"。",
            },
        },
        Param {
            name: "prompts",
            takes: Takes::Prompts,
            required: false,
            help: Help { en: "Said first.", zh: "先播放的提示音。" },
        },
        Param {
            name: "ring",
            takes: Takes::Seconds { min: 1, max: 600 },
            required: false,
            help: Help {
                en: "How long it rings; 30 seconds without it.",
                zh: "振铃时长（秒），默认 30 秒。",
            },
        },
        Param {
            name: "then",
            takes: Takes::Step(By::People),
            required: false,
            help: Help {
                en: "The step that follows when the other side hung up and the caller is still there. Without it: the end.",
                zh: "对方挂断而主叫仍在线时的步骤。不写则结束。",
            },
        },
        Param {
            name: "uri",
            takes: Takes::SipUri,
            required: false,
            help: Help { en: "A SIP address, as for `dial`.", zh: "SIP 地址，同 `dial`。" },
        },
    ],
    example: r#"[steps.to_the_warehouse]
kind = "transfer"
number = "'+4930' + '1234567'"
prompts = "wait"
failed = "sorry"

[steps.sorry]
kind = "hangup"
prompts = "goodbye"
"#,
    make,
};

fn make(given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    let to = match (given.agent("agent"), given.expr("number"), given.sip_uri("uri")) {
        (Some(agent), None, None) => To::Agent(agent),
        (None, Some(number), None) => To::Number(number),
        (None, None, Some(uri)) => To::Uri(uri),
        _ => {
            return Err(Complaint {
                param: None,
                found: "not exactly one of `agent`, `number` and `uri`".to_owned(),
                right: "one of them".to_owned(),
            });
        }
    };
    Ok(Box::new(Transfer {
        to,
        prompts: given.prompts("prompts"),
        ring: given.seconds("ring").unwrap_or(RING),
        failed: given.step("failed"),
        then: given.step("then"),
    }))
}

#[derive(Debug)]
enum To {
    Agent(AgentName),
    Number(Expr),
    Uri(Template),
}

#[derive(Debug)]
struct Transfer {
    to: To,
    prompts: Vec<String>,
    ring: Duration,
    failed: Option<String>,
    then: Option<String>,
}

impl Node for Transfer {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        if !self.prompts.is_empty() {
            scene.answer();
        }
        if scene.say(&self.prompts) { Next::Stay } else { self.played(scene) }
    }

    fn played(&self, scene: &mut Scene<'_>) -> Next {
        let ring = self.ring;
        let order = match &self.to {
            To::Agent(agent) => Some(Out::RingAgent { agent: agent.clone(), ring }),
            To::Number(number) => {
                dialable(&scene.value(number)).map(|number| Out::DialNumber { number: number.into(), ring })
            }
            To::Uri(uri) => Some(Out::Dial { uri: scene.address(uri), codecs: Vec::new(), ring }),
        };
        let Some(order) = order else { return self.failed(scene, "unreachable") };
        if scene.is_answered() {
            scene.repeat([], Some(Tone::Ringback));
        } else if matches!(self.to, To::Agent(_)) {
            scene.ring();
        }
        scene.wait_for_somebody(order);
        Next::Stay
    }

    fn failed(&self, scene: &mut Scene<'_>, code: &str) -> Next {
        Next::go_or_end(self.failed.as_ref(), cannot_be_had(scene, code))
    }

    fn parted(&self, _scene: &mut Scene<'_>) -> Next {
        Next::go_or_end(self.then.as_ref(), FlowEnd::Finished)
    }

    fn goes_on_after_parting(&self) -> bool {
        self.then.is_some()
    }

    fn serves_text(&self) -> bool {
        false
    }
}
