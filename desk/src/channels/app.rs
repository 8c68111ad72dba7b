//! A company's own app. Its customers write by the API (`/api/v1/app/NAME/…`); what is written to them goes to the app's
//! own push service as a signed request with the words and a link into the app.

use serde_json::json;

use super::webhook::{answered, signed};
use super::{
    Abilities, Account, Form, Http, HttpRequest, Keep, Kind, Need, Outbound, Parsed, Refused, Request, Road,
    Setting, Unsendable,
};
use crate::{Channel, WallMillis};

/// The channel.
pub const CHANNEL: Kind = Kind {
    name: "app",
    channel: Channel::App,
    abilities: Abilities {
        subject: false,
        files: true,
        longest: kernel::limits::MESSAGE_CHARS,
        flow_speaks: true,
        typing: true,
    },
    settings: &[
        Setting { name: "link", form: Form::Text, need: Need::Optional },
        Setting { name: "secret", form: Form::Secret, need: Need::Needed },
        Setting { name: "url", form: Form::Url, need: Need::Optional },
    ],
    road: Road::Http(Http { parse, render, answered }),
    #[cfg(test)]
    sample: tests::sample,
};

fn parse(_: &Account, _: &Request, _: WallMillis) -> Result<Parsed, Refused> {
    Err(Refused::new(404, "not_found", "an app writes by /api/v1/app/, not by a web hook"))
}

fn render(account: &Account, out: &Outbound, _: &Keep, now: WallMillis) -> Result<HttpRequest, Unsendable> {
    let conversation = out.conversation.to_string();
    let link = account.given("link").map(|link| link.replace("{conversation}", &conversation));
    let body = json!({
        "id": out.id,
        "channel": account.name,
        "conversation": conversation,
        "seq": out.seq,
        "customer": out.peer.reveal(),
        "text": out.text.reveal(),
        "speaker": out.speaker,
        "at": out.at,
        "link": link,
        "files": out.files().iter().map(|file| json!({ "name": file.name, "size": file.size })).collect::<Vec<_>>(),
    })
    .to_string();
    // Without a push service the app reads by itself; such messages are never put into the outbox.
    match account.given("url") {
        Some(url) => Ok(signed(account, url, &out.id, body, now)),
        None => Err(Unsendable("no_push_service".into())),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Sample, account, posted};
    use super::*;

    pub fn sample(_: WallMillis) -> Sample {
        let settings =
            [("secret", "s"), ("url", "https://push.example/"), ("link", "shop://chat/{conversation}")];
        Sample { account: account(&CHANNEL, &settings), request: posted("{}"), text: "", address: "user:7" }
    }
}
