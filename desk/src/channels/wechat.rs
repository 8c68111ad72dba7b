//! A WeChat official account (微信公众号): messages and events in, answers by the customer service interface out.
//!
//! In: `GET /hooks/NAME` proves the address, `POST` carries XML, plain or in safe mode (AES). The answer is always `success`
//! at once; what agents write goes by `message/custom/send`, which WeChat allows for 48 hours after the customer was last
//! heard of. After that a template message is sent where one is configured, and the agent is told otherwise.

mod envelope;
mod sending;

use serde_json::{Map, Value, json};
use sha1::{Digest as _, Sha1};

use super::{
    Abilities, Account, Form, Http, Inbound, Kind, NAME_BYTES, Need, Parsed, Refused, Request, Road, Said,
    Setting, words,
};
use crate::{Channel, WallMillis};

/// The channel.
pub const CHANNEL: Kind = Kind {
    name: "wechat",
    channel: Channel::Wechat,
    // WeChat takes 2048 bytes of text; a Chinese character has three.
    abilities: Abilities { subject: false, files: false, longest: 680, flow_speaks: true, typing: false },
    settings: &[
        Setting { name: "aes_key", form: Form::AesKey, need: Need::Optional },
        Setting { name: "api", form: Form::Url, need: Need::Optional },
        Setting { name: "app_id", form: Form::Text, need: Need::Needed },
        Setting { name: "secret", form: Form::Secret, need: Need::Needed },
        Setting { name: "template", form: Form::Text, need: Need::Optional },
        Setting { name: "template_field", form: Form::Text, need: Need::Optional },
        Setting { name: "token", form: Form::Secret, need: Need::Needed },
    ],
    road: Road::Http(Http { parse, render: sending::render, answered: sending::answered }),
    #[cfg(test)]
    sample: tests::sample,
};

/// How far WeChat's clock may be from ours, in milliseconds: its repeats carry the time of the first.
const WINDOW_MS: i64 = 600_000;

fn parse(account: &Account, request: &Request, now: WallMillis) -> Result<Parsed, Refused> {
    let query = |name: &str| request.query.get(name).map_or("", String::as_str);
    let (timestamp, nonce) = (query("timestamp"), query("nonce"));
    if sign(&[account.setting("token"), timestamp, nonce]) != query("signature").to_ascii_lowercase() {
        return Err(Refused::new(401, "bad_signature", "the signature does not fit the configured token"));
    }
    let time = timestamp.parse::<i64>().unwrap_or(0).saturating_mul(1000);
    if time.saturating_sub(now).abs() > WINDOW_MS {
        return Err(Refused::new(401, "stale", "the timestamp is more than ten minutes from ours"));
    }
    if request.method == "GET" {
        return Ok(Parsed { answer: ("text/plain", query("echostr").to_owned()), inbound: Vec::new() });
    }
    let outer = fields(request.body.reveal())?;
    let inner = match account.given("aes_key") {
        None => outer,
        Some(key) => {
            let sealed = field(&outer, "Encrypt");
            let parts = [account.setting("token"), timestamp, nonce, sealed];
            if sealed.is_empty() || sign(&parts) != query("msg_signature").to_ascii_lowercase() {
                let message = "the account is in safe mode, and msg_signature does not fit";
                return Err(Refused::new(401, "bad_signature", message));
            }
            let opened = envelope::open(key, account.setting("app_id"), sealed);
            fields(&opened.ok_or_else(|| {
                Refused::new(
                    401,
                    "bad_envelope",
                    "what was sent does not open with the configured aes_key and app_id",
                )
            })?)?
        }
    };
    // The passive answer must come within five seconds and is left empty: people answer by the customer service interface.
    Ok(Parsed { answer: ("text/plain", "success".to_owned()), inbound: vec![read(account, &inner)?] })
}

/// SHA-1 over the sorted parts, as WeChat signs.
fn sign(parts: &[&str]) -> String {
    let mut parts = parts.to_vec();
    parts.sort_unstable();
    hex::encode(Sha1::digest(parts.concat().as_bytes()))
}

type Fields = Vec<(String, String)>;

/// The children of `<xml>` with their texts. What has children of its own is passed over.
fn fields(body: &[u8]) -> Result<Fields, Refused> {
    let bad = || Refused::new(400, "bad_request", "the body must be the XML that WeChat sends");
    let text = std::str::from_utf8(body).map_err(|_| bad())?;
    let document = roxmltree::Document::parse(text).map_err(|_| bad())?;
    let root = document.root_element();
    let texts = root.children().filter(roxmltree::Node::is_element).map(|node| {
        let text: String = node.children().filter_map(|child| child.text()).collect();
        (node.tag_name().name().to_owned(), text)
    });
    Ok(texts.collect())
}

fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.iter().find(|(known, _)| known == name).map_or("", |(_, text)| text.as_str())
}

fn read(account: &Account, fields: &Fields) -> Result<Inbound, Refused> {
    let get = |name: &str| field(fields, name);
    let peer = get("FromUserName").trim();
    if peer.is_empty() || peer.len() > NAME_BYTES || peer.chars().any(|c| c.is_control() || c == '/') {
        return Err(Refused::new(400, "bad_request", "FromUserName is missing"));
    }
    let kind = get("MsgType");
    // Messages are told apart by MsgId, events by sender and time (WeChat's own rule).
    let external = match get("MsgId") {
        "" => format!("{peer}/{}/{}", get("CreateTime"), get("Event")),
        id => id.to_owned(),
    };
    if external.len() > NAME_BYTES {
        return Err(Refused::new(400, "bad_request", "MsgId is too long"));
    }
    let mut detail = Map::new();
    let (text, said) = match kind {
        "event" => {
            let event = get("Event").to_ascii_lowercase();
            detail.insert("event".into(), event.clone().into());
            if !get("EventKey").is_empty() {
                detail.insert("key".into(), get("EventKey").into());
            }
            // Whoever touches a menu entry wants something; the other events are noted.
            match event.as_str() {
                "click" => (format!("[{}]", get("EventKey")), Said::Message),
                _ => (String::new(), Said::Event(code(&event))),
            }
        }
        _ => (message(kind, fields, &mut detail), Said::Message),
    };
    Ok(Inbound {
        external,
        address: format!("wechat:{}/{peer}", account.setting("app_id")).into(),
        peer: peer.to_owned().into(),
        name: None,
        text: text.into(),
        detail: detail.into(),
        state: None,
        follows: Vec::new(),
        names: None,
        said,
    })
}

fn code(event: &str) -> String {
    let plain: String = event.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(40).collect();
    format!("wechat_{plain}")
}

fn message(kind: &str, fields: &Fields, detail: &mut Map<String, Value>) -> String {
    let get = |name: &str| field(fields, name);
    let file = |detail: &mut Map<String, Value>, url: &str| {
        let media = get("MediaId");
        let file = json!({ "name": kind, "url": url, "media": media, "format": get("Format") });
        detail.insert("files".into(), json!([file]));
    };
    match kind {
        "text" => words(get("Content")),
        "image" => {
            file(detail, get("PicUrl"));
            "[图片 picture]".to_owned()
        }
        // With recognition switched on in the account's settings, WeChat sends what it heard.
        "voice" => {
            file(detail, "");
            match get("Recognition").trim() {
                "" => "[语音 voice]".to_owned(),
                heard => words(heard),
            }
        }
        "video" | "shortvideo" => {
            file(detail, "");
            "[视频 video]".to_owned()
        }
        "location" => {
            words(&format!("[位置 location] {} {},{}", get("Label"), get("Location_X"), get("Location_Y")))
        }
        "link" => words(&format!("{} {}", get("Title"), get("Url"))),
        other => format!("[{}]", code(other)),
    }
}

#[cfg(test)]
mod tests;
