//! How many were answered within what was promised.

use super::{Both, By, Figure, Made, Report, Source, Unit};

/// The report.
pub const REPORT: Report = Report {
    name: "service",
    title: Both { en: "Service level", zh: "服务水平" },
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
            name: "answered",
            unit: Unit::Count,
            made: Made::Sum("answered"),
            rows: "answered",
            title: Both { en: "Answered", zh: "已接听" },
            definition: Both {
                en: "Of the queued ones, those that an agent was connected to.",
                zh: "进入队列的会话中坐席接通的。",
            },
        },
        Figure {
            name: "in_target",
            unit: Unit::Count,
            made: Made::Sum("in_target"),
            rows: "in_target",
            title: Both { en: "Answered in time", zh: "按时接听" },
            definition: Both {
                en: "Answered after a wait no longer than the queue's target (setting targets; 20 seconds unless set) at the time the conversation began.",
                zh: "等待时间不超过会话开始时队列目标（设置 targets，默认 20 秒）的已接听会话。",
            },
        },
        Figure {
            name: "service_level",
            unit: Unit::Percent,
            made: Made::Share(&["in_target"], &["in_target", "late_answer", "late_abandon"]),
            rows: "in_target",
            title: Both { en: "Service level", zh: "服务水平" },
            definition: Both {
                en: "Answered in time, of: answered, plus abandoned after the target. Who leaves sooner, and callbacks, are not counted.",
                zh: "按时接听数 ÷（已接听 + 超过目标后放弃）。目标时间内放弃的和回呼不计。",
            },
        },
        Figure {
            name: "answer_ms",
            unit: Unit::Millis,
            made: Made::Mean("wait_answered_ms", "answered"),
            rows: "answered",
            title: Both { en: "Mean speed of answer", zh: "平均应答速度" },
            definition: Both {
                en: "From entering the queue to the connection, mean over the answered.",
                zh: "从进入队列到接通的平均时间，仅计已接听。",
            },
        },
    ],
};
