//! vCon: parties, one dialog per line of text, and the whole transcript as an analysis.

use serde_json::{Value, json};

use super::Line;
use super::json::said;
use crate::{Conversation, Speaker, WallMillis};

pub(super) fn vcon(conversation: &Conversation, lines: &[Line]) -> String {
    let parties = parties(conversation, lines);
    let party = |line: &Line| parties.iter().position(|p| is_party(p, line)).unwrap_or(0);
    let dialog: Vec<Value> = lines
        .iter()
        .map(|line| {
            json!({
                "type": "text",
                "start": stamp(line.at),
                "duration": (line.end_ms - line.start_ms) as f64 / 1000.0,
                "parties": [party(line)],
                "originator": party(line),
                "mediatype": "text/plain",
                "encoding": "none",
                "body": line.text,
            })
        })
        .collect();
    let spoken: Vec<usize> = (0..lines.len()).filter(|&n| lines[n].spoken).collect();
    let transcript: Vec<Value> = spoken
        .iter()
        .map(|&n| {
            let mut part = said(&lines[n]);
            part["party"] = json!(party(&lines[n]));
            part
        })
        .collect();
    let analysis = json!([{
        "type": "transcript",
        "dialog": spoken,
        "vendor": "Voxdesk",
        "mediatype": "application/json",
        "encoding": "json",
        "body": transcript,
    }]);
    let whole = json!({
        "vcon": "0.4.0",
        "uuid": uuid(conversation),
        "created_at": stamp(conversation.ended_at.unwrap_or(conversation.started_at)),
        "subject": conversation.called,
        "parties": parties,
        "dialog": dialog,
        "analysis": if spoken.is_empty() { json!([]) } else { analysis },
    });
    whole.to_string()
}

/// The customer first, then everybody who said something.
fn parties(conversation: &Conversation, lines: &[Line]) -> Vec<Value> {
    let customer = if conversation.channel.is_spoken() {
        json!({ "role": "customer", "name": "customer", "tel": conversation.caller })
    } else {
        json!({ "role": "customer", "name": "customer" })
    };
    let mut parties = vec![customer];
    for line in lines {
        if line.speaker != Speaker::Customer && !parties.iter().any(|p| is_party(p, line)) {
            let role = if line.speaker == Speaker::Agent { "agent" } else { "system" };
            parties.push(json!({ "role": role, "name": line.name }));
        }
    }
    parties
}

fn is_party(party: &Value, line: &Line) -> bool {
    party["name"] == line.name.as_str() || (line.speaker == Speaker::Customer && party["role"] == "customer")
}

/// A UUID of version 8 (RFC 9562 section 5.8) made of the conversation's id: the same conversation, the same UUID.
fn uuid(conversation: &Conversation) -> String {
    let (node, serial) = (conversation.id.node, conversation.id.serial);
    let at = conversation.started_at.unsigned_abs() & 0xffff_ffff_ffff;
    format!(
        "{:08x}-{:04x}-8{:03x}-8{:03x}-{:012x}",
        at >> 16,
        at & 0xffff,
        node & 0xfff,
        (serial >> 48) & 0xfff,
        serial & 0xffff_ffff_ffff
    )
}

/// RFC 3339 in UTC; days to dates by the civil calendar's 400-year period.
pub(super) fn stamp(at: WallMillis) -> String {
    let (days, ms) = (at.div_euclid(86_400_000), at.rem_euclid(86_400_000));
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (h, m, s) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60);
    format!("{year:04}-{month:02}-{day:02}T{h:02}:{m:02}:{s:02}.{:03}Z", ms % 1_000)
}
