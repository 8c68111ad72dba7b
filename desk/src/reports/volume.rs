//! How many came, by what road, and when.

use super::{Both, By, Figure, Made, Report, Source, Unit};

/// The report.
pub const REPORT: Report = Report {
    name: "volume",
    title: Both { en: "Volume", zh: "会话量" },
    source: Source::Conversations,
    by: &[By::Day, By::Hour, By::Channel, By::Queue, By::Flow],
    figures: &[
        Figure {
            name: "conversations",
            unit: Unit::Count,
            made: Made::Sum("conversations"),
            rows: "conversations",
            title: Both { en: "Conversations", zh: "会话数" },
            definition: Both {
                en: "Conversations that began in the period, on every channel.",
                zh: "该时段内开始的会话，含所有渠道。",
            },
        },
        Figure {
            name: "queued",
            unit: Unit::Count,
            made: Made::Sum("queued"),
            rows: "queued",
            title: Both { en: "Queued", zh: "进入队列" },
            definition: Both {
                en: "Conversations that entered a queue at least once.",
                zh: "至少进入过一次队列的会话。",
            },
        },
        Figure {
            name: "talked",
            unit: Unit::Count,
            made: Made::Sum("talked"),
            rows: "talked",
            title: Both { en: "With an agent", zh: "坐席接待" },
            definition: Both {
                en: "Conversations in which an agent was connected, through a queue or directly.",
                zh: "有坐席接通的会话，包括经队列和直呼。",
            },
        },
        Figure {
            name: "alone",
            unit: Unit::Count,
            made: Made::Sum("alone"),
            rows: "alone",
            title: Both { en: "Without an agent", zh: "自助结束" },
            definition: Both {
                en: "Ended conversations that never entered a queue and had no agent.",
                zh: "未进入队列也没有坐席参与即结束的会话。",
            },
        },
    ],
};
