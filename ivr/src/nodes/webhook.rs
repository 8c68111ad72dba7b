//! `webhook`: an outside application decides what comes next.

use std::time::Duration;

use serde_json::json;

use crate::datum::Datum;
use crate::given::Given;
use crate::io::{Fetched, FlowEnd, Out};
use crate::node::{Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::nodes::lookup::{Asked, json as as_json, text};
use crate::nodes::usual;
use crate::scene::Scene;
use crate::verbs::{self, Verb};

/// How often the application is asked during one visit at most.
const EXCHANGES: u8 = 50;
/// Someone who writes is given at least this long.
const TEXT_PATIENCE: Duration = Duration::from_secs(300);

/// What the step waits for, as `Memory::phase`.
const ANSWER: u8 = 0;
const SAYING: u8 = 1;
const PAUSE: u8 = 2;
const DIGITS: u8 = 3;
const SPEECH: u8 = 4;

/// See the help.
pub const KIND: Kind = Kind {
    name: "webhook",
    title: Help { en: "Webhook", zh: "外部应用" },
    media: Media::VoiceAndText,
    help: Help {
        en: "An outside application decides what comes next. It is sent a JSON object (`event`, `step`, `caller`, `called`, `language`, `channel`, `input`, `variables`), signed in `X-Voxdesk-Signature`, and answers with a list of verbs, each an object with one name: `say` (a text, or one for each language), `play` (a prompt of the flow), `pause` (seconds), `collect` (`max`, `timeout`, `end`: digits, after which it is asked again), `listen` (`timeout`: what is said or written, likewise), `set` (variables of `[variables]`), `language`, `go` (one of `steps`) and `hangup`. When the list is done, `next` follows.",
        zh: "由外部应用决定下一步。向它发送一个 JSON 对象（`event`、`step`、`caller`、`called`、`language`、`channel`、`input`、`variables`），并在 `X-Voxdesk-Signature` 中签名；应用回答一个动作列表，每个动作是只有一个名称的对象：`say`（文字，或每种语言的文字）、`play`（流程中的提示音）、`pause`（秒）、`collect`（`max`、`timeout`、`end`：收集数字后再次询问应用）、`listen`（`timeout`：客户说或写的内容，同样再次询问）、`set`（`[variables]` 中的变量）、`language`、`go`（`steps` 之一）、`hangup`。列表执行完后进入 `next`。",
    },
    params: &[
        usual::FAILED,
        usual::HEADERS,
        usual::NEXT,
        usual::RETRIES,
        Param {
            name: "secret",
            takes: Takes::Secret,
            required: true,
            help: Help {
                en: "The name of the secret with which what is sent is signed: `t=SECONDS,v1=HEX`, where HEX is the HMAC-SHA256 of `SECONDS.BODY`.",
                zh: "签名所用密钥的名称：`t=秒,v1=十六进制`，即对 `秒.正文` 的 HMAC-SHA256。",
            },
        },
        Param {
            name: "steps",
            takes: Takes::Steps,
            required: false,
            help: Help {
                en: "Steps to which the application may lead.", zh: "应用可以转到的步骤。"
            },
        },
        usual::TIMEOUT,
        Param {
            name: "url",
            takes: Takes::Url,
            required: true,
            help: Help { en: "Where the application is.", zh: "应用的地址。" },
        },
    ],
    example: r#"[steps.our_application]
kind = "webhook"
url = "https://crm.example.com/voice"
secret = "crm"
steps = ["to_sales"]
next = "bye"
failed = "to_sales"

[steps.to_sales]
kind = "queue"
queue = "sales"

[steps.bye]
kind = "hangup"
prompts = "goodbye"
"#,
    make,
};

fn make(given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    Ok(Box::new(Webhook {
        secret: given.text("secret").unwrap_or_default(),
        steps: given.steps("steps"),
        next: given.step("next").unwrap_or_default(),
        asked: Asked::take(given)?,
    }))
}

#[derive(Debug)]
struct Webhook {
    asked: Asked,
    secret: String,
    steps: Vec<String>,
    next: String,
}

impl Webhook {
    /// Tells the application what happened.
    fn tell(&self, scene: &mut Scene<'_>, event: &str, input: &str) -> Next {
        scene.progress.memory.phase = ANSWER;
        scene.forget_typed();
        scene.progress.memory.exchanges += 1;
        if scene.progress.memory.exchanges > EXCHANGES {
            return self.fail(scene, "too_many_exchanges");
        }
        let variables: serde_json::Map<String, serde_json::Value> =
            scene.flow.variables.keys().map(|name| (name.clone(), as_json(&scene.read(name)))).collect();
        let plain = |name: &str| as_json(&scene.read(name));
        let body = json!({
            "event": event,
            "step": scene.progress.step,
            "caller": plain("caller.number"),
            "called": plain("called.number"),
            "language": plain("language"),
            "channel": plain("channel"),
            "input": input,
            "variables": variables,
        });
        self.asked.send(scene, Some(vec![text(&body.to_string())]), Some(&self.secret))
    }

    fn fail(&self, scene: &mut Scene<'_>, code: &str) -> Next {
        let detail = [("why".to_owned(), code.to_owned())].into();
        scene.order(Out::Note { code: "webhook_failed".to_owned(), detail });
        Next::Go(self.asked.failed.clone())
    }

    /// Does one verb after another, until one takes its time.
    fn go_on(&self, scene: &mut Scene<'_>) -> Next {
        while let Some(verb) = scene.progress.memory.verbs.pop_front() {
            match verb {
                Verb::Say(text) => {
                    if scene.say_text(&text) {
                        return wait_for(scene, SAYING);
                    }
                }
                Verb::Play(name) => {
                    if scene.flow.has_prompt(&name) && scene.say([&name]) {
                        return wait_for(scene, SAYING);
                    }
                }
                Verb::Pause(span) => {
                    scene.wait(span);
                    return wait_for(scene, PAUSE);
                }
                Verb::Collect { max, timeout, end } => {
                    // Kept for the keys: at the front of the list until they are complete.
                    scene.progress.memory.verbs.push_front(Verb::Collect { max, timeout, end });
                    scene.wait(patience(scene, timeout));
                    return wait_for(scene, DIGITS);
                }
                Verb::Listen { timeout } => {
                    scene.listen();
                    scene.wait(patience(scene, timeout));
                    return wait_for(scene, SPEECH);
                }
                Verb::Set(name, value) => {
                    if scene.flow.variables.contains_key(&name) {
                        scene.put(&name, &value);
                    }
                }
                Verb::Language(lang) => scene.speak(lang),
                Verb::Go(step) if self.steps.contains(&step) => return Next::Go(step),
                Verb::Go(_) => return self.fail(scene, "step_not_allowed"),
                Verb::Hangup => return Next::End(FlowEnd::Finished),
            }
        }
        Next::Go(self.next.clone())
    }

    fn collected(&self, scene: &mut Scene<'_>, digits: &str) -> Next {
        scene.stop_waiting();
        scene.progress.memory.verbs.clear();
        self.tell(scene, if digits.is_empty() { "silence" } else { "digits" }, digits)
    }
}

fn wait_for(scene: &mut Scene<'_>, phase: u8) -> Next {
    scene.progress.memory.phase = phase;
    Next::Stay
}

fn patience(scene: &Scene<'_>, span: Duration) -> Duration {
    if scene.is_text() { span.max(TEXT_PATIENCE) } else { span }
}

impl Node for Webhook {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        scene.answer();
        self.tell(scene, "enter", "")
    }

    fn fetched(&self, scene: &mut Scene<'_>, reply: &Fetched) -> Next {
        scene.stop_waiting();
        let Fetched::Answer { status: 200..=299, body } = reply else { return self.fail(scene, "no_answer") };
        match verbs::parse(body.reveal(), scene.progress.lang) {
            Ok(verbs) => {
                scene.progress.memory.verbs = verbs.into();
                self.go_on(scene)
            }
            Err(code) => self.fail(scene, code),
        }
    }

    fn played(&self, scene: &mut Scene<'_>) -> Next {
        self.go_on(scene)
    }

    fn digit(&self, scene: &mut Scene<'_>, key: char) -> Next {
        if scene.progress.memory.phase != DIGITS {
            return Next::Stay;
        }
        let Some(Verb::Collect { max, timeout, end }) = scene.progress.memory.verbs.front().cloned() else {
            return Next::Stay;
        };
        if Some(key) != end {
            scene.type_key(key);
        }
        if Some(key) == end || scene.typed().len() >= usize::from(max) {
            let digits = scene.typed().to_owned();
            return self.collected(scene, &digits);
        }
        scene.wait(timeout);
        Next::Stay
    }

    fn text(&self, scene: &mut Scene<'_>, text: &str) -> Next {
        match scene.progress.memory.phase {
            DIGITS => {
                let digits: String = text.chars().filter(char::is_ascii_digit).take(64).collect();
                self.collected(scene, &digits)
            }
            SPEECH => self.said(scene, text),
            _ => Next::Stay,
        }
    }

    fn said(&self, scene: &mut Scene<'_>, text: &str) -> Next {
        if scene.progress.memory.phase != SPEECH {
            return Next::Stay;
        }
        scene.stop_waiting();
        scene.progress.memory.verbs.clear();
        let Datum::Text(text) = Datum::text(text) else { return Next::Stay };
        self.tell(scene, "speech", &text)
    }

    fn elapsed(&self, scene: &mut Scene<'_>) -> Next {
        match scene.progress.memory.phase {
            ANSWER => self.fail(scene, "no_answer"),
            DIGITS => {
                let digits = scene.typed().to_owned();
                self.collected(scene, &digits)
            }
            SPEECH => self.collected(scene, ""),
            _ => self.go_on(scene),
        }
    }
}
