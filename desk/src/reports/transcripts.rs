//! How good the transcripts are.

use super::{Both, By, Figure, Made, Report, Source, Unit};

/// The report.
pub const REPORT: Report = Report {
    name: "transcripts",
    title: Both { en: "Transcripts", zh: "转写质量" },
    source: Source::Conversations,
    by: &[By::Day, By::Hour, By::Queue],
    figures: &[
        Figure {
            name: "transcribed",
            unit: Unit::Count,
            made: Made::Sum("transcribed"),
            rows: "transcribed",
            title: Both { en: "With a transcript", zh: "有转写" },
            definition: Both {
                en: "Conversations with at least one recognised utterance.",
                zh: "至少有一句识别文字的会话。",
            },
        },
        Figure {
            name: "utterances",
            unit: Unit::Count,
            made: Made::Sum("utterances"),
            rows: "transcribed",
            title: Both { en: "Utterances", zh: "语句数" },
            definition: Both { en: "Recognised utterances.", zh: "识别出的语句数。" },
        },
        Figure {
            name: "delay_ms",
            unit: Unit::Millis,
            made: Made::Mean("delay_ms", "utterances"),
            rows: "transcribed",
            title: Both { en: "Mean delay", zh: "平均延迟" },
            definition: Both {
                en: "From the end of an utterance to its final text in the record, mean.",
                zh: "从一句话说完到其最终文字入库的平均时间。",
            },
        },
        Figure {
            name: "late",
            unit: Unit::Percent,
            made: Made::Share(&["late"], &["utterances"]),
            rows: "late",
            title: Both { en: "Late", zh: "迟到比例" },
            definition: Both {
                en: "Utterances whose final text came more than 3 seconds after their end, of all.",
                zh: "说完 3 秒以后才得到最终文字的语句比例。",
            },
        },
        Figure {
            name: "confidence",
            unit: Unit::Percent,
            made: Made::Mean("confidence", "rated_utterances"),
            rows: "rated_utterances",
            title: Both { en: "Mean confidence", zh: "平均置信度" },
            definition: Both {
                en: "How sure the recogniser was of an utterance (the mean of its words' probabilities), mean. Of corrected lines, of what it had written.",
                zh: "识别器对每句话的把握（各词概率的平均值）的平均值；已更正的语句按更正前的识别结果计算。",
            },
        },
        Figure {
            name: "corrected",
            unit: Unit::Percent,
            made: Made::Share(&["corrected"], &["utterances"]),
            rows: "corrected",
            title: Both { en: "Corrected", zh: "更正比例" },
            definition: Both {
                en: "Utterances that somebody corrected, of all.",
                zh: "被人工更正过的语句比例。",
            },
        },
    ],
};
