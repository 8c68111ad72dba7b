//! Answers to WeChat customers: the access token, the customer service message, the template after the window.

use serde_json::json;

use super::super::{Account, Asked, Fate, HttpRequest, Keep, Outbound, Unsendable};
use crate::WallMillis;

/// Where the interface is, unless the configuration says otherwise.
const API: &str = "https://api.weixin.qq.com";
/// How long after the customer was last heard of a customer service message is taken.
const WINDOW_MS: i64 = 48 * 3_600_000;
/// A token is replaced this long before it ends, in milliseconds.
const EARLY_MS: i64 = 120_000;

/// Where a token is asked for.
const TOKEN_PATH: &str = "/cgi-bin/stable_token";
const TOKEN: &str = "token";
const TOKEN_UNTIL: &str = "token_until";
/// The last token was refused: the next one must be new.
const FRESH: &str = "fresh";

/// What is asked next.
enum Step {
    Token,
    Message,
    Template,
}

fn step(account: &Account, out: &Outbound, keep: &Keep, now: WallMillis) -> Result<Step, Unsendable> {
    let has_template = account.given("template").is_some();
    // WeChat's word on the window counts more than our clock.
    let closed = keep.contains_key(&closed(out)) || now.saturating_sub(out.heard_at) > WINDOW_MS;
    if closed && !has_template {
        return Err(Unsendable("wechat_window".into()));
    }
    let until = keep.get(TOKEN_UNTIL).and_then(|until| until.reveal().parse::<i64>().ok()).unwrap_or(0);
    Ok(match keep.contains_key(TOKEN) && now < until {
        false => Step::Token,
        true if closed => Step::Template,
        true => Step::Message,
    })
}

/// Known by the customer and when they were last heard of: once they write again, the window is open.
fn closed(out: &Outbound) -> String {
    format!("closed/{}/{}", out.heard_at, out.peer.reveal())
}

pub fn render(
    account: &Account,
    out: &Outbound,
    keep: &Keep,
    now: WallMillis,
) -> Result<HttpRequest, Unsendable> {
    let api = account.given("api").unwrap_or(API).trim_end_matches('/');
    let token = keep.get(TOKEN).map_or("", |token| token.reveal().as_str());
    let (path, body) = match step(account, out, keep, now)? {
        Step::Token => (
            TOKEN_PATH.to_owned(),
            json!({
                "grant_type": "client_credential",
                "appid": account.setting("app_id"),
                "secret": account.setting("secret"),
                "force_refresh": keep.contains_key(FRESH),
            }),
        ),
        Step::Message => (
            format!("/cgi-bin/message/custom/send?access_token={token}"),
            json!({ "touser": out.peer.reveal(), "msgtype": "text", "text": { "content": out.text.reveal() } }),
        ),
        Step::Template => {
            let field = account.given("template_field").unwrap_or("content");
            (
                format!("/cgi-bin/message/template/send?access_token={token}"),
                json!({
                    "touser": out.peer.reveal(),
                    "template_id": account.setting("template"),
                    "client_msg_id": out.id,
                    "data": { field: { "value": out.text.reveal() } },
                }),
            )
        }
    };
    Ok(HttpRequest { url: format!("{api}{path}").into(), headers: Vec::new(), body: body.to_string().into() })
}

pub fn answered(
    account: &Account,
    out: &Outbound,
    asked: &Asked<'_>,
    keep: &mut Keep,
    now: WallMillis,
) -> Fate {
    let Asked { request, answer } = asked;
    if !(200..=299).contains(&answer.status) {
        return Fate::Later(format!("http_{}", answer.status), answer.retry_after);
    }
    let Ok(body) = serde_json::from_str::<serde_json::Value>(answer.body.reveal()) else {
        return Fate::Later("not_json".into(), None);
    };
    let code = body.get("errcode").and_then(serde_json::Value::as_i64).unwrap_or(0);
    if request.url.reveal().ends_with(TOKEN_PATH) {
        return granted(&body, code, keep, now);
    }
    match code {
        0 => Fate::Sent(body.get("msgid").map(ToString::to_string)),
        // The token is not, or no longer, good; another message may have fetched a new one meanwhile.
        40001 | 40014 | 42001 => {
            if keep.get(TOKEN).is_some_and(|token| request.url.reveal().ends_with(token.reveal())) {
                keep.remove(TOKEN);
                keep.insert(FRESH.into(), String::new().into());
            }
            Fate::Again
        }
        // The window has closed.
        45015 if account.given("template").is_some() => {
            keep.insert(closed(out), String::new().into());
            Fate::Again
        }
        45015 => Fate::Never("wechat_window".into()),
        // Too many messages without an answer of the customer.
        45047 => Fate::Never("wechat_limit".into()),
        // Busy; too many requests today.
        -1 | 45009 | 45011 => Fate::Later(format!("wechat_{code}"), None),
        _ => Fate::Never(format!("wechat_{code}")),
    }
}

/// An answer to the wish for a token. Without one nothing is sent: somebody must mend the settings, and it is tried again.
fn granted(body: &serde_json::Value, code: i64, keep: &mut Keep, now: WallMillis) -> Fate {
    let Some(token) = body.get("access_token").and_then(serde_json::Value::as_str) else {
        return Fate::Later(format!("wechat_{code}"), None);
    };
    let lasts = body.get("expires_in").and_then(serde_json::Value::as_i64).unwrap_or(7200);
    let until = now.saturating_add(lasts.saturating_mul(1000)).saturating_sub(EARLY_MS.min(lasts * 500));
    keep.insert(TOKEN.into(), token.to_owned().into());
    keep.insert(TOKEN_UNTIL.into(), until.to_string().into());
    keep.remove(FRESH);
    Fate::Again
}
