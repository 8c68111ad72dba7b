//! The subject line of a new ticket, in the language of the conversation.

use kernel::{Lang, QueueName};

use crate::{Channel, address};

/// One line for a ticket that a conversation opens: the road, who came, and the queue if there was one.
#[must_use]
pub fn subject(channel: Channel, caller: &str, queue: Option<&QueueName>, lang: Lang) -> String {
    let who = match (address::shown(caller), lang) {
        (who, _) if who == "anonymous" => anonymous(lang).to_owned(),
        (who, Lang::Zh) => who.strip_prefix("visitor ").map_or(who.clone(), |id| format!("访客 {id}")),
        (who, Lang::En) => who,
    };
    // The line names the road itself.
    let who = who.strip_prefix("WeChat ").unwrap_or(&who);
    let line = match (lang, channel) {
        (Lang::En, Channel::Voice) => format!("Call from {who}"),
        (Lang::En, Channel::Video) => format!("Video call from {who}"),
        (Lang::En, Channel::Chat) => format!("Chat with {who}"),
        (Lang::En, Channel::App) => format!("Chat in the app with {who}"),
        (Lang::En, Channel::Mail) => format!("Mail from {who}"),
        (Lang::En, Channel::Wechat) => format!("WeChat with {who}"),
        (Lang::En, Channel::Webhook) => format!("Message from {who}"),
        (Lang::Zh, Channel::Voice) => format!("{who} 来电"),
        (Lang::Zh, Channel::Video) => format!("{who} 视频来电"),
        (Lang::Zh, Channel::Chat) => format!("{who} 在线咨询"),
        (Lang::Zh, Channel::App) => format!("{who} 应用内咨询"),
        (Lang::Zh, Channel::Mail) => format!("{who} 来信"),
        (Lang::Zh, Channel::Wechat) => format!("{who} 微信咨询"),
        (Lang::Zh, Channel::Webhook) => format!("{who} 发来消息"),
    };
    match (queue, lang) {
        (Some(queue), Lang::En) => format!("{line} ({queue})"),
        (Some(queue), Lang::Zh) => format!("{line}（{queue}）"),
        (None, _) => line,
    }
}

const fn anonymous(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "a withheld number",
        Lang::Zh => "匿名号码",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_names_road_caller_and_queue_in_the_language_of_the_conversation() {
        let sales = QueueName::from("sales");
        assert_eq!(
            subject(Channel::Voice, "tel:+49 30 1", Some(&sales), Lang::En),
            "Call from +49301 (sales)"
        );
        assert_eq!(subject(Channel::Chat, "chat:9f2c1177", None, Lang::En), "Chat with visitor 9f2c11");
        assert_eq!(subject(Channel::Chat, "chat:9f2c1177", None, Lang::Zh), "访客 9f2c11 在线咨询");
        assert_eq!(
            subject(Channel::Voice, "sip:anonymous@anonymous.invalid", None, Lang::Zh),
            "匿名号码 来电"
        );
        assert_eq!(subject(Channel::Wechat, "wechat:wx1/oAbc123456", None, Lang::En), "WeChat with 123456");
        assert_eq!(subject(Channel::Mail, "mailto:Ann@example.com", None, Lang::Zh), "ann@example.com 来信");
        assert_eq!(subject(Channel::Video, "tel:+8610", Some(&sales), Lang::Zh), "+8610 视频来电（sales）");
    }
}
