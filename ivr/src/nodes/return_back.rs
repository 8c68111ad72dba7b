//! `return`: back to the `sub_flow` that called.

use crate::given::Given;
use crate::node::{Complaint, Help, Kind, Media, Next, Node};
use crate::scene::Scene;

/// See the help.
pub const KIND: Kind = Kind {
    name: "return",
    title: Help { en: "Return", zh: "返回" },
    media: Media::VoiceAndText,
    help: Help {
        en: "Ends a part of the flow: the `sub_flow` step that called it goes on.",
        zh: "结束流程的一部分：调用它的 `sub_flow` 步骤继续执行。",
    },
    params: &[],
    example: r#"[steps.back]
kind = "return"

[steps.first]
kind = "sub_flow"
step = "back"
next = "bye"

[steps.bye]
kind = "hangup"
prompts = "goodbye"

[entries]
here = "first"
"#,
    make,
};

fn make(_given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    Ok(Box::new(Return))
}

#[derive(Debug)]
struct Return;

impl Node for Return {
    fn enter(&self, _scene: &mut Scene<'_>) -> Next {
        Next::Return
    }

    fn returns(&self) -> bool {
        true
    }
}
