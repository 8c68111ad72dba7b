//! `message`: sends a text.

use crate::given::Given;
use crate::node::{Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::nodes::usual;
use crate::scene::Scene;

/// See the help.
pub const KIND: Kind = Kind {
    name: "message",
    title: Help { en: "Message", zh: "消息" },
    media: Media::VoiceAndText,
    help: Help {
        en: "Sends a text into the chat: something to read, such as a link. On a call nothing is heard of it and the customer goes on at once, so that calls and chats can share a flow.",
        zh: "在聊天中发送一段文字（例如链接）。电话中不播放，直接进入下一步，因此电话和聊天可共用同一流程。",
    },
    params: &[
        usual::NEXT,
        Param {
            name: "text",
            takes: Takes::Said,
            required: true,
            help: Help {
                en: "The text in every language; values may stand in it.",
                zh: "每种语言的文字，可含变量。",
            },
        },
    ],
    example: r#"[steps.link]
kind = "message"
text = { en = "Our manual: https://example.com/manual", zh = "使用手册：https://example.com/manual" }
next = "bye"

[steps.bye]
kind = "hangup"
prompts = "goodbye"
"#,
    make,
};

fn make(given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    Ok(Box::new(Message { prompts: given.prompts("text"), next: given.step("next").unwrap_or_default() }))
}

#[derive(Debug)]
struct Message {
    prompts: Vec<String>,
    next: String,
}

impl Node for Message {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        if scene.is_text() {
            scene.say(&self.prompts);
        }
        Next::Go(self.next.clone())
    }
}
