//! `menu`: the customer chooses.

use crate::given::Given;
use crate::node::{Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::scene::{Asking, Scene};
use crate::words::{plain, says};

/// See the help.
pub const KIND: Kind = Kind {
    name: "menu",
    title: Help { en: "Menu", zh: "菜单" },
    media: Media::VoiceAndText,
    help: Help {
        en: "Says prompts and waits for a key. A key pressed while the prompts are said stops them and counts at once. When nothing comes, or a key that leads nowhere, the prompts are said again, and in the end the customer is led on. In a chat the prompts are sent, and the customer writes the key or a word for it.",
        zh: "播放提示音并等待按键。播放过程中按键会立即打断提示音并生效。没有按键或按了无效键时会重播提示音，多次之后转到指定步骤。聊天中发送提示文字，客户回复按键数字或对应的词语。",
    },
    params: &[
        Param {
            name: "barge_in",
            takes: Takes::Flag,
            required: false,
            help: Help {
                en: "`false`: keys pressed while the prompts are said do not count.",
                zh: "`false`：播放提示音时的按键无效。默认有效。",
            },
        },
        Param {
            name: "intro",
            takes: Takes::Prompts,
            required: false,
            help: Help {
                en: "Said before the prompts, the first time only.",
                zh: "第一次播放菜单前的提示音，重播时不再播放。",
            },
        },
        Param {
            name: "keys",
            takes: Takes::Keys,
            required: true,
            help: Help {
                en: "Keys (`0` to `9`, `*`, `#`) and the step each leads to.",
                zh: "按键（`0` 到 `9`、`*`、`#`）以及各键通往的步骤。",
            },
        },
        Param {
            name: "no_input",
            takes: Takes::Retry { silence: true },
            required: false,
            help: Help {
                en: "When nothing comes: `timeout` seconds after the prompts (5; in a chat at least 300), up to `times` (2) the `prompt` and the prompts are said again, and `then` that step follows, or the end.",
                zh: "没有按键时：提示音结束 `timeout` 秒后（默认 5 秒，聊天中至少 300 秒）播放 `prompt` 并重播菜单，最多 `times` 次（默认 2 次），之后进入 `then`，不写则结束。",
            },
        },
        Param {
            name: "no_match",
            takes: Takes::Retry { silence: false },
            required: false,
            help: Help {
                en: "When a key (or message) leads nowhere: `times`, `prompt` and `then` as for `no_input`.",
                zh: "按键（或消息）无效时：`times`、`prompt`、`then` 的含义同 `no_input`。",
            },
        },
        Param {
            name: "prompts",
            takes: Takes::Prompts,
            required: true,
            help: Help { en: "What can be chosen.", zh: "说明可选项的提示音。" },
        },
        Param {
            name: "speech",
            takes: Takes::Flag,
            required: false,
            help: Help {
                en: "`true`: spoken `words` choose as well, and speaking stops the prompts.",
                zh: "`true`：说出 `words` 中的词语也可以选择，开口说话会打断提示音。",
            },
        },
        Param {
            name: "words",
            takes: Takes::Words,
            required: false,
            help: Help {
                en: "Words that mean a key when they are written (and, with `speech`, when they are said).",
                zh: "聊天中可代替按键的词语（设置 `speech` 后也可以说出）。",
            },
        },
    ],
    example: r#"[steps.choose]
kind = "menu"
prompts = "choices"
no_input = { timeout = 6, times = 1, prompt = "again", then = "bye" }
no_match = { times = 2, prompt = "wrong", then = "bye" }

[steps.choose.keys]
1 = "to_sales"
2 = "to_support"

[steps.choose.words]
1 = ["sales", "buy", "销售"]
2 = ["support", "help", "支持"]

[steps.to_sales]
kind = "queue"
queue = "sales"

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
    let keys = given.keys("keys");
    let words = given.words("words");
    if let Some((key, _)) = words.iter().find(|(key, _)| !keys.iter().any(|(k, _)| k == key)) {
        let found = format!("words for key `{key}`, which leads nowhere");
        return Err(Complaint::about("words", &found, "words for keys that are in `keys`"));
    }
    let speech = given.flag("speech").unwrap_or(false);
    if speech && words.is_empty() {
        return Err(Complaint::about("speech", "`speech` without `words`", "`words` that mean the keys"));
    }
    Ok(Box::new(Menu {
        intro: given.prompts("intro"),
        keys,
        words,
        asking: Asking { speech, ..Asking::take(given) },
    }))
}

#[derive(Debug)]
struct Menu {
    asking: Asking,
    intro: Vec<String>,
    keys: Vec<(char, String)>,
    words: Vec<(char, Vec<String>)>,
}

impl Menu {
    fn choose(&self, scene: &mut Scene<'_>, key: Option<char>) -> Next {
        match self.keys.iter().find(|(k, _)| Some(*k) == key) {
            Some((_, step)) => Next::Go(step.clone()),
            None => self.asking.miss(scene),
        }
    }

    /// The key that a message means; `None` when it means none or several.
    fn key_of(&self, text: &str) -> Option<char> {
        let text = plain(text);
        let mut letters = text.chars();
        if let (Some(only), None) = (letters.next(), letters.next())
            && self.keys.iter().any(|(key, _)| *key == only)
        {
            return Some(only);
        }
        let mut meant =
            self.words.iter().filter(|(_, words)| words.iter().any(|word| says(&text, &plain(word))));
        let key = meant.next()?.0;
        meant.next().is_none().then_some(key)
    }
}

impl Node for Menu {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        self.asking.begin(scene, &self.intro)
    }

    fn played(&self, scene: &mut Scene<'_>) -> Next {
        self.asking.asked(scene)
    }

    fn digit(&self, scene: &mut Scene<'_>, key: char) -> Next {
        if !self.asking.hush(scene) {
            return Next::Stay;
        }
        self.choose(scene, Some(key))
    }

    fn speaking(&self, scene: &mut Scene<'_>) -> Next {
        self.asking.speaking(scene)
    }

    fn said(&self, scene: &mut Scene<'_>, text: &str) -> Next {
        self.choose(scene, self.key_of(text))
    }

    fn text(&self, scene: &mut Scene<'_>, text: &str) -> Next {
        self.choose(scene, self.key_of(text))
    }

    fn elapsed(&self, scene: &mut Scene<'_>) -> Next {
        self.asking.silence(scene)
    }
}
