//! `wait`: does nothing for a while.

use std::time::Duration;

use crate::given::Given;
use crate::node::{By, Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::scene::Scene;

/// See the help.
pub const KIND: Kind = Kind {
    name: "wait",
    media: Media::VoiceAndText,
    help: Help {
        en: "Takes the call and is silent: for some seconds and then on to `next`, or until the customer leaves.",
        zh: "接听后保持安静：若干秒后进入 `next`，不写 `seconds` 则一直保持到客户离开。",
    },
    params: &[
        Param {
            name: "next",
            takes: Takes::Step(By::Itself),
            required: false,
            help: Help {
                en: "The step that follows when the seconds are over.", zh: "时间到后的步骤。"
            },
        },
        Param {
            name: "seconds",
            takes: Takes::Seconds { min: 1, max: 600 },
            required: false,
            help: Help {
                en: "How long. Without it: until the customer leaves.",
                zh: "时长（秒）。不写则直到客户离开。",
            },
        },
    ],
    example: r#"[steps.pause]
kind = "wait"
seconds = 2
next = "bye"

[steps.bye]
kind = "hangup"
prompts = "goodbye"
"#,
    make,
};

fn make(given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    match (given.seconds("seconds"), given.step("next")) {
        (Some(span), Some(next)) => Ok(Box::new(Wait { on: Some((span, next)) })),
        (None, None) => Ok(Box::new(Wait { on: None })),
        (Some(_), None) => {
            Err(Complaint::dead_end("add `next = \"STEP\"`, or leave out `seconds` to wait for ever"))
        }
        (None, Some(_)) => Err(Complaint::about(
            "next",
            "`next` of a step that waits for ever is never reached",
            "add `seconds = N`, or leave out `next`",
        )),
    }
}

#[derive(Debug)]
struct Wait {
    /// How long, and what then; `None`: for ever.
    on: Option<(Duration, String)>,
}

impl Node for Wait {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        scene.answer();
        match &self.on {
            Some((span, _)) => scene.wait(*span),
            None => scene.stay(),
        }
        Next::Stay
    }

    fn elapsed(&self, _scene: &mut Scene<'_>) -> Next {
        self.on.as_ref().map_or(Next::Stay, |(_, next)| Next::Go(next.clone()))
    }
}
