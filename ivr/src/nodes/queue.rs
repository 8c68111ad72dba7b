//! `queue`: waits for an agent.

use std::time::Duration;

use kernel::QueueName;

use crate::given::Given;
use crate::io::{FlowEnd, Out, Tone};
use crate::node::{By, Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::scene::Scene;

/// Long enough not to annoy.
const EVERY: Duration = Duration::from_secs(30);

/// See the help.
pub const KIND: Kind = Kind {
    name: "queue",
    media: Media::VoiceAndText,
    help: Help {
        en: "Waits in a queue for an agent. Waiting begins at once; the prompts are heard meanwhile and in full, then music, with an announcement now and then. In a chat the prompts are sent, and announcements are not.",
        zh: "在队列中等待坐席。立即开始排队；同时完整播放提示音，然后播放音乐，并定时插播通知。聊天中只发送提示文字，不发送定时通知。",
    },
    params: &[
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
            name: "then",
            takes: Takes::Step(By::People),
            required: false,
            help: Help {
                en: "The step that follows when the agent hung up and the customer is still there. Without it: the end.",
                zh: "坐席挂断而客户仍在线时的步骤。不写则结束。",
            },
        },
    ],
    example: r##"[steps.to_support]
kind = "queue"
queue = "support"
prompts = "hello"
announce = "wait"
every = 20
keys = { "#" = "bye" }

[steps.bye]
kind = "hangup"
prompts = "goodbye"
"##,
    make,
};

fn make(given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    if given.has("every") && !given.has("announce") {
        return Err(Complaint::about(
            "every",
            "`every` without anything to announce",
            "add `announce = \"PROMPT\"`",
        ));
    }
    Ok(Box::new(Queue {
        queue: given.queue("queue").unwrap_or_else(|| QueueName::new("")),
        priority: given.number("priority").and_then(|n| i32::try_from(n).ok()).unwrap_or_default(),
        prompts: given.prompts("prompts"),
        announce: given.prompts("announce"),
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
    every: Duration,
    keys: Vec<(char, String)>,
    failed: Option<String>,
    then: Option<String>,
}

impl Node for Queue {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        scene.answer();
        // Waiting counts from here on, whatever is heard meanwhile.
        scene.wait_for_somebody(Out::Enqueue { queue: self.queue.clone(), priority: self.priority });
        if !scene.say(&self.prompts) {
            return self.played(scene);
        }
        Next::Stay
    }

    /// The prompts or an announcement are over: music, until the next announcement.
    fn played(&self, scene: &mut Scene<'_>) -> Next {
        if !scene.is_text() {
            scene.repeat([], Some(Tone::Music));
            if !self.announce.is_empty() {
                scene.wait(self.every);
            }
        }
        Next::Stay
    }

    fn elapsed(&self, scene: &mut Scene<'_>) -> Next {
        scene.say(&self.announce);
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
