//! `callback`: calls the customer back instead of letting them wait.

use kernel::QueueName;

use crate::datum::{Datum, Type};
use crate::expr::Expr;
use crate::given::Given;
use crate::io::{FlowEnd, Out};
use crate::node::{By, Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::nodes::usual;
use crate::scene::Scene;

/// Shortest number that can be dialled, and the longest (E.164 has 15 digits; a house may have prefixes).
const NUMBER: std::ops::RangeInclusive<usize> = 3..=20;

/// See the help.
pub const KIND: Kind = Kind {
    name: "callback",
    title: Help { en: "Call back", zh: "回拨" },
    media: Media::VoiceAndText,
    help: Help {
        en: "Notes that the customer wants to be called back. They keep the place that they have in the queue (when a key of the `queue` step led here), or get one now; an agent's turn comes as if they waited, and then their number is dialled.",
        zh: "登记回拨。客户保留在队列中的位置（从 `queue` 步骤按键进入时），否则从现在开始排队；轮到时先接通坐席，再拨打客户的号码。",
    },
    params: &[
        Param {
            name: "failed",
            takes: Takes::Step(By::Itself),
            required: false,
            help: Help {
                en: "The step that follows when there is no number that can be dialled. Without it: the end.",
                zh: "没有可拨打的号码时的步骤。不写则结束。",
            },
        },
        usual::NEXT_OR_END,
        Param {
            name: "number",
            takes: Takes::Expr(Type::Text),
            required: false,
            help: Help {
                en: "The number; `caller.number` without it.",
                zh: "回拨号码，默认为 `caller.number`。",
            },
        },
        Param {
            name: "priority",
            takes: Takes::Number { min: -100, max: 100 },
            required: false,
            help: Help {
                en: "Higher goes first; 0 without it.", zh: "优先级，数值大者优先，默认 0。"
            },
        },
        Param {
            name: "prompts",
            takes: Takes::Prompts,
            required: false,
            help: Help { en: "Said when it was noted.", zh: "登记后播放的提示音。" },
        },
        Param {
            name: "queue",
            takes: Takes::Queue,
            required: true,
            help: Help { en: "Which queue.", zh: "队列名。" },
        },
    ],
    example: r##"[steps.call_me_back]
kind = "callback"
queue = "support"
prompts = "goodbye"

[steps.to_support]
kind = "queue"
queue = "support"
keys = { "#" = "call_me_back" }

[entries]
here = "call_me_back"
also = "to_support"
"##,
    make,
};

fn make(given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    Ok(Box::new(Callback {
        queue: given.queue("queue").unwrap_or_else(|| QueueName::new("")),
        number: given.expr("number").unwrap_or(Expr::Name("caller.number".to_owned())),
        priority: given.number("priority").and_then(|n| i32::try_from(n).ok()).unwrap_or_default(),
        prompts: given.prompts("prompts"),
        failed: given.step("failed"),
        next: given.step("next"),
    }))
}

#[derive(Debug)]
struct Callback {
    queue: QueueName,
    number: Expr,
    priority: i32,
    prompts: Vec<String>,
    failed: Option<String>,
    next: Option<String>,
}

/// Digits, perhaps after a `+`; what people write between them is left out.
pub(super) fn dialable(number: &Datum) -> Option<String> {
    let Datum::Text(text) = number else { return None };
    let text = text.trim();
    let plus = if text.starts_with('+') { "+" } else { "" };
    let digits: String = text.chars().filter(|c| !" -./()+".contains(*c)).collect();
    let good = digits.bytes().all(|b| b.is_ascii_digit()) && NUMBER.contains(&digits.len());
    good.then(|| format!("{plus}{digits}"))
}

impl Node for Callback {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        let Some(number) = dialable(&scene.value(&self.number)) else {
            return Next::go_or_end(self.failed.as_ref(), FlowEnd::Finished);
        };
        scene.answer();
        scene.order(Out::RequestCallback {
            number: number.into(),
            queue: self.queue.clone(),
            priority: self.priority,
        });
        if scene.say(&self.prompts) { Next::Stay } else { self.played(scene) }
    }

    fn played(&self, _scene: &mut Scene<'_>) -> Next {
        Next::go_or_end(self.next.as_ref(), FlowEnd::Finished)
    }
}
