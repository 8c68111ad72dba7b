//! `condition`: one way or the other.

use crate::datum::{Datum, Type};
use crate::expr::Expr;
use crate::given::Given;
use crate::node::{By, Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::scene::Scene;

/// See the help.
pub const KIND: Kind = Kind {
    name: "condition",
    title: Help { en: "Condition", zh: "条件" },
    media: Media::VoiceAndText,
    help: Help {
        en: "Goes one way when something holds, and another when it does not. Expressions have `and`, `or`, `not`, `==`, `!=`, `<`, `<=`, `>`, `>=`, `contains`, `starts_with`, `+`, `-`, `*`, 'texts', numbers, variables, and the functions `digits`, `first`, `last`, `length`, `lower`, `number`, `text`.",
        zh: "条件成立走一条路，不成立走另一条路。表达式支持 `and`、`or`、`not`、`==`、`!=`、`<`、`<=`、`>`、`>=`、`contains`、`starts_with`、`+`、`-`、`*`、'文字'、数字、变量，以及函数 `digits`、`first`、`last`、`length`、`lower`、`number`、`text`。",
    },
    params: &[
        Param {
            name: "otherwise",
            takes: Takes::Step(By::Itself),
            required: true,
            help: Help {
                en: "The step that follows when it does not hold.", zh: "条件不成立时的步骤。"
            },
        },
        Param {
            name: "then",
            takes: Takes::Step(By::Itself),
            required: true,
            help: Help { en: "The step that follows when it holds.", zh: "条件成立时的步骤。" },
        },
        Param {
            name: "when",
            takes: Takes::Expr(Type::Flag),
            required: true,
            help: Help { en: "What must hold.", zh: "条件表达式。" },
        },
    ],
    example: r#"[steps.is_it_berlin]
kind = "condition"
when = "caller.number starts_with '+4930' or language == 'zh'"
then = "to_sales"
otherwise = "to_support"

[steps.to_sales]
kind = "queue"
queue = "sales"

[steps.to_support]
kind = "queue"
queue = "support"
"#,
    make,
};

fn make(given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    Ok(Box::new(Condition {
        when: given.expr("when").unwrap_or(Expr::Fixed(Datum::Flag(false))),
        then: given.step("then").unwrap_or_default(),
        otherwise: given.step("otherwise").unwrap_or_default(),
    }))
}

#[derive(Debug)]
struct Condition {
    when: Expr,
    then: String,
    otherwise: String,
}

impl Node for Condition {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        let holds = self.when.holds(&|name| scene.read(name));
        Next::Go(if holds { &self.then } else { &self.otherwise }.clone())
    }
}
