//! `set`: puts values into variables.

use crate::expr::Expr;
use crate::given::Given;
use crate::node::{Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::nodes::usual;
use crate::scene::Scene;

/// See the help.
pub const KIND: Kind = Kind {
    name: "set",
    title: Help { en: "Set", zh: "赋值" },
    media: Media::VoiceAndText,
    help: Help {
        en: "Puts values into variables, one after the other. What a variable holds at the beginning, and its type, stand in `[variables]`.",
        zh: "依次给变量赋值。变量的初始值和类型写在 `[variables]` 中。",
    },
    params: &[
        usual::NEXT,
        Param {
            name: "values",
            takes: Takes::Assign,
            required: true,
            help: Help {
                en: "Variables and the expressions that give their values.",
                zh: "变量及其表达式。",
            },
        },
    ],
    example: r#"[steps.count]
kind = "set"
values = { tries = "tries + 1", from_berlin = "caller.number starts_with '+4930'" }
next = "bye"

[steps.bye]
kind = "hangup"
prompts = "goodbye"

[variables]
tries = 0
"#,
    make,
};

fn make(given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    Ok(Box::new(Set { values: given.assign("values"), next: given.step("next").unwrap_or_default() }))
}

#[derive(Debug)]
struct Set {
    values: Vec<(String, Expr)>,
    next: String,
}

impl Node for Set {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        for (name, expr) in &self.values {
            let value = scene.value(expr);
            scene.put(name, &value);
        }
        Next::Go(self.next.clone())
    }
}
