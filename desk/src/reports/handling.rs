//! How long conversations with an agent took.

use super::{Both, By, Figure, Made, Report, Source, Unit};

/// The report.
pub const REPORT: Report = Report {
    name: "handling",
    title: Both { en: "Handling", zh: "处理时长" },
    source: Source::Conversations,
    by: &[By::Day, By::Hour, By::Channel, By::Queue, By::Flow],
    figures: &[
        Figure {
            name: "handled",
            unit: Unit::Count,
            made: Made::Sum("handled"),
            rows: "handled",
            title: Both { en: "Handled", zh: "已处理" },
            definition: Both {
                en: "Ended conversations in which an agent was connected.",
                zh: "有坐席接通且已结束的会话。",
            },
        },
        Figure {
            name: "handle_ms",
            unit: Unit::Millis,
            made: Made::Mean("handle_ms", "handled"),
            rows: "handled",
            title: Both { en: "Mean handling time", zh: "平均处理时长" },
            definition: Both {
                en: "From the connection with the first agent to the end, holds and transfers included, wrap-up not; mean.",
                zh: "从第一位坐席接通到会话结束的平均时长，含保持和转接，不含话后处理。",
            },
        },
    ],
};
