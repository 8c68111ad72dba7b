//! `echo`: the caller hears themselves.

use crate::given::Given;
use crate::io::Out;
use crate::node::{Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::scene::Scene;

/// See the help.
pub const KIND: Kind = Kind {
    name: "echo",
    title: Help { en: "Echo", zh: "回声" },
    media: Media::Voice,
    help: Help {
        en: "The caller hears themselves until they hang up: a test of the line.",
        zh: "主叫一直听到自己的声音，直到挂断：用于测试线路。",
    },
    params: &[Param {
        name: "prompts",
        takes: Takes::Prompts,
        required: false,
        help: Help { en: "Said first.", zh: "先播放的提示音。" },
    }],
    example: r#"[steps.line_test]
kind = "echo"
"#,
    make,
};

fn make(given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    Ok(Box::new(Echo { prompts: given.prompts("prompts") }))
}

#[derive(Debug)]
struct Echo {
    prompts: Vec<String>,
}

impl Node for Echo {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        scene.answer();
        if scene.say(&self.prompts) { Next::Stay } else { self.played(scene) }
    }

    fn played(&self, scene: &mut Scene<'_>) -> Next {
        scene.order(Out::Echo);
        scene.stay();
        Next::Stay
    }

    fn serves_text(&self) -> bool {
        false
    }
}
