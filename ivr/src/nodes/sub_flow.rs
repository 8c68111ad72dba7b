//! `sub_flow`: does a part of the flow and comes back.

use crate::given::Given;
use crate::io::FlowEnd;
use crate::node::{By, Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::nodes::usual;
use crate::scene::Scene;

/// See the help.
pub const KIND: Kind = Kind {
    name: "sub_flow",
    title: Help { en: "Sub-flow", zh: "子流程" },
    media: Media::VoiceAndText,
    help: Help {
        en: "Goes through a part of the flow that ends in `return`, and then on to `next`: what is needed in several places, such as asking for an account number, is written once.",
        zh: "执行流程中以 `return` 结束的一部分，然后回到 `next`：多处需要的步骤（例如询问账号）只写一次。",
    },
    params: &[
        usual::NEXT,
        Param {
            name: "step",
            takes: Takes::Step(By::Itself),
            required: true,
            help: Help { en: "The first step of that part.", zh: "该部分的第一个步骤。" },
        },
    ],
    example: r#"[steps.first]
kind = "sub_flow"
step = "greeting"
next = "bye"

[steps.greeting]
kind = "play"
prompts = "hello"
next = "back"

[steps.back]
kind = "return"

[steps.bye]
kind = "hangup"
prompts = "goodbye"
"#,
    make,
};

fn make(given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    Ok(Box::new(SubFlow {
        step: given.step("step").unwrap_or_default(),
        next: given.step("next").unwrap_or_default(),
    }))
}

#[derive(Debug)]
struct SubFlow {
    step: String,
    next: String,
}

impl Node for SubFlow {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        if scene.call(&self.next) { Next::Go(self.step.clone()) } else { Next::End(FlowEnd::Finished) }
    }

    fn calls(&self) -> Option<(&str, &str)> {
        Some((&self.step, &self.next))
    }
}
