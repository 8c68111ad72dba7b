//! `say`: says a text of its own.

use crate::given::Given;
use crate::node::{Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::nodes::usual;
use crate::scene::Scene;

/// See the help.
pub const KIND: Kind = Kind {
    name: "say",
    title: Help { en: "Say", zh: "播报" },
    media: Media::VoiceAndText,
    help: Help {
        en: "Says a text with values in it. `{name}` stands for a variable or an expression, `{name:digits}` spells it digit by digit, and `<break time=\"500ms\"/>` is a pause. A text that is the same for everybody is spoken when the flow is read; another one when it is needed, while the caller waits for a moment. In a chat the text is sent.",
        zh: "播放带变量的文字。`{名称}` 代表变量或表达式，`{名称:digits}` 逐个读出数字，`<break time=\"500ms\"/>` 表示停顿。内容固定的文字在加载流程时合成，其余在需要时合成。聊天中发送文字。",
    },
    params: &[
        usual::NEXT,
        Param {
            name: "text",
            takes: Takes::Said,
            required: true,
            help: Help {
                en: "The text in every language. `instead` names a prompt without variables that is said when the text cannot be spoken in time.",
                zh: "每种语言的文字。`instead` 是无法及时合成时播放的固定提示音。",
            },
        },
    ],
    example: r#"[steps.your_number]
kind = "say"
text = { en = "You are calling from {caller.number:digits}.<break time=\"300ms\"/> One moment.", zh = "您的来电号码是{caller.number:digits}。<break time=\"300ms\"/>请稍候。" }
next = "bye"

[steps.bye]
kind = "hangup"
prompts = "goodbye"
"#,
    make,
};

fn make(given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    Ok(Box::new(Say { prompts: given.prompts("text"), next: given.step("next").unwrap_or_default() }))
}

#[derive(Debug)]
struct Say {
    prompts: Vec<String>,
    next: String,
}

impl Node for Say {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        scene.answer();
        if scene.say(&self.prompts) { Next::Stay } else { Next::Go(self.next.clone()) }
    }

    fn played(&self, _scene: &mut Scene<'_>) -> Next {
        Next::Go(self.next.clone())
    }
}
