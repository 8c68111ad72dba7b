//! `lookup`: asks a server, such as a CRM.

use std::time::Duration;

use crate::datum::{Datum, Type};
use crate::given::Given;
use crate::io::{Bit, Fetched, Out, Request};
use crate::json_path::JsonPath;
use crate::node::{By, Complaint, Help, Kind, Media, Next, Node, Param, Takes, Url};
use crate::nodes::usual;
use crate::scene::{Escape, Scene};
use crate::wording::Wording;

/// For one attempt, when the step does not say.
pub(super) const TIMEOUT: Duration = Duration::from_secs(3);
/// What sending, waiting for a place and trying again may cost besides.
const SLACK: Duration = Duration::from_secs(2);

/// See the help.
pub const KIND: Kind = Kind {
    name: "lookup",
    title: Help { en: "Look up", zh: "查询" },
    media: Media::VoiceAndText,
    help: Help {
        en: "Asks a server over HTTP and puts values of its JSON answer into variables. Only servers that the configuration allows can be asked (`hosts` in `[http]`); redirections are not followed, an answer has at most 64 KiB, and the customer waits no longer than the attempts take.",
        zh: "通过 HTTP 查询服务器，把 JSON 应答中的值存入变量。只能访问配置（`[http]` 的 `hosts`）允许的服务器；不跟随重定向，应答最大 64 KiB，客户等待的时间不超过各次请求的时限。",
    },
    params: &[
        Param {
            name: "body",
            takes: Takes::Fields,
            required: false,
            help: Help {
                en: "Fields of a JSON object that is POSTed. Without it: GET.",
                zh: "以 POST 发送的 JSON 对象的字段。不写则用 GET。",
            },
        },
        usual::FAILED,
        usual::HEADERS,
        Param {
            name: "into",
            takes: Takes::Paths,
            required: false,
            help: Help {
                en: "Variables and where their values are in the answer. What is not there leaves the variable empty.",
                zh: "变量及其在应答中的位置。应答中没有的值使变量为空。",
            },
        },
        usual::NEXT,
        Param {
            name: "not_found",
            takes: Takes::Step(By::Itself),
            required: false,
            help: Help {
                en: "The step that follows an answer of 404. Without it: `failed`.",
                zh: "应答为 404 时的步骤。不写则进入 `failed`。",
            },
        },
        usual::RETRIES,
        usual::TIMEOUT,
        Param {
            name: "url",
            takes: Takes::Url,
            required: true,
            help: Help {
                en: "Where; values may stand in the path and the query.",
                zh: "地址；路径和查询参数中可含变量。",
            },
        },
    ],
    example: r#"[steps.who_is_it]
kind = "lookup"
url = "https://crm.example.com/people?number={caller.number}"
headers = { authorization = "Bearer {secret.crm}" }
into = { name = "$.people[0].name", balance = "$.people[0].balance" }
timeout = 2
next = "greet"
failed = "to_support"

[steps.greet]
kind = "say"
text = { en = "Hello {name}. Your balance is {balance}.", zh = "{name}您好，您的余额是{balance}。", instead = "hello" }
next = "to_support"

[steps.to_support]
kind = "queue"
queue = "support"

[variables]
balance = 0
"#,
    make,
};

/// How a server is asked; `webhook` does it in the same way.
#[derive(Debug)]
pub(super) struct Asked {
    url: Url,
    headers: Vec<(String, Wording)>,
    timeout: Duration,
    retries: u8,
    pub(super) failed: String,
}

impl Asked {
    pub(super) fn take(given: &mut Given) -> Result<Self, Complaint> {
        let Some(url) = given.url("url") else {
            return Err(Complaint::about("url", "no address", "`url = \"https://…\"`"));
        };
        Ok(Self {
            url,
            headers: given.fields("headers"),
            timeout: given.seconds("timeout").unwrap_or(TIMEOUT),
            retries: given.number("retries").and_then(|n| u8::try_from(n).ok()).unwrap_or(1),
            failed: given.step("failed").unwrap_or_default(),
        })
    }

    /// Sends it. The step waits no longer than all attempts may take, whatever becomes of the answer.
    pub(super) fn send(&self, scene: &mut Scene<'_>, body: Option<Vec<Bit>>, sign: Option<&String>) -> Next {
        let request = Request {
            origin: self.url.origin.clone(),
            path: scene.seal(&self.url.path, Escape::Percent),
            headers: self
                .headers
                .iter()
                .map(|(name, value)| (name.clone(), scene.seal(value, Escape::Header)))
                .collect(),
            body,
            timeout: self.timeout,
            retries: self.retries,
            sign: sign.cloned(),
        };
        let token = scene.question();
        scene.order(Out::Fetch { token, request });
        scene.wait(self.timeout * (u32::from(self.retries) + 1) + SLACK);
        Next::Stay
    }
}

fn make(given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    let body = given.has("body").then(|| given.fields("body"));
    Ok(Box::new(Lookup {
        body,
        into: given.paths("into"),
        next: given.step("next").unwrap_or_default(),
        not_found: given.step("not_found"),
        asked: Asked::take(given)?,
    }))
}

#[derive(Debug)]
struct Lookup {
    asked: Asked,
    body: Option<Vec<(String, Wording)>>,
    into: Vec<(String, JsonPath)>,
    next: String,
    not_found: Option<String>,
}

impl Node for Lookup {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        scene.answer();
        let body = self.body.as_ref().map(|fields| object(scene, fields));
        self.asked.send(scene, body, None)
    }

    fn fetched(&self, scene: &mut Scene<'_>, reply: &Fetched) -> Next {
        let failed = Next::Go(self.asked.failed.clone());
        match reply {
            Fetched::Answer { status: 200..=299, body } => {
                let json = serde_json::from_str(body.reveal()).ok();
                if json.is_none() && !self.into.is_empty() {
                    return failed;
                }
                for (name, path) in &self.into {
                    let value = json.as_ref().and_then(|json| path.find(json));
                    scene.put(name, &value.unwrap_or_else(|| Type::Text.empty()));
                }
                Next::Go(self.next.clone())
            }
            Fetched::Answer { status: 404, .. } => self.not_found.clone().map_or(failed, Next::Go),
            Fetched::Answer { .. } | Fetched::Failed(_) => failed,
        }
    }

    fn elapsed(&self, _scene: &mut Scene<'_>) -> Next {
        Next::Go(self.asked.failed.clone())
    }
}

/// A JSON object of texts.
fn object(scene: &Scene<'_>, fields: &[(String, Wording)]) -> Vec<Bit> {
    let mut bits = vec![text("{")];
    for (at, (name, wording)) in fields.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        bits.push(text(&format!("{comma}{}:\"", serde_json::Value::from(name.as_str()))));
        let plain = |part: Bit| part;
        bits.extend(scene.seal(&in_json(wording), Escape::Json).into_iter().map(plain));
        bits.push(text("\""));
    }
    bits.push(text("}"));
    bits
}

/// Fixed parts of a text as they stand in a JSON string.
fn in_json(wording: &Wording) -> Wording {
    use crate::scene::escaped;
    use crate::wording::Part;
    let part = |part: &Part| match part {
        Part::Text(text) => Part::Text(escaped(text, Escape::Json)),
        other => other.clone(),
    };
    Wording { parts: wording.parts.iter().map(part).collect() }
}

pub(super) fn text(text: &str) -> Bit {
    Bit::Text(text.to_owned().into())
}

/// A datum as JSON.
pub(super) fn json(datum: &Datum) -> serde_json::Value {
    match datum {
        Datum::Text(text) => text.as_str().into(),
        Datum::Flag(flag) => (*flag).into(),
        Datum::Number(number) => {
            let text = number.to_string();
            text.parse::<i64>()
                .map(Into::into)
                .or_else(|_| text.parse::<f64>().map(Into::into))
                .unwrap_or(text.into())
        }
    }
}
