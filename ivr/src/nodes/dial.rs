//! `dial`: calls a SIP address and connects the two.

use std::time::Duration;

use super::agent::cannot_be_had;
use crate::address::Template;
use crate::given::Given;
use crate::io::{FlowEnd, Out, Tone};
use crate::node::{By, Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::scene::Scene;

/// A minute, as phone networks do.
const RING: Duration = Duration::from_secs(60);

/// See the help.
pub const KIND: Kind = Kind {
    name: "dial",
    title: Help { en: "Dial", zh: "呼叫地址" },
    media: Media::Voice,
    help: Help {
        en: "Calls a SIP address and connects the two. The caller hears ringing; the call is answered when the other side answers.",
        zh: "呼叫一个 SIP 地址并接通双方。主叫听到振铃音；对方接听时来电才被接听。",
    },
    params: &[
        Param {
            name: "codecs",
            takes: Takes::Codecs,
            required: false,
            help: Help {
                en: "What the other side is offered, in this order: `PCMU`, `PCMA`, `G722`, `opus`. Without it: all.",
                zh: "按顺序提供给对方的编码：`PCMU`、`PCMA`、`G722`、`opus`。不写则全部提供。",
            },
        },
        Param {
            name: "failed",
            takes: Takes::Step(By::Itself),
            required: false,
            help: Help {
                en: "The step that follows when the other side cannot be had. Without it: the call is refused as busy or unavailable, or ends.",
                zh: "无法接通时的步骤。不写则以忙或不可用拒绝来电，或结束通话。",
            },
        },
        Param {
            name: "ring",
            takes: Takes::Seconds { min: 1, max: 600 },
            required: false,
            help: Help {
                en: "How long it rings; 60 seconds without it.",
                zh: "振铃时长（秒），默认 60 秒。",
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
            required: true,
            help: Help {
                en: "`sip:USER@ADDRESS`, with port and `;transport=tcp` if needed. `{caller}` and `{called}` stand for the two numbers.",
                zh: "`sip:用户@地址`，可带端口和 `;transport=tcp`。`{caller}`、`{called}` 代表主叫和被叫号码。",
            },
        },
    ],
    example: r#"[steps.branch_office]
kind = "dial"
uri = "sip:{called}@192.0.2.7:5060"
codecs = ["PCMA", "PCMU"]
ring = 30
failed = "sorry"

[steps.sorry]
kind = "hangup"
prompts = "goodbye"
"#,
    make,
};

fn make(given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    let Some(uri) = given.sip_uri("uri") else {
        return Err(Complaint::about("uri", "no address", "`uri = \"sip:USER@ADDRESS\"`"));
    };
    Ok(Box::new(Dial {
        uri,
        codecs: given.codecs("codecs").unwrap_or_default(),
        ring: given.seconds("ring").unwrap_or(RING),
        failed: given.step("failed"),
        then: given.step("then"),
    }))
}

#[derive(Debug)]
struct Dial {
    uri: Template,
    codecs: Vec<String>,
    ring: Duration,
    failed: Option<String>,
    then: Option<String>,
}

impl Node for Dial {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        if scene.is_answered() {
            scene.repeat([], Some(Tone::Ringback));
        }
        let uri = scene.address(&self.uri);
        scene.wait_for_somebody(Out::Dial { uri, codecs: self.codecs.clone(), ring: self.ring });
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

    fn serves_text(&self) -> bool {
        false
    }
}
