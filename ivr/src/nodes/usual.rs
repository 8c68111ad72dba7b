//! Parameters that many kinds have, with one help for all of them.

use std::time::Duration;

use crate::given::Given;
use crate::node::{By, Complaint, Help, Next, Param, Takes};
use crate::scene::Scene;

/// How long a step lasts that does nothing else, and what then.
#[derive(Debug)]
pub(super) struct Lasting(Option<(Duration, String)>);

impl Lasting {
    /// From `seconds` and `next`, which belong together.
    pub(super) fn take(given: &mut Given) -> Result<Self, Complaint> {
        match (given.seconds("seconds"), given.step("next")) {
            (Some(span), Some(next)) => Ok(Self(Some((span, next)))),
            (None, None) => Ok(Self(None)),
            (Some(_), None) => Err(Complaint::dead_end(
                "add `next = \"STEP\"`, or leave out `seconds` to last until the customer leaves",
            )),
            (None, Some(_)) => Err(Complaint::about(
                "next",
                "`next` of a step that lasts until the customer leaves is never reached",
                "add `seconds = N`, or leave out `next`",
            )),
        }
    }

    /// It begins. `longest` is how long it lasts when the flow does not say; `None`: for ever.
    pub(super) fn begin(&self, scene: &mut Scene<'_>, longest: Option<Duration>) -> Next {
        match self.0.as_ref().map(|(span, _)| *span).or(longest) {
            Some(span) => scene.wait(span),
            None => scene.stay(),
        }
        Next::Stay
    }

    /// The time is over; `end` follows when the flow says no step.
    pub(super) fn over(&self, end: Next) -> Next {
        self.0.as_ref().map_or(end, |(_, next)| Next::Go(next.clone()))
    }
}

/// The question of a step that asks.
pub(super) const PROMPTS: Param = Param {
    name: "prompts",
    takes: Takes::Prompts,
    required: true,
    help: Help { en: "What is asked.", zh: "提问的提示音。" },
};

/// Silence.
pub(super) const NO_INPUT: Param = Param {
    name: "no_input",
    takes: Takes::Retry { silence: true },
    required: false,
    help: Help {
        en: "When nothing comes: `timeout` seconds after the prompts (5; in a chat at least 300), up to `times` (2) the `prompt` and the prompts are said again, and `then` that step follows, or the end.",
        zh: "没有回答时：提示音结束 `timeout` 秒后（默认 5 秒，聊天中至少 300 秒）播放 `prompt` 并重新提问，最多 `times` 次（默认 2 次），之后进入 `then`，不写则结束。",
    },
};

/// Nonsense.
pub(super) const NO_MATCH: Param = Param {
    name: "no_match",
    takes: Takes::Retry { silence: false },
    required: false,
    help: Help {
        en: "When an answer cannot be used: `times`, `prompt` and `then` as for `no_input`.",
        zh: "回答无效时：`times`、`prompt`、`then` 的含义同 `no_input`。",
    },
};

/// The way on that every customer takes.
pub(super) const NEXT: Param = Param {
    name: "next",
    takes: Takes::Step(By::Itself),
    required: true,
    help: Help { en: "The step that follows.", zh: "下一个步骤。" },
};

/// The way on after an answer.
pub(super) const NEXT_ANSWERED: Param = Param {
    name: "next",
    takes: Takes::Step(By::People),
    required: true,
    help: Help { en: "The step that follows a usable answer.", zh: "得到有效回答后的步骤。" },
};

/// The way on, or the end.
pub(super) const NEXT_OR_END: Param = Param {
    name: "next",
    takes: Takes::Step(By::Itself),
    required: false,
    help: Help {
        en: "The step that follows. Without it: the end.", zh: "下一个步骤。不写则结束。"
    },
};

/// When a server cannot be had.
pub(super) const FAILED: Param = Param {
    name: "failed",
    takes: Takes::Step(By::Itself),
    required: true,
    help: Help {
        en: "The step that follows when no usable answer came in time.",
        zh: "没有及时得到有效应答时的步骤。",
    },
};

/// One attempt.
pub(super) const TIMEOUT: Param = Param {
    name: "timeout",
    takes: Takes::Seconds { min: 1, max: 15 },
    required: false,
    help: Help {
        en: "Seconds for one attempt; 3 without it.", zh: "每次请求的时限（秒），默认 3 秒。"
    },
};

/// Further attempts.
pub(super) const RETRIES: Param = Param {
    name: "retries",
    takes: Takes::Number { min: 0, max: 3 },
    required: false,
    help: Help {
        en: "How often it is tried again when the server cannot be reached or fails (5xx); 1 without it.",
        zh: "连接失败或服务器出错（5xx）时的重试次数，默认 1 次。",
    },
};

/// Headers.
pub(super) const HEADERS: Param = Param {
    name: "headers",
    takes: Takes::Fields,
    required: false,
    help: Help {
        en: "HTTP headers. `{secret.NAME}` stands for a secret of the configuration.",
        zh: "HTTP 请求头。`{secret.名称}` 代表配置中的密钥。",
    },
};
