//! `language`: the customer chose a language.

use kernel::Lang;

use crate::given::Given;
use crate::node::{By, Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::scene::Scene;

/// See the help.
pub const KIND: Kind = Kind {
    name: "language",
    title: Help { en: "Language", zh: "语言" },
    media: Media::VoiceAndText,
    help: Help {
        en: "From here on prompts are in this language, and speech is recognised in it.",
        zh: "从此处起，提示音和语音识别都改用该语言。",
    },
    params: &[
        Param {
            name: "next",
            takes: Takes::Step(By::Itself),
            required: true,
            help: Help { en: "The step that follows.", zh: "下一个步骤。" },
        },
        Param {
            name: "set",
            takes: Takes::Lang,
            required: true,
            help: Help {
                en: "The language: `en` or `zh`.", zh: "语言：`en`（英语）或 `zh`（中文）。"
            },
        },
    ],
    example: r#"[steps.in_chinese]
kind = "language"
set = "zh"
next = "bye"

[steps.bye]
kind = "hangup"
prompts = "goodbye"
"#,
    make,
};

fn make(given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    let next = given.step("next").unwrap_or_default();
    Ok(Box::new(Language { set: given.lang("set").unwrap_or_default(), next }))
}

#[derive(Debug)]
struct Language {
    set: Lang,
    next: String,
}

impl Node for Language {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        scene.speak(self.set);
        Next::Go(self.next.clone())
    }
}
