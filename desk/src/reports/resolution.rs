//! What was solved, and at the first contact.

use super::{Both, By, Figure, Made, Report, Source, Unit};

/// The report.
pub const REPORT: Report = Report {
    name: "resolution",
    title: Both { en: "Resolution", zh: "解决情况" },
    source: Source::Conversations,
    by: &[By::Day, By::Channel, By::Queue, By::Flow],
    figures: &[
        Figure {
            name: "talked",
            unit: Unit::Count,
            made: Made::Sum("talked"),
            rows: "talked",
            title: Both { en: "With an agent", zh: "坐席接待" },
            definition: Both {
                en: "Conversations in which an agent was connected.",
                zh: "有坐席接通的会话。",
            },
        },
        Figure {
            name: "resolved",
            unit: Unit::Count,
            made: Made::Sum("resolved"),
            rows: "resolved",
            title: Both { en: "Solved", zh: "已解决" },
            definition: Both {
                en: "Conversations whose ticket now counts as solved: pending confirmation or done.",
                zh: "工单目前已解决（待确认或已完成）的会话。",
            },
        },
        Figure {
            name: "resolved_ms",
            unit: Unit::Millis,
            made: Made::Mean("resolved_ms", "resolved"),
            rows: "resolved",
            title: Both { en: "Mean time to solution", zh: "平均解决时间" },
            definition: Both {
                en: "From the beginning of the conversation to the solution of its ticket, by the wall clock; mean.",
                zh: "从会话开始到其工单解决的平均自然时间。",
            },
        },
        Figure {
            name: "first_contact",
            unit: Unit::Percent,
            made: Made::Share(&["first_contact"], &["resolved"]),
            rows: "first_contact",
            title: Both { en: "Solved at the first contact", zh: "首次联系解决率" },
            definition: Both {
                en: "Of the solved ones, those whose ticket has this one conversation and never came back.",
                zh: "已解决会话中，工单仅有这一次会话且从未重新打开的比例。",
            },
        },
        Figure {
            name: "confirmed",
            unit: Unit::Count,
            made: Made::Sum("confirmed"),
            rows: "confirmed",
            title: Both { en: "Confirmed", zh: "已确认" },
            definition: Both {
                en: "Conversations whose ticket is done: the customer was asked and agreed.",
                zh: "工单已完成的会话：已征询客户并得到确认。",
            },
        },
    ],
};
