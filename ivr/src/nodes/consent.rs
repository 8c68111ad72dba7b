//! `consent`: a yes or a no that is kept.

use crate::given::Given;
use crate::io::Out;
use crate::node::{By, Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::nodes::usual;
use crate::scene::{Asking, Scene};
use crate::words::{plain, says};

/// Keys and words that mean yes, and no.
const YES: (char, [&str; 6]) = ('1', ["yes", "agree", "ok", "是", "同意", "可以"]);
const NO: (char, [&str; 5]) = ('2', ["no", "disagree", "refuse", "不", "否"]);

/// See the help.
pub const KIND: Kind = Kind {
    name: "consent",
    title: Help { en: "Consent", zh: "征得同意" },
    media: Media::VoiceAndText,
    help: Help {
        en: "Asks whether the customer agrees to something: key 1 or a yes, key 2 or a no. What they answered, to which wording, stands in the record.",
        zh: "询问客户是否同意某事：按 1 或回答“同意”，按 2 或回答“不同意”。回答及对应的提示文字写入记录。",
    },
    params: &[
        Param {
            name: "given",
            takes: Takes::Step(By::People),
            required: true,
            help: Help { en: "The step that follows a yes.", zh: "同意后的步骤。" },
        },
        usual::NO_INPUT,
        usual::NO_MATCH,
        usual::PROMPTS,
        Param {
            name: "refused",
            takes: Takes::Step(By::People),
            required: true,
            help: Help { en: "The step that follows a no.", zh: "不同意后的步骤。" },
        },
        Param {
            name: "to",
            takes: Takes::Text,
            required: true,
            help: Help {
                en: "What it is about, for the record, such as `recording`.",
                zh: "同意的事项，例如 `recording`。",
            },
        },
    ],
    example: r#"[steps.may_we]
kind = "consent"
to = "recording"
prompts = "choices"
given = "to_support"
refused = "bye"

[steps.to_support]
kind = "queue"
queue = "support"

[steps.bye]
kind = "hangup"
prompts = "goodbye"
"#,
    make,
};

fn make(given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    Ok(Box::new(Consent {
        to: given.text("to").unwrap_or_default(),
        given: given.step("given").unwrap_or_default(),
        refused: given.step("refused").unwrap_or_default(),
        asking: Asking { speech: true, ..Asking::take(given) },
    }))
}

#[derive(Debug)]
struct Consent {
    asking: Asking,
    to: String,
    given: String,
    refused: String,
}

impl Consent {
    fn answered(&self, scene: &mut Scene<'_>, yes: bool) -> Next {
        let answer = if yes { "given" } else { "refused" };
        let detail =
            [("to", self.to.as_str()), ("answer", answer), ("wording", &self.asking.prompts.join(","))];
        let detail = detail.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        scene.order(Out::Note { code: "consent".to_owned(), detail });
        Next::Go(if yes { &self.given } else { &self.refused }.clone())
    }

    fn words(&self, scene: &mut Scene<'_>, text: &str) -> Next {
        let text = plain(text);
        let has = |(key, words): (char, &[&str])| {
            text.chars().eq([key]) || words.iter().any(|word| says(&text, word))
        };
        // "不同意" has both in it: a no is a no.
        match (has((YES.0, &YES.1)), has((NO.0, &NO.1))) {
            (_, true) => self.answered(scene, false),
            (true, false) => self.answered(scene, true),
            (false, false) => self.asking.miss(scene),
        }
    }
}

impl Node for Consent {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        self.asking.begin(scene, [])
    }

    fn played(&self, scene: &mut Scene<'_>) -> Next {
        self.asking.asked(scene)
    }

    fn digit(&self, scene: &mut Scene<'_>, key: char) -> Next {
        if !self.asking.hush(scene) {
            return Next::Stay;
        }
        match key {
            '1' => self.answered(scene, true),
            '2' => self.answered(scene, false),
            _ => self.asking.miss(scene),
        }
    }

    fn speaking(&self, scene: &mut Scene<'_>) -> Next {
        self.asking.speaking(scene)
    }

    fn said(&self, scene: &mut Scene<'_>, text: &str) -> Next {
        self.words(scene, text)
    }

    fn text(&self, scene: &mut Scene<'_>, text: &str) -> Next {
        self.words(scene, text)
    }

    fn elapsed(&self, scene: &mut Scene<'_>) -> Next {
        self.asking.silence(scene)
    }
}
