//! Who left while waiting, and after how long.

use super::{Both, By, Figure, Made, Report, Source, Unit};

/// The report.
pub const REPORT: Report = Report {
    name: "abandonment",
    title: Both { en: "Abandonment", zh: "放弃" },
    source: Source::Conversations,
    by: &[By::Day, By::Hour, By::Channel, By::Queue],
    figures: &[
        Figure {
            name: "queued",
            unit: Unit::Count,
            made: Made::Sum("queued"),
            rows: "queued",
            title: Both { en: "Queued", zh: "进入队列" },
            definition: Both { en: "Conversations that entered a queue.", zh: "进入队列的会话。" },
        },
        Figure {
            name: "abandoned",
            unit: Unit::Count,
            made: Made::Sum("abandoned"),
            rows: "abandoned",
            title: Both { en: "Abandoned", zh: "放弃" },
            definition: Both {
                en: "Customers who left while they waited in a queue or while it rang at an agent.",
                zh: "在队列中等待或坐席振铃时离开的客户。",
            },
        },
        Figure {
            name: "abandon_rate",
            unit: Unit::Percent,
            made: Made::Share(&["abandoned"], &["queued"]),
            rows: "abandoned",
            title: Both { en: "Abandonment", zh: "放弃率" },
            definition: Both { en: "Abandoned, of the queued.", zh: "放弃数 ÷ 进入队列数。" },
        },
        Figure {
            name: "wait_ms",
            unit: Unit::Millis,
            made: Made::Mean("wait_abandoned_ms", "abandoned"),
            rows: "abandoned",
            title: Both { en: "Mean wait before leaving", zh: "放弃前平均等待" },
            definition: Both {
                en: "From entering the queue to leaving, mean over the abandoned.",
                zh: "从进入队列到离开的平均时间，仅计放弃的。",
            },
        },
        Figure {
            name: "elsewhere",
            unit: Unit::Count,
            made: Made::Sum("elsewhere"),
            rows: "elsewhere",
            title: Both { en: "Led on", zh: "转到其他步骤" },
            definition: Both {
                en: "Queued without an answer, and the flow did something else with them (a message, a callback), or the program was stopped.",
                zh: "进入队列未接通，流程转到其他步骤（留言、回呼），或程序停止。",
            },
        },
        Figure {
            name: "w0",
            unit: Unit::Count,
            made: Made::Sum("abandoned_w0"),
            rows: "abandoned_w0",
            title: Both { en: "Left after under 5 s", zh: "等待 5 秒内" },
            definition: Both {
                en: "Abandoned after a wait of under 5 s.", zh: "等待 5 秒内后放弃。"
            },
        },
        Figure {
            name: "w1",
            unit: Unit::Count,
            made: Made::Sum("abandoned_w1"),
            rows: "abandoned_w1",
            title: Both { en: "Left after 5 to 10 s", zh: "等待 5 至 10 秒" },
            definition: Both {
                en: "Abandoned after a wait of 5 to 10 s.", zh: "等待 5 至 10 秒后放弃。"
            },
        },
        Figure {
            name: "w2",
            unit: Unit::Count,
            made: Made::Sum("abandoned_w2"),
            rows: "abandoned_w2",
            title: Both { en: "Left after 10 to 20 s", zh: "等待 10 至 20 秒" },
            definition: Both {
                en: "Abandoned after a wait of 10 to 20 s.", zh: "等待 10 至 20 秒后放弃。"
            },
        },
        Figure {
            name: "w3",
            unit: Unit::Count,
            made: Made::Sum("abandoned_w3"),
            rows: "abandoned_w3",
            title: Both { en: "Left after 20 to 30 s", zh: "等待 20 至 30 秒" },
            definition: Both {
                en: "Abandoned after a wait of 20 to 30 s.", zh: "等待 20 至 30 秒后放弃。"
            },
        },
        Figure {
            name: "w4",
            unit: Unit::Count,
            made: Made::Sum("abandoned_w4"),
            rows: "abandoned_w4",
            title: Both { en: "Left after 30 to 60 s", zh: "等待 30 至 60 秒" },
            definition: Both {
                en: "Abandoned after a wait of 30 to 60 s.", zh: "等待 30 至 60 秒后放弃。"
            },
        },
        Figure {
            name: "w5",
            unit: Unit::Count,
            made: Made::Sum("abandoned_w5"),
            rows: "abandoned_w5",
            title: Both { en: "Left after 1 to 2 min", zh: "等待 1 至 2 分钟" },
            definition: Both {
                en: "Abandoned after a wait of 1 to 2 min.", zh: "等待 1 至 2 分钟后放弃。"
            },
        },
        Figure {
            name: "w6",
            unit: Unit::Count,
            made: Made::Sum("abandoned_w6"),
            rows: "abandoned_w6",
            title: Both { en: "Left after 2 to 5 min", zh: "等待 2 至 5 分钟" },
            definition: Both {
                en: "Abandoned after a wait of 2 to 5 min.", zh: "等待 2 至 5 分钟后放弃。"
            },
        },
        Figure {
            name: "w7",
            unit: Unit::Count,
            made: Made::Sum("abandoned_w7"),
            rows: "abandoned_w7",
            title: Both { en: "Left after over 5 min", zh: "等待 超过 5 分钟" },
            definition: Both {
                en: "Abandoned after a wait of over 5 min.", zh: "等待 超过 5 分钟后放弃。"
            },
        },
    ],
};
