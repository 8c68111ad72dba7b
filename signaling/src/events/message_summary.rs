//! `message-summary` (RFC 3842): messages that wait, for the lamp of a phone. Only the account itself is told.

use super::{Package, Telling, Watchers};

pub(crate) const PACKAGE: Package = Package {
    name: "message-summary",
    content: "application/simple-message-summary",
    watchers: Watchers::Oneself,
    differs: |before, now| before.mail != now.mail,
    render,
};

fn render(telling: &Telling<'_>) -> String {
    let mail = telling.now.mail;
    let waiting = if mail.fresh > 0 { "yes" } else { "no" };
    let account: String = telling.entity.chars().filter(|c| !c.is_control()).collect();
    format!(
        "Messages-Waiting: {waiting}\r\nMessage-Account: {account}\r\nVoice-Message: {}/{}\r\n",
        mail.fresh, mail.old
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::{Extension, Mailbox};

    #[test]
    fn the_lamp_shines_for_fresh_messages_only() {
        let told = |fresh, old| {
            let now = Extension { mail: Mailbox { fresh, old }, ..Extension::default() };
            render(&Telling { entity: "sip:1101@h", version: 0, before: &Extension::default(), now: &now })
        };
        assert_eq!(
            told(2, 1),
            "Messages-Waiting: yes\r\nMessage-Account: sip:1101@h\r\nVoice-Message: 2/1\r\n"
        );
        assert!(told(0, 3).starts_with("Messages-Waiting: no\r\n"));
    }
}
