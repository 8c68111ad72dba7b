//! `hangup`: ends it.

use crate::given::Given;
use crate::io::FlowEnd;
use crate::node::{Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::scene::Scene;

/// What an unanswered call is refused with when nothing else was said (480 Temporarily Unavailable).
const UNAVAILABLE: u16 = 480;

/// See the help.
pub const KIND: Kind = Kind {
    name: "hangup",
    title: Help { en: "Hang up", zh: "挂断" },
    media: Media::VoiceAndText,
    help: Help {
        en: "Ends the call or chat, after prompts if there are any. A call that was not answered is refused with `refuse`, unless there are prompts to be said and no `refuse`.",
        zh: "结束通话或聊天，可先播放提示音。尚未接听的来电以 `refuse` 的状态码拒绝；若只写了提示音而没有 `refuse`，则先接听并播放。",
    },
    params: &[
        Param {
            name: "prompts",
            takes: Takes::Prompts,
            required: false,
            help: Help { en: "Said first.", zh: "先播放的提示音。" },
        },
        Param {
            name: "refuse",
            takes: Takes::Status,
            required: false,
            help: Help {
                en: "SIP status for a call that was not answered yet, such as 486 (busy) or 603 (declined). Without it: 480.",
                zh: "对尚未接听的来电返回的 SIP 状态码，例如 486（忙）或 603（拒绝）。不写则为 480。",
            },
        },
    ],
    example: r#"[steps.bye]
kind = "hangup"
prompts = "goodbye"
"#,
    make,
};

fn make(given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    Ok(Box::new(Hangup { prompts: given.prompts("prompts"), refuse: given.status("refuse") }))
}

#[derive(Debug)]
struct Hangup {
    prompts: Vec<String>,
    refuse: Option<u16>,
}

impl Node for Hangup {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        if !scene.is_answered() {
            match self.refuse {
                Some(status) => return Next::End(FlowEnd::Refused(status)),
                None if self.prompts.is_empty() => return Next::End(FlowEnd::Refused(UNAVAILABLE)),
                None => scene.answer(),
            }
        }
        if scene.say(&self.prompts) { Next::Stay } else { Next::End(FlowEnd::Finished) }
    }

    fn played(&self, _scene: &mut Scene<'_>) -> Next {
        Next::End(FlowEnd::Finished)
    }
}
