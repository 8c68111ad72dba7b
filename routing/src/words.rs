//! Decisions in words, English and Chinese: the same that is kept as data (`reason`), for a page, a terminal, a report.

use std::fmt::Write;

use kernel::{AgentName, Lang};

use crate::reason::{OfferReason, Span, Waiting};

/// What a code means, of one agent or of several.
#[must_use]
pub fn code(code: &str, lang: Lang) -> &str {
    let (en, zh) = match code {
        "free" => ("free", "空闲"),
        "offered" => ("being rung", "正在振铃"),
        "busy" => ("busy", "忙碌"),
        "wrapup" => ("writing up", "整理中"),
        "not_ready" => ("on a break", "小休"),
        "just_missed" => ("just missed or refused an offer", "刚刚错过或拒绝"),
        "set_aside" => ("set aside for missing offers", "因未应答被暂停派单"),
        "offline" => ("not signed in or not reachable", "未登录或无法联系"),
        "no_skill" => ("without the skill", "缺少所需技能"),
        "waited" => ("the wait grew too long", "等待时间过长"),
        "max_wait" => ("the longest wait was reached", "达到最长等待时间"),
        "length" => ("the queue was full", "队列已满"),
        "closed" => ("the queue is closed", "队列已关闭"),
        "no_agent" => ("nobody for it is signed in", "没有相应坐席在线"),
        "unreachable" => ("cannot be reached", "无法联系"),
        "unknown" => ("there is no such agent", "没有该坐席"),
        "timed_out" => ("nobody answered", "无人应答"),
        "declined" => ("declined", "已拒绝"),
        "withdrawn" => ("the customer left or another was faster", "客户离开或他人先接"),
        other => (other, other),
    };
    match lang {
        Lang::En => en,
        Lang::Zh => zh,
    }
}

fn duration(ms: u64, lang: Lang) -> String {
    let seconds = ms / 1000;
    match (lang, seconds) {
        (Lang::En, 0..=119) => format!("{seconds} s"),
        (Lang::En, _) => format!("{} min {} s", seconds / 60, seconds % 60),
        (Lang::Zh, 0..=119) => format!("{seconds}秒"),
        (Lang::Zh, _) => format!("{}分{}秒", seconds / 60, seconds % 60),
    }
}

fn agents(list: &[(std::borrow::Cow<'static, str>, u32)], lang: Lang) -> String {
    let one = |(name, count): &(std::borrow::Cow<'static, str>, u32)| match lang {
        Lang::En => format!("{count} {}", code(name, lang)),
        Lang::Zh => format!("{count}人{}", code(name, lang)),
    };
    let joint = if lang == Lang::En { ", " } else { "，" };
    list.iter().map(one).collect::<Vec<_>>().join(joint)
}

/// Why this agent, in a few sentences.
#[must_use]
pub fn offer(agent: &AgentName, why: &OfferReason, lang: Lang) -> String {
    let (idle, waited) = (duration(why.idle_ms, lang), duration(why.waited_ms, lang));
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _written = match (lang, why.strategy.as_ref()) {
        (Lang::En, "direct") => write!(text, "{agent} was wanted directly."),
        (Lang::Zh, "direct") => write!(text, "直接呼叫{agent}。"),
        (Lang::En, "sticky") => {
            write!(text, "{agent}, who knows this customer, was free after a wait of {waited}.")
        }
        (Lang::Zh, "sticky") => write!(text, "等待{waited}后，熟悉该客户的{agent}空闲。"),
        (Lang::En, strategy) => write!(
            text,
            "{agent} was chosen by {strategy} among {} free: level {}, idle for {idle}; the customer had waited {waited}.",
            why.candidates, why.level
        ),
        (Lang::Zh, strategy) => write!(
            text,
            "按{strategy}从{}名空闲坐席中选中{agent}：等级{}，已空闲{idle}；客户已等待{waited}。",
            why.candidates, why.level
        ),
    };
    if let Some(score) = why.score {
        text += &match lang {
            Lang::En => format!(" Score of the lookup: {score}."),
            Lang::Zh => format!("查询分数：{score}。"),
        };
    }
    if why.preferred > 0 {
        text += &match lang {
            Lang::En => format!(" Preferred skills: {} points.", why.preferred),
            Lang::Zh => format!("优先技能得分：{}。", why.preferred),
        };
    }
    if why.ring > 0 {
        text += &match lang {
            Lang::En => format!(" The queue was asking its ring {} by then.", why.ring),
            Lang::Zh => format!("此时队列已扩展到第{}圈。", why.ring),
        };
    }
    if !why.others.is_empty() {
        let one = |(name, level, idle): &(AgentName, u8, u64)| match lang {
            Lang::En => format!("{name} (level {level}, idle {})", duration(*idle, lang)),
            Lang::Zh => format!("{name}（等级{level}，空闲{}）", duration(*idle, lang)),
        };
        let list = why.others.iter().map(one).collect::<Vec<_>>();
        text += &match lang {
            Lang::En => format!(" Next would have been {}.", list.join(", ")),
            Lang::Zh => format!("其后依次为{}。", list.join("、")),
        };
    }
    text + &excluded(&why.passed_over, lang)
}

fn excluded(list: &[(AgentName, std::borrow::Cow<'static, str>)], lang: Lang) -> String {
    if list.is_empty() {
        return String::new();
    }
    let one = |(name, why): &(AgentName, std::borrow::Cow<'static, str>)| match lang {
        Lang::En => format!("{name} ({})", code(why, lang)),
        Lang::Zh => format!("{name}（{}）", code(why, lang)),
    };
    let names: Vec<_> = list.iter().map(one).collect();
    match lang {
        Lang::En => format!(" Not asked: {}.", names.join(", ")),
        Lang::Zh => format!("未被询问：{}。", names.join("、")),
    }
}

/// Why work waited during a stretch.
#[must_use]
pub fn span(span: &Span, lang: Lang) -> String {
    let long = duration(u64::try_from(span.to.since(span.from).as_millis()).unwrap_or(u64::MAX), lang);
    let who = agents(&span.agents, lang);
    let (en, zh) = match span.state.as_ref() {
        "sticky" => {
            ("waited for the agent who knows this customer".to_owned(), "等待熟悉该客户的坐席".to_owned())
        }
        "later" => ("put off, its place kept".to_owned(), "已改期，位置保留".to_owned()),
        "ringing" => ("ringing".to_owned(), "振铃中".to_owned()),
        _ if who.is_empty() => {
            ("waited: nobody has what it asks for".to_owned(), "等待：没有符合要求的坐席".to_owned())
        }
        _ => (
            format!("waited; of those who fit at most: {who}"),
            format!("等待；符合要求的坐席（最多）：{who}"),
        ),
    };
    let ring = match (span.ring, lang) {
        (0, _) => String::new(),
        (ring, Lang::En) => format!(" (ring {ring})"),
        (ring, Lang::Zh) => format!("（第{ring}圈）"),
    };
    match lang {
        Lang::En => format!("{long}: {en}{ring}"),
        Lang::Zh => format!("{long}：{zh}{ring}"),
    }
}

/// How it stands with work that waits now.
#[must_use]
pub fn waiting(waiting: &Waiting, lang: Lang) -> String {
    let mut text = match lang {
        Lang::En => format!("Waits in {}, place {} of {}.", waiting.queue, waiting.position, waiting.of),
        Lang::Zh => format!("在{}中等待，第{}位，共{}位。", waiting.queue, waiting.position, waiting.of),
    };
    if let Some(wait) = waiting.wait {
        let wait = duration(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX), lang);
        text += &match lang {
            Lang::En => format!(" About {wait} more."),
            Lang::Zh => format!("预计还需{wait}。"),
        };
    }
    text + &excluded(&waiting.passed_over, lang)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reason::Code;

    #[test]
    fn every_code_has_words_in_both_languages() {
        for known in Code::ALL {
            assert!(!code(known.name(), Lang::Zh).is_ascii(), "{}", known.name());
        }
        assert_eq!(code("wrapup", Lang::En), "writing up");
        assert_eq!(code("something new", Lang::Zh), "something new");
    }
}
