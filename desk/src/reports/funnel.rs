//! From the first step of a flow to the customer's agreement.

use super::{Both, By, Figure, Made, Report, Source, Unit};

/// The report.
pub const REPORT: Report = Report {
    name: "funnel",
    title: Both { en: "Funnel", zh: "漏斗" },
    source: Source::Conversations,
    by: &[By::Flow, By::Day, By::Channel],
    figures: &[
        Figure {
            name: "began",
            unit: Unit::Count,
            made: Made::Sum("conversations"),
            rows: "conversations",
            title: Both { en: "Began", zh: "开始" },
            definition: Both {
                en: "Conversations that began, by the flow and the version they began in.",
                zh: "开始的会话，按其开始时的流程及版本。",
            },
        },
        Figure {
            name: "queued",
            unit: Unit::Count,
            made: Made::Sum("queued"),
            rows: "queued",
            title: Both { en: "Queued", zh: "进入队列" },
            definition: Both { en: "Of these, those that entered a queue.", zh: "其中进入队列的。" },
        },
        Figure {
            name: "offered",
            unit: Unit::Count,
            made: Made::Sum("offered"),
            rows: "offered",
            title: Both { en: "Offered", zh: "已派单" },
            definition: Both {
                en: "Those that rang at an agent at least once.",
                zh: "至少向一位坐席振铃过的。",
            },
        },
        Figure {
            name: "talked",
            unit: Unit::Count,
            made: Made::Sum("talked"),
            rows: "talked",
            title: Both { en: "Answered", zh: "已接听" },
            definition: Both { en: "Those that an agent was connected to.", zh: "坐席接通的。" },
        },
        Figure {
            name: "resolved",
            unit: Unit::Count,
            made: Made::Sum("resolved"),
            rows: "resolved",
            title: Both { en: "Solved", zh: "已解决" },
            definition: Both { en: "Those whose ticket counts as solved.", zh: "工单已解决的。" },
        },
        Figure {
            name: "confirmed",
            unit: Unit::Count,
            made: Made::Sum("confirmed"),
            rows: "confirmed",
            title: Both { en: "Confirmed", zh: "已确认" },
            definition: Both { en: "Those whose ticket is done.", zh: "工单已完成的。" },
        },
    ],
};
