//! `ring`: tells the caller that it rings.

use std::time::Duration;

use crate::given::Given;
use crate::io::FlowEnd;
use crate::node::{By, Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::scene::Scene;

/// Rings no longer than this: a caller who vanished sends no CANCEL, and would be waited for as long as the process runs.
const LONGEST: Duration = Duration::from_secs(600);
/// Temporarily unavailable (RFC 3261 21.4.18): what a phone shows that rang out.
const UNAVAILABLE: u16 = 480;

/// See the help.
pub const KIND: Kind = Kind {
    name: "ring",
    media: Media::Voice,
    help: Help {
        en: "Lets the caller's phone ring (180) without answering: for some seconds and then on to `next`, or until they give up (ten minutes at most).",
        zh: "让主叫听到振铃（180）而不接听：振铃若干秒后进入 `next`，不写 `seconds` 则直到主叫挂断（最长十分钟）。",
    },
    params: &[
        Param {
            name: "next",
            takes: Takes::Step(By::Itself),
            required: false,
            help: Help {
                en: "The step that follows when the seconds are over.", zh: "振铃结束后的步骤。"
            },
        },
        Param {
            name: "seconds",
            takes: Takes::Seconds { min: 1, max: 600 },
            required: false,
            help: Help {
                en: "How long it rings. Without it: until the caller gives up, ten minutes at most.",
                zh: "振铃时长（秒）。不写则直到主叫挂断，最长十分钟。",
            },
        },
    ],
    example: r#"[steps.let_it_ring]
kind = "ring"
seconds = 10
next = "sorry"

[steps.sorry]
kind = "hangup"
prompts = "goodbye"
"#,
    make,
};

fn make(given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    match (given.seconds("seconds"), given.step("next")) {
        (Some(span), Some(next)) => Ok(Box::new(Ring { on: Some((span, next)) })),
        (None, None) => Ok(Box::new(Ring { on: None })),
        (Some(_), None) => Err(Complaint::dead_end(
            "add `next = \"STEP\"`, or leave out `seconds` to ring until the caller gives up",
        )),
        (None, Some(_)) => Err(Complaint::about(
            "next",
            "`next` of a step that rings until the caller gives up is never reached",
            "add `seconds = N`, or leave out `next`",
        )),
    }
}

#[derive(Debug)]
struct Ring {
    /// How long, and what then; `None`: until the caller gives up.
    on: Option<(Duration, String)>,
}

impl Node for Ring {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        scene.ring();
        match &self.on {
            Some((span, _)) => scene.wait(*span),
            None => scene.wait(LONGEST),
        }
        Next::Stay
    }

    fn elapsed(&self, _scene: &mut Scene<'_>) -> Next {
        self.on.as_ref().map_or(Next::End(FlowEnd::Refused(UNAVAILABLE)), |(_, next)| Next::Go(next.clone()))
    }

    fn serves_text(&self) -> bool {
        false
    }
}
