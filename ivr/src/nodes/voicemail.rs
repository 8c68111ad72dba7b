//! `voicemail`: a message for us.

use std::time::Duration;

use crate::given::Given;
use crate::io::{FlowEnd, Tone};
use crate::node::{Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::nodes::usual;
use crate::scene::Scene;

/// Longest message, when the step does not say.
const MAX: Duration = Duration::from_secs(120);
/// Silence that ends it, when the step does not say.
const SILENCE: Duration = Duration::from_secs(6);

/// How far the step is, as `Memory::phase`.
const PROMPTS: u8 = 0;
const BEEP: u8 = 1;
const RECORDING: u8 = 2;

/// See the help.
pub const KIND: Kind = Kind {
    name: "voicemail",
    title: Help { en: "Voicemail", zh: "留言" },
    media: Media::Voice,
    help: Help {
        en: "Says prompts, beeps, and records what the caller says until they hang up, press `#`, are silent, or the time is over. The message is transcribed, lies with the conversation, and becomes a ticket.",
        zh: "播放提示音和提示声后录音，直到来电者挂断、按 `#`、沉默或时间到。留言会被转写，与会话一起保存，并生成工单。",
    },
    params: &[
        Param {
            name: "max",
            takes: Takes::Seconds { min: 5, max: 600 },
            required: false,
            help: Help {
                en: "Longest message in seconds; 120 without it.",
                zh: "留言最长时间（秒），默认 120 秒。",
            },
        },
        usual::NEXT_OR_END,
        Param {
            name: "prompts",
            takes: Takes::Prompts,
            required: true,
            help: Help { en: "Said before the beep.", zh: "提示声之前播放的提示音。" },
        },
        Param {
            name: "silence",
            takes: Takes::Seconds { min: 2, max: 60 },
            required: false,
            help: Help {
                en: "Seconds of silence that end the message; 6 without it.",
                zh: "沉默多少秒后结束录音，默认 6 秒。",
            },
        },
    ],
    example: r#"[steps.leave_a_message]
kind = "voicemail"
prompts = "hello"
max = 90
next = "bye"

[steps.bye]
kind = "hangup"
prompts = "goodbye"
"#,
    make,
};

fn make(given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    Ok(Box::new(Voicemail {
        prompts: given.prompts("prompts"),
        max: given.seconds("max").unwrap_or(MAX),
        silence: given.seconds("silence").unwrap_or(SILENCE),
        next: given.step("next"),
    }))
}

#[derive(Debug)]
struct Voicemail {
    prompts: Vec<String>,
    max: Duration,
    silence: Duration,
    next: Option<String>,
}

impl Voicemail {
    fn beep(&self, scene: &mut Scene<'_>) -> Next {
        scene.stop();
        scene.progress.memory.phase = BEEP;
        scene.sound(Tone::Beep);
        Next::Stay
    }

    fn done(&self) -> Next {
        Next::go_or_end(self.next.as_ref(), FlowEnd::Finished)
    }
}

impl Node for Voicemail {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        scene.answer();
        scene.progress.memory.phase = PROMPTS;
        if scene.say(&self.prompts) { Next::Stay } else { self.beep(scene) }
    }

    fn played(&self, scene: &mut Scene<'_>) -> Next {
        if scene.progress.memory.phase == PROMPTS {
            return self.beep(scene);
        }
        scene.progress.memory.phase = RECORDING;
        scene.record(self.silence);
        scene.listen();
        scene.wait(self.max);
        Next::Stay
    }

    /// `#` ends the message; before it, it skips the prompts.
    fn digit(&self, scene: &mut Scene<'_>, key: char) -> Next {
        match (key, scene.progress.memory.phase) {
            ('#', PROMPTS) => self.beep(scene),
            ('#', RECORDING) => self.done(),
            _ => Next::Stay,
        }
    }

    fn quiet(&self, _scene: &mut Scene<'_>) -> Next {
        self.done()
    }

    fn elapsed(&self, _scene: &mut Scene<'_>) -> Next {
        self.done()
    }

    fn serves_text(&self) -> bool {
        false
    }
}
