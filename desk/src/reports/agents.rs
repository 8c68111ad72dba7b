//! What agents did with their time.

use super::{Both, By, Figure, Made, Report, Source, Unit};

/// The report.
pub const REPORT: Report = Report {
    name: "agents",
    title: Both { en: "Agents", zh: "坐席" },
    source: Source::Agents,
    by: &[By::Agent, By::Day, By::Hour],
    figures: &[
        Figure {
            name: "handled",
            unit: Unit::Count,
            made: Made::Sum("handled"),
            rows: "handled",
            title: Both { en: "Handled", zh: "已处理" },
            definition: Both {
                en: "Ended conversations that this agent was the last to have.",
                zh: "由该坐席最后接待且已结束的会话。",
            },
        },
        Figure {
            name: "handle_ms",
            unit: Unit::Millis,
            made: Made::Mean("handle_ms", "handled"),
            rows: "handled",
            title: Both { en: "Mean handling time", zh: "平均处理时长" },
            definition: Both {
                en: "From the connection to the end of the conversation, mean.",
                zh: "从接通到会话结束的平均时长。",
            },
        },
        Figure {
            name: "ready_ms",
            unit: Unit::Millis,
            made: Made::Sum("ready_ms"),
            rows: "",
            title: Both { en: "Ready", zh: "就绪时间" },
            definition: Both { en: "Time in the state ready.", zh: "处于就绪状态的时间。" },
        },
        Figure {
            name: "ringing_ms",
            unit: Unit::Millis,
            made: Made::Sum("ringing_ms"),
            rows: "",
            title: Both { en: "Ringing", zh: "振铃时间" },
            definition: Both { en: "Time while an offer rang.", zh: "来单振铃的时间。" },
        },
        Figure {
            name: "talking_ms",
            unit: Unit::Millis,
            made: Made::Sum("talking_ms"),
            rows: "",
            title: Both { en: "In a call", zh: "通话时间" },
            definition: Both { en: "Time in the state talking.", zh: "处于通话状态的时间。" },
        },
        Figure {
            name: "wrapup_ms",
            unit: Unit::Millis,
            made: Made::Sum("wrapup_ms"),
            rows: "",
            title: Both { en: "Wrap-up", zh: "话后处理" },
            definition: Both { en: "Time of writing up.", zh: "话后处理的时间。" },
        },
        Figure {
            name: "occupancy",
            unit: Unit::Percent,
            made: Made::Share(
                &["ringing_ms", "talking_ms", "wrapup_ms"],
                &["ready_ms", "ringing_ms", "talking_ms", "wrapup_ms"],
            ),
            rows: "",
            title: Both { en: "Occupancy", zh: "占用率" },
            definition: Both {
                en: "Ringing, in a call or writing up, of that and ready together. Calls only: who has chats alone counts as ready.",
                zh: "振铃、通话和话后处理时间，占其与就绪时间之和的比例。仅计通话：只有聊天时算就绪。",
            },
        },
        Figure {
            name: "break_ms",
            unit: Unit::Millis,
            made: Made::Sum("break_ms"),
            rows: "",
            title: Both { en: "Not ready", zh: "未就绪" },
            definition: Both { en: "Time reachable but not ready.", zh: "在线但未就绪的时间。" },
        },
        Figure {
            name: "rating",
            unit: Unit::Score,
            made: Made::Mean("rating_sum", "rated"),
            rows: "rated",
            title: Both { en: "Mean score", zh: "平均分" },
            definition: Both {
                en: "Mean survey score of the conversations this agent was the last to have.",
                zh: "由该坐席最后接待的会话的平均评分。",
            },
        },
    ],
};
