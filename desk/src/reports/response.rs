//! How soon somebody answered.

use super::{Both, By, Figure, Made, Report, Source, Unit};

/// The report.
pub const REPORT: Report = Report {
    name: "response",
    title: Both { en: "First response", zh: "首次响应" },
    source: Source::Conversations,
    by: &[By::Day, By::Hour, By::Channel, By::Queue],
    figures: &[
        Figure {
            name: "responded",
            unit: Unit::Count,
            made: Made::Sum("responded"),
            rows: "responded",
            title: Both { en: "Answered by an agent", zh: "坐席已响应" },
            definition: Both {
                en: "Conversations to which an agent gave a first response: the connection of a call, the first message of a chat.",
                zh: "坐席作出首次响应的会话：通话为接通，聊天为第一条消息。",
            },
        },
        Figure {
            name: "response_ms",
            unit: Unit::Millis,
            made: Made::Mean("response_ms", "responded"),
            rows: "responded",
            title: Both { en: "Mean first response", zh: "平均首次响应时间" },
            definition: Both {
                en: "From entering the queue (without one: from the beginning) to the first response, mean over those that had one.",
                zh: "从进入队列（无队列则从会话开始）到首次响应的平均时间，仅计已响应的会话。",
            },
        },
    ],
};
