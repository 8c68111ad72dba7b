//! `ask`: an answer in the customer's own words.

use crate::datum::Datum;
use crate::given::Given;
use crate::node::{Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::nodes::usual;
use crate::scene::{Asking, Scene};
use crate::words::{plain, says};

/// See the help.
pub const KIND: Kind = Kind {
    name: "ask",
    title: Help { en: "Ask", zh: "提问" },
    media: Media::VoiceAndText,
    help: Help {
        en: "Asks a question and puts the answer, spoken or written, into a variable: in the customer's own words, or, with `answers`, as the value whose words are in it. Speaking stops the prompts.",
        zh: "提问并把回答（说出或打字）存入变量：可以是客户的原话；若写了 `answers`，则存入与词语匹配的值。客户开口说话会打断提示音。",
    },
    params: &[
        Param {
            name: "answers",
            takes: Takes::Answers,
            required: false,
            help: Help {
                en: "Values and the words that mean them. What has none of them, or those of several, is no match.",
                zh: "各个值及其对应的词语。没有匹配或匹配多个时视为无效。",
            },
        },
        Param {
            name: "into",
            takes: Takes::Into { hidden: false },
            required: true,
            help: Help { en: "The variable that gets the answer.", zh: "存入回答的变量。" },
        },
        usual::NEXT_ANSWERED,
        usual::NO_INPUT,
        usual::NO_MATCH,
        usual::PROMPTS,
    ],
    example: r#"[steps.which_product]
kind = "ask"
prompts = "choices"
into = "product"
answers = { phone = ["phone", "mobile", "手机"], router = ["router", "wifi", "路由器"] }
no_input = { timeout = 8, times = 1, prompt = "again", then = "to_support" }
no_match = { times = 1, prompt = "wrong", then = "to_support" }
next = "thanks"

[steps.thanks]
kind = "say"
text = { en = "So it is about your {product}.", zh = "好的，是关于{product}的问题。" }
next = "to_support"

[steps.to_support]
kind = "queue"
queue = "support"
"#,
    make,
};

fn make(given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    Ok(Box::new(Ask {
        answers: given.answers("answers"),
        into: given.text("into").unwrap_or_default(),
        next: given.step("next").unwrap_or_default(),
        asking: Asking { speech: true, ..Asking::take(given) },
    }))
}

#[derive(Debug)]
struct Ask {
    asking: Asking,
    answers: Vec<(String, Vec<String>)>,
    into: String,
    next: String,
}

impl Ask {
    fn answer(&self, scene: &mut Scene<'_>, text: &str) -> Next {
        let text = text.trim();
        let heard =
            if self.answers.is_empty() { Some(text).filter(|t| !t.is_empty()) } else { self.meant(text) };
        let Some(heard) = heard.map(str::to_owned) else { return self.asking.miss(scene) };
        scene.put(&self.into, &Datum::text(&heard));
        Next::Go(self.next.clone())
    }

    /// The value that is meant; `None` when none or several are.
    fn meant(&self, text: &str) -> Option<&str> {
        let text = plain(text);
        let mut meant = self.answers.iter().filter(|(value, words)| {
            says(&text, &plain(value)) || words.iter().any(|word| says(&text, &plain(word)))
        });
        let value = meant.next().map(|(value, _)| value.as_str())?;
        meant.next().is_none().then_some(value)
    }
}

impl Node for Ask {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        self.asking.begin(scene, [])
    }

    fn played(&self, scene: &mut Scene<'_>) -> Next {
        self.asking.asked(scene)
    }

    fn speaking(&self, scene: &mut Scene<'_>) -> Next {
        self.asking.speaking(scene)
    }

    fn said(&self, scene: &mut Scene<'_>, text: &str) -> Next {
        self.answer(scene, text)
    }

    fn text(&self, scene: &mut Scene<'_>, text: &str) -> Next {
        self.answer(scene, text)
    }

    fn elapsed(&self, scene: &mut Scene<'_>) -> Next {
        self.asking.silence(scene)
    }
}
