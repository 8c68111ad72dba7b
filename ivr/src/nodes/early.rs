//! `early`: speaks before the call is answered.

use crate::given::Given;
use crate::node::{By, Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::scene::Scene;

/// See the help.
pub const KIND: Kind = Kind {
    name: "early",
    title: Help { en: "Early media", zh: "早期媒体" },
    media: Media::Voice,
    help: Help {
        en: "Says prompts before the call is answered (183, early media), so that they cost the caller nothing; then goes on.",
        zh: "在接听之前播放提示音（183 早期媒体），主叫此时不计费；播放完毕后继续下一步。",
    },
    params: &[
        Param {
            name: "next",
            takes: Takes::Step(By::Itself),
            required: true,
            help: Help { en: "The step that follows.", zh: "下一个步骤。" },
        },
        Param {
            name: "prompts",
            takes: Takes::Prompts,
            required: true,
            help: Help { en: "What is said.", zh: "播放的提示音。" },
        },
    ],
    example: r#"[steps.before_the_answer]
kind = "early"
prompts = "hello"
next = "pick_up"

[steps.pick_up]
kind = "answer"
next = "bye"

[steps.bye]
kind = "hangup"
"#,
    make,
};

fn make(given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    let next = given.step("next").unwrap_or_default();
    Ok(Box::new(Early { prompts: given.prompts("prompts"), next }))
}

#[derive(Debug)]
struct Early {
    prompts: Vec<String>,
    next: String,
}

impl Node for Early {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        scene.early_media();
        if scene.say(&self.prompts) { Next::Stay } else { Next::Go(self.next.clone()) }
    }

    fn played(&self, _scene: &mut Scene<'_>) -> Next {
        Next::Go(self.next.clone())
    }

    fn serves_text(&self) -> bool {
        false
    }
}
