//! `wait`: does nothing for a while.

use crate::given::Given;
use crate::node::{By, Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::nodes::usual::Lasting;
use crate::scene::Scene;

/// See the help.
pub const KIND: Kind = Kind {
    name: "wait",
    title: Help { en: "Wait", zh: "等待" },
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
    Ok(Box::new(Wait(Lasting::take(given)?)))
}

#[derive(Debug)]
struct Wait(Lasting);

impl Node for Wait {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        scene.answer();
        self.0.begin(scene, None)
    }

    fn elapsed(&self, _scene: &mut Scene<'_>) -> Next {
        self.0.over(Next::Stay)
    }
}
