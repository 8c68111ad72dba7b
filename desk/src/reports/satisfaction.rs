//! What customers said of it.

use super::{Both, By, Figure, Made, Report, Source, Unit};

/// The report.
pub const REPORT: Report = Report {
    name: "satisfaction",
    title: Both { en: "Satisfaction", zh: "满意度" },
    source: Source::Conversations,
    by: &[By::Day, By::Channel, By::Queue, By::Flow],
    figures: &[
        Figure {
            name: "rated",
            unit: Unit::Count,
            made: Made::Sum("rated"),
            rows: "rated",
            title: Both { en: "Answers", zh: "评价数" },
            definition: Both {
                en: "Conversations in which the customer answered a survey; of several answers the last.",
                zh: "客户回答了满意度调查的会话，多次回答取最后一次。",
            },
        },
        Figure {
            name: "content",
            unit: Unit::Percent,
            made: Made::Share(&["content"], &["rated"]),
            rows: "content",
            title: Both { en: "Satisfied", zh: "满意率" },
            definition: Both {
                en: "Answers of 4 or 5, of all answers. Other scales are stretched to 1 to 5.",
                zh: "4 分和 5 分占全部评价的比例；其他分制换算为 1 至 5 分。",
            },
        },
        Figure {
            name: "rating",
            unit: Unit::Score,
            made: Made::Mean("rating_sum", "rated"),
            rows: "rated",
            title: Both { en: "Mean score", zh: "平均分" },
            definition: Both { en: "Mean of the scores from 1 to 5.", zh: "1 至 5 分的平均分。" },
        },
        Figure {
            name: "score_1",
            unit: Unit::Count,
            made: Made::Sum("rated_1"),
            rows: "rated_1",
            title: Both { en: "Score 1", zh: "1 分" },
            definition: Both { en: "Answers of 1.", zh: "评价为 1 分的会话。" },
        },
        Figure {
            name: "score_2",
            unit: Unit::Count,
            made: Made::Sum("rated_2"),
            rows: "rated_2",
            title: Both { en: "Score 2", zh: "2 分" },
            definition: Both { en: "Answers of 2.", zh: "评价为 2 分的会话。" },
        },
        Figure {
            name: "score_3",
            unit: Unit::Count,
            made: Made::Sum("rated_3"),
            rows: "rated_3",
            title: Both { en: "Score 3", zh: "3 分" },
            definition: Both { en: "Answers of 3.", zh: "评价为 3 分的会话。" },
        },
        Figure {
            name: "score_4",
            unit: Unit::Count,
            made: Made::Sum("rated_4"),
            rows: "rated_4",
            title: Both { en: "Score 4", zh: "4 分" },
            definition: Both { en: "Answers of 4.", zh: "评价为 4 分的会话。" },
        },
        Figure {
            name: "score_5",
            unit: Unit::Count,
            made: Made::Sum("rated_5"),
            rows: "rated_5",
            title: Both { en: "Score 5", zh: "5 分" },
            definition: Both { en: "Answers of 5.", zh: "评价为 5 分的会话。" },
        },
    ],
};
