//! `play`: says prompts or plays a sound, once or for ever.

use crate::given::Given;
use crate::io::Tone;
use crate::node::{By, Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::scene::Scene;

/// See the help.
pub const KIND: Kind = Kind {
    name: "play",
    title: Help { en: "Play", zh: "播放" },
    media: Media::VoiceAndText,
    help: Help {
        en: "Says prompts (sends them, in a chat), or plays a built-in sound: once and then on to `next`, or `forever` without gaps. A tone or `forever` is for calls only.",
        zh: "播放提示音（在聊天中则发送文字）或内置声音：播放一次后进入 `next`，或用 `forever` 无间隙循环播放。内置声音和 `forever` 仅用于电话。",
    },
    params: &[
        Param {
            name: "forever",
            takes: Takes::Flag,
            required: false,
            help: Help {
                en: "`true`: again and again until the caller hangs up.",
                zh: "`true`：循环播放，直到主叫挂断。",
            },
        },
        Param {
            name: "next",
            takes: Takes::Step(By::Itself),
            required: false,
            help: Help {
                en: "The step that follows; needed unless `forever`.",
                zh: "下一个步骤；除非 `forever`，否则必须写。",
            },
        },
        Param {
            name: "prompts",
            takes: Takes::Prompts,
            required: false,
            help: Help {
                en: "What is said. Either this or `tone`.", zh: "播放的提示音。与 `tone` 二选一。"
            },
        },
        Param {
            name: "tone",
            takes: Takes::Tone,
            required: false,
            help: Help {
                en: "A built-in sound: `ringback`, `music` or `busy`.",
                zh: "内置声音：`ringback`（回铃音）、`music`（音乐）或 `busy`（忙音）。",
            },
        },
    ],
    example: r#"[steps.greeting]
kind = "play"
prompts = ["hello", "wait"]
next = "on_and_on"

[steps.on_and_on]
kind = "play"
tone = "music"
forever = true
"#,
    make,
};

fn make(given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    let sound = match (given.prompts("prompts"), given.tone("tone")) {
        (prompts, None) if !prompts.is_empty() => What::Prompts(prompts),
        (prompts, Some(tone)) if prompts.is_empty() => What::Tone(tone),
        (_, None) => {
            return Err(Complaint {
                param: None,
                found: "a step that plays nothing".to_owned(),
                right: "add `prompts = \"PROMPT\"` or `tone = \"music\"`".to_owned(),
            });
        }
        (_, Some(_)) => {
            return Err(Complaint::about(
                "tone",
                "both `prompts` and `tone`",
                "one of them; use two steps for both",
            ));
        }
    };
    match (given.flag("forever").unwrap_or_default(), given.step("next")) {
        (true, None) => Ok(Box::new(Play { sound, next: None })),
        (false, Some(next)) => Ok(Box::new(Play { sound, next: Some(next) })),
        (false, None) => Err(Complaint::dead_end("add `next = \"STEP\"` or `forever = true`")),
        (true, Some(_)) => Err(Complaint::about(
            "next",
            "`next` of a step that plays for ever is never reached",
            "leave out `next` or `forever`",
        )),
    }
}

#[derive(Debug)]
struct Play {
    sound: What,
    /// `None`: for ever.
    next: Option<String>,
}

#[derive(Debug)]
enum What {
    Prompts(Vec<String>),
    Tone(Tone),
}

impl Node for Play {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        scene.answer();
        let Some(next) = &self.next else {
            match &self.sound {
                What::Prompts(prompts) => scene.repeat(prompts, None),
                What::Tone(tone) => scene.repeat([], Some(*tone)),
            }
            scene.stay();
            return Next::Stay;
        };
        let waits = match &self.sound {
            What::Prompts(prompts) => scene.say(prompts),
            What::Tone(tone) => scene.sound(*tone),
        };
        if waits { Next::Stay } else { Next::Go(next.clone()) }
    }

    fn played(&self, _scene: &mut Scene<'_>) -> Next {
        self.next.as_ref().map_or(Next::Stay, |next| Next::Go(next.clone()))
    }

    fn serves_text(&self) -> bool {
        matches!((&self.sound, &self.next), (What::Prompts(_), Some(_)))
    }
}
