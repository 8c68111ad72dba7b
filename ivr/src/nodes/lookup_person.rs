//! `lookup_person`: who it is, by number.

use std::time::Duration;

use crate::datum::{Datum, Type};
use crate::expr::Expr;
use crate::given::Given;
use crate::io::{Acquaintance, Out};
use crate::node::{By, Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::nodes::usual;
use crate::scene::Scene;

/// The database answers in milliseconds, or something is wrong with it.
const PATIENCE: Duration = Duration::from_secs(3);

/// See the help.
pub const KIND: Kind = Kind {
    name: "lookup_person",
    title: Help { en: "Look up a person", zh: "查找客户" },
    media: Media::VoiceAndText,
    help: Help {
        en: "Looks a person up among our customers, by the number they call from or by another one. `person.known`, `person.name`, `person.tier` and `person.agent` (who served them last) hold what was found.",
        zh: "按来电号码（或其他号码）在客户资料中查找。结果存入 `person.known`、`person.name`、`person.tier`（等级）和 `person.agent`（上次服务的坐席）。",
    },
    params: &[
        usual::NEXT,
        Param {
            name: "number",
            takes: Takes::Expr(Type::Text),
            required: false,
            help: Help {
                en: "The number; `caller.number` without it.",
                zh: "号码，默认为 `caller.number`。",
            },
        },
        Param {
            name: "unknown",
            takes: Takes::Step(By::Itself),
            required: false,
            help: Help {
                en: "The step that follows when nobody is known by it. Without it: `next`.",
                zh: "没有找到时的步骤。不写则进入 `next`。",
            },
        },
    ],
    example: r#"[steps.who_is_it]
kind = "lookup_person"
next = "greet"
unknown = "to_support"

[steps.greet]
kind = "say"
text = { en = "Welcome back, {person.name}.", zh = "{person.name}，欢迎回来。", instead = "hello" }
next = "to_support"

[steps.to_support]
kind = "queue"
queue = "support"
"#,
    make,
};

fn make(given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    Ok(Box::new(LookupPerson {
        number: given.expr("number").unwrap_or(Expr::Name("caller.number".to_owned())),
        next: given.step("next").unwrap_or_default(),
        unknown: given.step("unknown"),
    }))
}

#[derive(Debug)]
struct LookupPerson {
    number: Expr,
    next: String,
    unknown: Option<String>,
}

impl LookupPerson {
    fn on(&self, scene: &mut Scene<'_>, person: Option<&Acquaintance>) -> Next {
        scene.put("person.known", &Datum::Flag(person.is_some()));
        let name = person.map(|person| person.name.reveal().as_str()).unwrap_or_default();
        scene.put("person.name", &Datum::text(name));
        let agent = person.and_then(|person| person.agent.as_ref()).map_or("", kernel::AgentName::as_str);
        scene.put("person.agent", &Datum::text(agent));
        let tier = person.and_then(|person| person.tier.as_deref()).unwrap_or_default();
        scene.put("person.tier", &Datum::text(tier));
        let unknown = self.unknown.as_ref().filter(|_| person.is_none());
        Next::Go(unknown.unwrap_or(&self.next).clone())
    }
}

impl Node for LookupPerson {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        let Datum::Text(number) = scene.value(&self.number) else { return self.on(scene, None) };
        let token = scene.question();
        scene.order(Out::FindPerson { token, number: number.into() });
        scene.wait(PATIENCE);
        Next::Stay
    }

    fn found(&self, scene: &mut Scene<'_>, person: Option<&Acquaintance>) -> Next {
        self.on(scene, person)
    }

    fn elapsed(&self, scene: &mut Scene<'_>) -> Next {
        self.on(scene, None)
    }
}
