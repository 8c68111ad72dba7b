//! `transcribe`: listens and writes down.

use crate::given::Given;
use crate::io::Out;
use crate::node::{Complaint, Help, Kind, Media, Next, Node};
use crate::scene::Scene;

/// See the help.
pub const KIND: Kind = Kind {
    name: "transcribe",
    title: Help { en: "Transcribe", zh: "转写" },
    media: Media::Voice,
    help: Help {
        en: "Says nothing and writes down what the caller says until they hang up.",
        zh: "不播放任何声音，把主叫说的话实时转写成文字，直到挂断。",
    },
    params: &[],
    example: r#"[steps.dictation]
kind = "transcribe"
"#,
    make,
};

fn make(_given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    Ok(Box::new(Transcribe))
}

#[derive(Debug)]
struct Transcribe;

impl Node for Transcribe {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        scene.answer();
        scene.order(Out::Transcribe);
        scene.stay();
        Next::Stay
    }

    fn serves_text(&self) -> bool {
        false
    }
}
