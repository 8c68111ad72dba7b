//! `survey`: how it was.

use crate::given::Given;
use crate::io::{FlowEnd, Out};
use crate::node::{Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::nodes::usual;
use crate::scene::{Asking, Scene};
use crate::words::plain;

/// See the help.
pub const KIND: Kind = Kind {
    name: "survey",
    title: Help { en: "Survey", zh: "满意度" },
    media: Media::VoiceAndText,
    help: Help {
        en: "Asks for a score from 1 to `scale`, by key or in writing, and keeps it with the conversation. Where a `queue` step's `then` leads here, it follows when the agent has hung up.",
        zh: "请客户打分（1 到 `scale`），按键或打字，结果与会话一起保存。用 `queue` 步骤的 `then` 进入，即在坐席挂断后进行。",
    },
    params: &[
        Param {
            name: "name",
            takes: Takes::Text,
            required: true,
            help: Help { en: "What is asked about, for reports.", zh: "调查名称，用于报表。" },
        },
        Param {
            name: "next",
            takes: usual::NEXT_OR_END.takes,
            required: false,
            help: Help {
                en: "The step that follows, with a score or without. Without it: the end.",
                zh: "下一个步骤（无论是否打分）。不写则结束。",
            },
        },
        Param {
            name: "prompts",
            takes: Takes::Prompts,
            required: true,
            help: Help { en: "The question.", zh: "提问的提示音。" },
        },
        Param {
            name: "scale",
            takes: Takes::Number { min: 2, max: 9 },
            required: false,
            help: Help { en: "The best score; 5 without it.", zh: "最高分，默认 5。" },
        },
        Param {
            name: "thanks",
            takes: Takes::Prompts,
            required: false,
            help: Help { en: "Said after a score.", zh: "打分后的提示音。" },
        },
    ],
    example: r#"[steps.how_was_it]
kind = "survey"
name = "csat"
prompts = "choices"
thanks = "goodbye"

[steps.to_support]
kind = "queue"
queue = "support"
then = "how_was_it"

[entries]
here = "how_was_it"
also = "to_support"
"#,
    make,
};

fn make(given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    Ok(Box::new(Survey {
        name: given.text("name").unwrap_or_default(),
        scale: given.number("scale").and_then(|n| u32::try_from(n).ok()).unwrap_or(5),
        thanks: given.prompts("thanks"),
        next: given.step("next"),
        asking: Asking::take(given),
    }))
}

#[derive(Debug)]
struct Survey {
    asking: Asking,
    name: String,
    scale: u32,
    thanks: Vec<String>,
    next: Option<String>,
}

impl Survey {
    fn done(&self) -> Next {
        Next::go_or_end(self.next.as_ref(), FlowEnd::Finished)
    }

    /// Who does not want to be asked is not asked for ever: twice, and that was it.
    fn again(&self, scene: &mut Scene<'_>) -> Next {
        match self.asking.miss(scene) {
            Next::End(_) => self.done(),
            next => next,
        }
    }

    fn score(&self, scene: &mut Scene<'_>, score: Option<u32>) -> Next {
        let Some(score) = score.filter(|score| (1..=self.scale).contains(score)) else {
            return self.again(scene);
        };
        let detail =
            [("name", self.name.clone()), ("score", score.to_string()), ("scale", self.scale.to_string())];
        let detail = detail.map(|(name, value)| (name.to_owned(), value)).into();
        scene.order(Out::Note { code: "survey".to_owned(), detail });
        scene.stop_waiting();
        scene.progress.memory.phase = 1;
        if scene.say(&self.thanks) { Next::Stay } else { self.done() }
    }
}

impl Node for Survey {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        self.asking.begin(scene, [])
    }

    fn played(&self, scene: &mut Scene<'_>) -> Next {
        if scene.progress.memory.phase == 1 { self.done() } else { self.asking.asked(scene) }
    }

    fn digit(&self, scene: &mut Scene<'_>, key: char) -> Next {
        if scene.progress.memory.phase == 1 || !self.asking.hush(scene) {
            return Next::Stay;
        }
        self.score(scene, key.to_digit(10))
    }

    fn text(&self, scene: &mut Scene<'_>, text: &str) -> Next {
        let score = plain(text).chars().find_map(|c| c.to_digit(10));
        self.score(scene, score)
    }

    fn elapsed(&self, scene: &mut Scene<'_>) -> Next {
        match self.asking.silence(scene) {
            Next::End(_) => self.done(),
            next => next,
        }
    }
}
