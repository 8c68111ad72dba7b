//! `collect`: digits.

use std::time::Duration;

use crate::datum::Datum;
use crate::given::Given;
use crate::io::Shield;
use crate::node::{Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::nodes::usual;
use crate::scene::{Asking, Scene};

/// Between two keys, when the step does not say.
const BETWEEN: Duration = Duration::from_secs(4);

/// The most digits that are taken; a shared parameter.
pub(super) const BETWEEN_PARAM: Param = Param {
    name: "between",
    takes: Takes::Seconds { min: 1, max: 30 },
    required: false,
    help: Help {
        en: "Seconds after the last key until the digits count as complete; 4 without it.",
        zh: "最后一个按键之后多少秒视为输入完成，默认 4 秒。",
    },
};

/// The key that ends the digits.
pub(super) const TERMINATOR: Param = Param {
    name: "terminator",
    takes: Takes::Choice(&["#", "*", "none"]),
    required: false,
    help: Help {
        en: "The key that ends the digits; `#` without it. The other of `*` and `#` begins them anew.",
        zh: "结束输入的键，默认 `#`；另一个键（`*` 或 `#`）清除并重新输入。",
    },
};

/// See the help.
pub const KIND: Kind = Kind {
    name: "collect",
    title: Help { en: "Collect digits", zh: "收集数字" },
    media: Media::VoiceAndText,
    help: Help {
        en: "Asks for digits and puts them into a variable. They are complete when there are `max`, at the `terminator`, or a while after the last one. In a chat the customer writes them. For cards and PINs there is `secure_collect`.",
        zh: "请客户输入数字并存入变量。达到 `max` 位、按下 `terminator` 或停顿一段时间后完成。聊天中由客户打字。银行卡和密码请用 `secure_collect`。",
    },
    params: &[
        BETWEEN_PARAM,
        Param {
            name: "into",
            takes: Takes::Into { hidden: false },
            required: true,
            help: Help { en: "The variable that gets them.", zh: "存入的变量。" },
        },
        Param {
            name: "mask",
            takes: Takes::Flag,
            required: false,
            help: Help {
                en: "`true`: the keys do not stand in the record of the call.",
                zh: "`true`：按键不写入通话记录。",
            },
        },
        Param {
            name: "max",
            takes: Takes::Number { min: 1, max: 64 },
            required: false,
            help: Help { en: "Most digits; 20 without it.", zh: "最多位数，默认 20。" },
        },
        Param {
            name: "min",
            takes: Takes::Number { min: 1, max: 64 },
            required: false,
            help: Help { en: "Fewest digits; 1 without it.", zh: "最少位数，默认 1。" },
        },
        usual::NEXT_ANSWERED,
        usual::NO_INPUT,
        usual::NO_MATCH,
        usual::PROMPTS,
        TERMINATOR,
    ],
    example: r##"[steps.which_order]
kind = "collect"
prompts = "choices"
into = "order"
min = 4
max = 8
no_input = { timeout = 6, times = 1, prompt = "again", then = "bye" }
no_match = { times = 2, prompt = "wrong", then = "bye" }
next = "read_back"

[steps.read_back]
kind = "say"
text = { en = "Order {order:digits}.", zh = "订单号{order:digits}。" }
next = "bye"

[steps.bye]
kind = "hangup"
prompts = "goodbye"
"##,
    make,
};

/// How digits are taken; `secure_collect` does it in the same way.
#[derive(Debug)]
pub(super) struct Digits {
    pub(super) asking: Asking,
    min: usize,
    max: usize,
    terminator: Option<char>,
    between: Duration,
}

impl Digits {
    pub(super) fn take(given: &mut Given, (least, most): (i64, i64)) -> Result<Self, Complaint> {
        let terminator = given.text("terminator");
        let (min, max) = (given.number("min").unwrap_or(least), given.number("max").unwrap_or(most));
        if min > max {
            return Err(Complaint::about("min", "`min` is more than `max`", "at most as many as `max`"));
        }
        let count = |n: i64| usize::try_from(n).unwrap_or(1);
        Ok(Self {
            asking: Asking::take(given),
            min: count(min),
            max: count(max),
            terminator: match terminator.as_deref() {
                Some("none") => None,
                Some("*") => Some('*'),
                _ => Some('#'),
            },
            between: given.seconds("between").unwrap_or(BETWEEN),
        })
    }

    /// A key: the digits, when they are complete with it.
    pub(super) fn key(&self, scene: &mut Scene<'_>, key: char) -> Option<String> {
        if !self.asking.hush(scene) {
            return None;
        }
        if Some(key) == self.terminator {
            return Some(self.typed(scene));
        }
        if key.is_ascii_digit() {
            scene.type_key(key);
        } else {
            scene.forget_typed();
        }
        if scene.typed().len() >= self.max {
            return Some(self.typed(scene));
        }
        scene.wait(self.between);
        None
    }

    /// What was typed; forgotten with this.
    pub(super) fn typed(&self, scene: &mut Scene<'_>) -> String {
        let typed = scene.typed().to_owned();
        scene.forget_typed();
        typed
    }

    pub(super) fn fits(&self, digits: &str) -> bool {
        (self.min..=self.max).contains(&digits.len())
    }
}

fn make(given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    Ok(Box::new(Collect {
        digits: Digits::take(given, (1, 20))?,
        into: given.text("into").unwrap_or_default(),
        mask: given.flag("mask").unwrap_or(false),
        next: given.step("next").unwrap_or_default(),
    }))
}

#[derive(Debug)]
struct Collect {
    digits: Digits,
    into: String,
    mask: bool,
    next: String,
}

impl Collect {
    fn take(&self, scene: &mut Scene<'_>, digits: &str) -> Next {
        if !self.digits.fits(digits) {
            return self.digits.asking.miss(scene);
        }
        scene.put(&self.into, &Datum::text(digits));
        Next::Go(self.next.clone())
    }
}

impl Node for Collect {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        if self.mask {
            scene.answer();
            scene.shield(Shield::Keys);
        }
        self.digits.asking.begin(scene, [])
    }

    fn played(&self, scene: &mut Scene<'_>) -> Next {
        self.digits.asking.asked(scene)
    }

    fn digit(&self, scene: &mut Scene<'_>, key: char) -> Next {
        match self.digits.key(scene, key) {
            Some(digits) => self.take(scene, &digits),
            None => Next::Stay,
        }
    }

    fn text(&self, scene: &mut Scene<'_>, text: &str) -> Next {
        let digits: String = text
            .chars()
            .filter_map(|c| c.to_digit(10).or_else(|| full_width(c)))
            .filter_map(|d| char::from_digit(d, 10))
            .take(65)
            .collect();
        self.take(scene, &digits)
    }

    fn elapsed(&self, scene: &mut Scene<'_>) -> Next {
        if scene.typed().is_empty() {
            return self.digits.asking.silence(scene);
        }
        let digits = self.digits.typed(scene);
        self.take(scene, &digits)
    }
}

/// １ is what a Chinese keyboard may write.
fn full_width(c: char) -> Option<u32> {
    matches!(c, '０'..='９').then(|| u32::from(c) - u32::from('０'))
}
