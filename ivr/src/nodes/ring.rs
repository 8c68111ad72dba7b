//! `ring`: tells the caller that it rings.

use std::time::Duration;

use crate::given::Given;
use crate::node::{By, Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::scene::Scene;

/// See the help.
pub const KIND: Kind = Kind {
    name: "ring",
    media: Media::Voice,
    help: Help {
        en: "Lets the caller's phone ring (180) without answering: for some seconds and then on to `next`, or for ever.",
        zh: "让主叫听到振铃（180）而不接听：振铃若干秒后进入 `next`，不写 `seconds` 则一直振铃。",
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
                en: "How long it rings. Without it: until the caller gives up.",
                zh: "振铃时长（秒）。不写则直到主叫挂断。",
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
        (Some(_), None) => {
            Err(Complaint::dead_end("add `next = \"STEP\"`, or leave out `seconds` to ring for ever"))
        }
        (None, Some(_)) => Err(Complaint::about(
            "next",
            "`next` of a step that rings for ever is never reached",
            "add `seconds = N`, or leave out `next`",
        )),
    }
}

#[derive(Debug)]
struct Ring {
    /// How long, and what then; `None`: for ever.
    on: Option<(Duration, String)>,
}

impl Node for Ring {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        scene.ring();
        match &self.on {
            Some((span, _)) => scene.wait(*span),
            None => scene.stay(),
        }
        Next::Stay
    }

    fn elapsed(&self, _scene: &mut Scene<'_>) -> Next {
        self.on.as_ref().map_or(Next::Stay, |(_, next)| Next::Go(next.clone()))
    }

    fn serves_text(&self) -> bool {
        false
    }
}
