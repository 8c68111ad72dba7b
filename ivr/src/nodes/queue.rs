//! `queue`: waits for an agent.

use std::collections::BTreeMap;
use std::time::Duration;

use kernel::{AgentName, QueueName};

use crate::datum::{Datum, Type};
use crate::expr::Expr;
use crate::given::Given;
use crate::io::{FlowEnd, Out, Tone, Wants};
use crate::node::{By, Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::scene::Scene;

/// Long enough not to annoy.
const EVERY: Duration = Duration::from_secs(30);
/// How long somebody waits for one agent alone, unless the step says otherwise.
const ALONE: Duration = Duration::from_secs(60);

/// Points that count: the router looks at no more.
const SCORES: usize = 64;
/// What the step does, as `Memory::phase`: the prompts, then music with announcements, of which the place was one.
const PROMPTS: u8 = 0;
const MUSIC: u8 = 1;
const PLACED: u8 = 2;

/// See the help.
pub const KIND: Kind = Kind {
    name: "queue",
    title: Help { en: "Queue", zh: "队列" },
    media: Media::VoiceAndText,
    help: Help {
        en: "Waits in a queue for an agent. Waiting begins at once; the prompts are heard meanwhile and in full, then music, with announcements now and then: the place in line and the likely wait as they are at that moment, the wait only while it can be told with some right. In a chat the prompts are sent, then the place and the wait once, and announcements are not.",
        zh: "在队列中等待坐席。立即开始排队；同时完整播放提示音，然后播放音乐，并定时插播通知：当时的排队位置和预计等待时间（只在有把握时播报）。聊天中发送提示文字，位置和预计等待时间只发送一次，不发送定时通知。",
    },
    params: &[
        Param {
            name: "agent",
            takes: Takes::Expr(Type::Text),
            required: false,
            help: Help {
                en: "The agent who should have this customer, by sign-in name, such as \"person.agent\": they wait for them alone for a while, as long as that agent is there and takes work.",
                zh: "优先由哪位坐席接待（登录名，例如 \"person.agent\"）：只要该坐席在线并接受任务，就先单独等待该坐席一段时间。",
            },
        },
        Param {
            name: "agent_wait",
            takes: Takes::Seconds { min: 1, max: 3600 },
            required: false,
            help: Help {
                en: "Seconds for which they wait for `agent` alone; 60 without it.",
                zh: "单独等待 `agent` 的时长（秒），默认 60 秒。",
            },
        },
        Param {
            name: "announce",
            takes: Takes::Prompts,
            required: false,
            help: Help { en: "Said again and again over the music.", zh: "定时插播的通知。" },
        },
        Param {
            name: "every",
            takes: Takes::Seconds { min: 5, max: 3600 },
            required: false,
            help: Help {
                en: "Seconds of music between announcements; 30 without it.",
                zh: "两次通知之间的音乐时长（秒），默认 30 秒。",
            },
        },
        Param {
            name: "failed",
            takes: Takes::Step(By::Itself),
            required: false,
            help: Help {
                en: "The step that follows when the queue cannot be entered. Without it: the end.",
                zh: "无法进入队列时的步骤。不写则结束。",
            },
        },
        Param {
            name: "keys",
            takes: Takes::Keys,
            required: false,
            help: Help {
                en: "Keys with which a caller leaves the queue, and the step each leads to.",
                zh: "排队时可按的键，以及各键通往的步骤。",
            },
        },
        Param {
            name: "place",
            takes: Takes::Prompts,
            required: false,
            help: Help {
                en: "Said with the announcements: the place in line. `{queue.place}` stands in it.",
                zh: "随通知播报的排队位置，其中可用 `{queue.place}`。",
            },
        },
        Param {
            name: "priority",
            takes: Takes::Number { min: -100, max: 100 },
            required: false,
            help: Help {
                en: "Higher goes first; 0 without it.", zh: "优先级，数值大者优先，默认 0。"
            },
        },
        Param {
            name: "prompts",
            takes: Takes::Prompts,
            required: false,
            help: Help { en: "Said once, at the beginning.", zh: "开始时播放一次的提示音。" },
        },
        Param {
            name: "queue",
            takes: Takes::Queue,
            required: true,
            help: Help { en: "Which queue.", zh: "队列名。" },
        },
        Param {
            name: "scores",
            takes: Takes::Expr(Type::Text),
            required: false,
            help: Help {
                en: "Points of agents for this customer, such as \"'alice=10 bob=3'\" or a variable of a `lookup`, for a queue with the strategy `by_value`.",
                zh: "各坐席对此客户的分值，例如 \"'alice=10 bob=3'\" 或 `lookup` 得到的变量，用于策略为 `by_value` 的队列。",
            },
        },
        Param {
            name: "skills",
            takes: Takes::Skills,
            required: false,
            help: Help {
                en: "Further skills that an agent must have for this customer, with the least level.",
                zh: "此客户还需要坐席具备的技能及最低级别。",
            },
        },
        Param {
            name: "then",
            takes: Takes::Step(By::People),
            required: false,
            help: Help {
                en: "The step that follows when the agent hung up and the customer is still there. Without it: the end.",
                zh: "坐席挂断而客户仍在线时的步骤。不写则结束。",
            },
        },
        Param {
            name: "tier",
            takes: Takes::Expr(Type::Text),
            required: false,
            help: Help {
                en: "The customer's tier, one of `[tiers]` of the configuration: such as \"'vip'\" or a variable of a `lookup`. Without it: the tier that staff gave the customer, if they are recognised.",
                zh: "客户等级（配置中 `[tiers]` 之一），例如 \"'vip'\" 或 `lookup` 得到的变量。不写则用识别出的客户在客户资料中的等级。",
            },
        },
        Param {
            name: "wait",
            takes: Takes::Prompts,
            required: false,
            help: Help {
                en: "Said after the place, only while it can be told with some right: the likely wait. `{queue.wait}` stands in it, such as \"5 minutes\".",
                zh: "在位置之后播报的预计等待时间（只在有把握时），其中可用 `{queue.wait}`，例如“5分钟”。",
            },
        },
    ],
    example: r##"[steps.to_support]
kind = "queue"
queue = "support"
prompts = "hello"
announce = "wait"
place = "your_place"
wait = "your_wait"
every = 20
keys = { "#" = "bye" }

[steps.bye]
kind = "hangup"
prompts = "goodbye"

[prompts.your_place]
en = "You are number {queue.place} in line."
zh = "您排在第{queue.place}位。"

[prompts.your_wait]
en = "It will take about {queue.wait}."
zh = "预计需要等待{queue.wait}。"
"##,
    make,
};

fn make(given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    if given.has("every") && !["announce", "place", "wait"].iter().any(|name| given.has(name)) {
        return Err(Complaint::about(
            "every",
            "`every` without anything to announce",
            "add `announce = \"PROMPT\"`, `place` or `wait`",
        ));
    }
    if given.has("agent_wait") && !given.has("agent") {
        return Err(Complaint::about("agent_wait", "`agent_wait` without `agent`", "add `agent`"));
    }
    Ok(Box::new(Queue {
        queue: given.queue("queue").unwrap_or_else(|| QueueName::new("")),
        priority: given.number("priority").and_then(|n| i32::try_from(n).ok()).unwrap_or_default(),
        prompts: given.prompts("prompts"),
        announce: given.prompts("announce"),
        place: given.prompts("place"),
        wait: given.prompts("wait"),
        wanted: Wanted {
            skills: given.skills("skills"),
            tier: given.expr("tier"),
            alone: given.seconds("agent_wait").unwrap_or(ALONE),
            agent: given.expr("agent"),
            scores: given.expr("scores"),
        },
        every: given.seconds("every").unwrap_or(EVERY),
        keys: given.keys("keys"),
        failed: given.step("failed"),
        then: given.step("then"),
    }))
}

#[derive(Debug)]
struct Queue {
    queue: QueueName,
    priority: i32,
    prompts: Vec<String>,
    announce: Vec<String>,
    place: Vec<String>,
    wait: Vec<String>,
    wanted: Wanted,
    every: Duration,
    keys: Vec<(char, String)>,
    failed: Option<String>,
    then: Option<String>,
}

/// What the step asks for besides the queue, to be reckoned for each customer.
#[derive(Debug)]
struct Wanted {
    skills: BTreeMap<String, u8>,
    tier: Option<Expr>,
    agent: Option<Expr>,
    alone: Duration,
    scores: Option<Expr>,
}

impl Wanted {
    fn of(&self, scene: &Scene<'_>) -> Wants {
        let text = |expr: &Option<Expr>| match scene.value(expr.as_ref()?) {
            Datum::Text(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Datum::Number(_) | Datum::Flag(_) => None,
        };
        Wants {
            skills: self.skills.clone(),
            tier: text(&self.tier),
            agent: text(&self.agent).map(|agent| (AgentName::new(agent), self.alone)),
            scores: text(&self.scores).map(|text| scores(&text)).unwrap_or_default(),
        }
    }
}

/// Reads `alice=10 bob=3`; what is no such pair does not count: it came from outside.
fn scores(text: &str) -> BTreeMap<AgentName, i64> {
    let pairs = text.split([' ', ',', ';']).filter_map(|pair| pair.split_once(['=', ':']));
    pairs
        .filter_map(|(agent, score)| Some((AgentName::new(agent.trim()), score.trim().parse().ok()?)))
        .take(SCORES)
        .collect()
}

impl Queue {
    /// What is said of the place in line now, and of the wait when that is credible.
    fn where_they_are(&self, scene: &Scene<'_>) -> Vec<String> {
        let Some((_, minutes)) = scene.place() else { return Vec::new() };
        let wait = self.wait.iter().filter(|_| minutes.is_some());
        self.place.iter().chain(wait).cloned().collect()
    }

    /// Says where they are, if there is something to say. True: its end is yet to come.
    fn tell_place(&self, scene: &mut Scene<'_>) -> bool {
        let told = self.where_they_are(scene);
        if told.is_empty() {
            return false;
        }
        scene.set_phase(PLACED);
        scene.say(&told)
    }

    /// Music, until the next announcement.
    fn music(&self, scene: &mut Scene<'_>) {
        scene.repeat([], Some(Tone::Music));
        if !(self.announce.is_empty() && self.place.is_empty() && self.wait.is_empty()) {
            scene.wait(self.every);
        }
    }
}

impl Node for Queue {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        scene.answer();
        // Waiting counts from here on, whatever is heard meanwhile.
        let wants = Box::new(self.wanted.of(scene));
        scene.wait_for_somebody(Out::Enqueue { queue: self.queue.clone(), priority: self.priority, wants });
        if !scene.say(&self.prompts) {
            return self.played(scene);
        }
        Next::Stay
    }

    /// The prompts or an announcement are over.
    fn played(&self, scene: &mut Scene<'_>) -> Next {
        if scene.phase() == PROMPTS {
            scene.set_phase(MUSIC);
            if self.tell_place(scene) {
                return Next::Stay;
            }
        }
        if !scene.is_text() {
            self.music(scene);
        }
        Next::Stay
    }

    /// Told at once the first time, and then with the announcements, as it is at that moment.
    fn placed(&self, scene: &mut Scene<'_>) -> Next {
        if scene.phase() == MUSIC && !scene.is_saying() {
            self.tell_place(scene);
        }
        Next::Stay
    }

    fn elapsed(&self, scene: &mut Scene<'_>) -> Next {
        let place = self.where_they_are(scene);
        scene.say(self.announce.iter().chain(&place));
        Next::Stay
    }

    fn digit(&self, _scene: &mut Scene<'_>, key: char) -> Next {
        let step = self.keys.iter().find(|(k, _)| *k == key);
        step.map_or(Next::Stay, |(_, step)| Next::Go(step.clone()))
    }

    fn failed(&self, _scene: &mut Scene<'_>, _code: &str) -> Next {
        Next::go_or_end(self.failed.as_ref(), FlowEnd::Finished)
    }

    fn goes_on_after_parting(&self) -> bool {
        self.then.is_some()
    }

    fn parted(&self, _scene: &mut Scene<'_>) -> Next {
        Next::go_or_end(self.then.as_ref(), FlowEnd::Finished)
    }
}
