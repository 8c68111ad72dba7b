//! Any service that posts signed JSON to us and takes the same from us: an SMS provider, a messenger's bridge.
//!
//! In: `POST /hooks/NAME` with `{"id": "m1", "from": "+4930…", "text": "…", "name"?, "files"?: [{"name", "url"}]}`, or up to
//! a hundred of these as `{"messages": […]}`. Out: the same shape to `url`, with `to` instead of `from`.

use serde::Deserialize;
use serde_json::json;

use super::sign::{check, signed_post};
use super::{
    Abilities, Account, Asked, Fate, Form, Http, HttpRequest, Inbound, Keep, Kind, Need, Outbound, Parsed,
    Refused, Request, Road, Said, Setting, Unsendable, by_status, name, words,
};
use crate::{Channel, WallMillis};

/// The channel.
pub const CHANNEL: Kind = Kind {
    name: "webhook",
    channel: Channel::Webhook,
    abilities: Abilities { subject: false, files: false, longest: 1600, flow_speaks: true, typing: false },
    settings: &[
        Setting { name: "secret", form: Form::Secret, need: Need::Needed },
        Setting { name: "url", form: Form::Url, need: Need::Needed },
    ],
    road: Road::Http(Http { parse, render, answered }),
    #[cfg(test)]
    sample: tests::sample,
};

/// Messages in one request.
const BATCH: usize = 100;
/// Files named by one message.
const FILES: usize = 20;

#[derive(Deserialize)]
#[serde(untagged)]
enum Posted {
    Many { messages: Vec<Message> },
    One(Message),
}

#[derive(Deserialize)]
struct Message {
    id: String,
    from: String,
    #[serde(default)]
    text: String,
    name: Option<String>,
    #[serde(default)]
    files: Vec<File>,
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    name: String,
    url: String,
}

fn parse(account: &Account, request: &Request, now: WallMillis) -> Result<Parsed, Refused> {
    check(request, account.setting("secret"), now)?;
    let bad = |message: String| Refused::new(400, "bad_request", message);
    let posted: Posted = serde_json::from_slice(request.body.reveal()).map_err(|_| {
        bad("the body must be {\"id\", \"from\", \"text\"} or {\"messages\": [{\"id\", \"from\", \"text\"}, …]}".into())
    })?;
    let messages = match posted {
        Posted::One(message) => vec![message],
        Posted::Many { messages } if (1..=BATCH).contains(&messages.len()) => messages,
        Posted::Many { messages } => {
            return Err(bad(format!("{} messages; 1 to {BATCH} at once", messages.len())));
        }
    };
    let inbound: Vec<Inbound> =
        messages.into_iter().map(|message| read(account, message)).collect::<Result<_, _>>()?;
    Ok(Parsed { answer: ("application/json", json!({ "accepted": inbound.len() }).to_string()), inbound })
}

fn read(account: &Account, message: Message) -> Result<Inbound, Refused> {
    let peer = name("from", &message.from)?;
    let text = words(&message.text);
    let mut detail = serde_json::Map::new();
    if !message.files.is_empty() {
        if message.files.len() > FILES || message.files.iter().any(|file| !file.url.starts_with("https://")) {
            let right = format!("`files` must be at most {FILES} with an `url` that begins with https://");
            return Err(Refused::new(400, "bad_request", right));
        }
        let files = message.files.iter().map(|file| json!({ "name": file.name, "url": file.url })).collect();
        detail.insert("files".into(), serde_json::Value::Array(files));
    } else if text.is_empty() {
        return Err(Refused::new(400, "bad_request", "`text` must not be empty where there are no `files`"));
    }
    Ok(Inbound {
        external: name("id", &message.id)?,
        address: address(&account.name, &peer).into(),
        peer: peer.into(),
        name: message.name.map(|name| words(&name).chars().take(80).collect::<String>().into()),
        text: text.into(),
        detail: detail.into(),
        state: None,
        follows: Vec::new(),
        names: None,
        said: Said::Message,
    })
}

/// A number is the number of a phone, so that who calls and who writes is one person.
fn address(channel: &str, peer: &str) -> String {
    let digits = peer.strip_prefix('+').unwrap_or(peer);
    let spaced = |b: u8| b.is_ascii_digit() || matches!(b, b' ' | b'-');
    match digits.bytes().all(spaced) && digits.bytes().filter(u8::is_ascii_digit).count() >= 7 {
        true => format!("tel:{peer}"),
        false => format!("webhook:{channel}/{peer}"),
    }
}

fn render(account: &Account, out: &Outbound, _: &Keep, now: WallMillis) -> Result<HttpRequest, Unsendable> {
    let body = json!({
        "id": out.id,
        "channel": account.name,
        "conversation": out.conversation.to_string(),
        "to": out.peer.reveal(),
        "text": out.text.reveal(),
        "speaker": out.speaker,
        "at": out.at,
    })
    .to_string();
    Ok(signed(account, account.setting("url"), &out.id, body, now))
}

/// A request signed with the account's secret.
pub(super) fn signed(account: &Account, url: &str, id: &str, body: String, now: WallMillis) -> HttpRequest {
    signed_post(account.setting("secret"), url, id, body, now)
}

pub(super) fn answered(_: &Account, _: &Outbound, asked: &Asked<'_>, _: &mut Keep, _: WallMillis) -> Fate {
    by_status(asked.answer)
}

#[cfg(test)]
mod tests {
    use super::super::HttpAnswer;
    use super::super::sign::signature;
    use super::super::tests::{Sample, account, posted};
    use super::*;

    pub fn sample(now: WallMillis) -> Sample {
        let account = account(&CHANNEL, &[("secret", "s3cret"), ("url", "https://sms.example/out")]);
        let body = json!({ "id": "m1", "from": "+49 30 1234567", "text": "你好" }).to_string();
        let mut request = posted(&body);
        let signature = signature("s3cret", now, body.as_bytes());
        request.headers.insert("x-voxdesk-signature".into(), signature);
        Sample { account, request, text: "你好", address: "tel:+49 30 1234567" }
    }

    #[test]
    fn several_messages_come_at_once_and_a_wrong_one_refuses_all() {
        let account = sample(0).account;
        let parsed = |body: &str| {
            let mut request = posted(body);
            request.headers.insert("x-voxdesk-signature".into(), signature("s3cret", 0, body.as_bytes()));
            parse(&account, &request, 0)
        };
        let two = r#"{"messages":[{"id":"1","from":"a","text":"x"},{"id":"2","from":"b","text":"y"}]}"#;
        let read = parsed(two).expect("two");
        assert_eq!(read.answer.1, r#"{"accepted":2}"#);
        assert_eq!(read.inbound[1].address.reveal(), "webhook:test/b");
        for wrong in [
            r#"{"messages":[]}"#,
            r#"{"messages":[{"id":"1","from":"a","text":"x"},{"id":"","from":"b","text":"y"}]}"#,
            r#"{"id":"1","from":"a","text":" "}"#,
            r#"{"id":"1","from":"a","files":[{"url":"file:///etc/passwd"}]}"#,
            "[]",
            "",
        ] {
            assert_eq!(parsed(wrong).expect_err("refused").status, 400, "{wrong}");
        }
    }

    #[test]
    fn what_the_other_side_answers_decides() {
        let fate = |status, body: &str| {
            by_status(&HttpAnswer { status, retry_after: Some(9_000), body: body.to_owned().into() })
        };
        assert_eq!(fate(202, r#"{"id":"x-1"}"#), Fate::Sent(Some("x-1".into())));
        assert_eq!(fate(200, "ok"), Fate::Sent(None));
        assert_eq!(fate(429, ""), Fate::Later("http_429".into(), Some(9_000)));
        assert_eq!(fate(422, ""), Fate::Never("http_422".into()));
    }
}
