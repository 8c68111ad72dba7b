//! `answer`: takes the call.

use crate::given::Given;
use crate::node::{By, Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::scene::Scene;

/// See the help.
pub const KIND: Kind = Kind {
    name: "answer",
    title: Help { en: "Answer", zh: "接听" },
    media: Media::VoiceAndText,
    help: Help {
        en: "Takes the call and goes on. Steps that need sound do this by themselves when it was not done before.",
        zh: "接听来电，然后继续下一步。需要播放或收听声音的步骤会自动接听，因此多数情况下不必单独写出。",
    },
    params: &[Param {
        name: "next",
        takes: Takes::Step(By::Itself),
        required: true,
        help: Help { en: "The step that follows.", zh: "下一个步骤。" },
    }],
    example: r#"[steps.pick_up]
kind = "answer"
next = "listen"

[steps.listen]
kind = "transcribe"
"#,
    make,
};

fn make(given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    let next = given.step("next").unwrap_or_default();
    Ok(Box::new(Answer { next }))
}

#[derive(Debug)]
struct Answer {
    next: String,
}

impl Node for Answer {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        scene.answer();
        Next::Go(self.next.clone())
    }
}
