//! What every channel must do, whatever it carries.

use super::*;

const NOW: WallMillis = 1_700_000_000_000;

/// Something to try a channel with.
pub struct Sample {
    pub account: Account,
    /// A customer writes.
    pub request: Request,
    /// What they write; empty where customers do not write by web hook.
    pub text: &'static str,
    /// Who they are.
    pub address: &'static str,
}

pub fn account(kind: &'static Kind, settings: &[(&str, &str)]) -> Account {
    let settings =
        settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned().into())).collect();
    Account { name: "test".into(), kind, entry: "chat".into(), lang: Lang::En, settings }
}

pub fn posted(body: &str) -> Request {
    Request { method: "POST".into(), body: body.as_bytes().to_vec().into(), ..Request::default() }
}

pub fn out(peer: &str, text: &str, heard_at: WallMillis) -> Outbound {
    Outbound {
        id: "1-7.3".into(),
        conversation: InteractionId { node: 1, serial: 7 },
        seq: 3,
        peer: peer.to_owned().into(),
        address: String::new().into(),
        state: "{}".to_owned().into(),
        heard_at,
        text: text.to_owned().into(),
        detail: None,
        speaker: Speaker::Agent,
        at: heard_at,
    }
}

fn http() -> impl Iterator<Item = (&'static Kind, Http, Sample)> {
    CHANNELS.iter().filter_map(|kind| match kind.road {
        Road::Http(http) => Some((kind, http, (kind.sample)(NOW))),
        Road::Letters => None,
    })
}

#[test]
fn channels_and_their_settings_are_sorted_and_known_by_the_record() {
    assert!(CHANNELS.is_sorted_by_key(|kind| kind.name));
    for kind in CHANNELS {
        assert!(kind.settings.is_sorted_by_key(|setting| setting.name), "{}", kind.name);
        assert_eq!(abilities(kind.channel), Some(kind.abilities), "{}: one kind per channel", kind.name);
        assert!(!kind.channel.is_spoken());
    }
}

#[test]
fn what_a_customer_writes_comes_in_and_what_is_answered_goes_out_to_them() {
    for (kind, http, sample) in http() {
        if !sample.text.is_empty() {
            let parsed = (http.parse)(&sample.account, &sample.request, NOW).expect(kind.name);
            let [inbound] = parsed.inbound.as_slice() else { panic!("{}: one message", kind.name) };
            assert_eq!(inbound.text.reveal(), sample.text, "{}", kind.name);
            assert_eq!(inbound.address.reveal(), sample.address, "{}", kind.name);
            assert_eq!(inbound.said, Said::Message);
            assert!(!inbound.external.is_empty() && !inbound.peer.reveal().is_empty());
            let again = (http.parse)(&sample.account, &sample.request, NOW).expect(kind.name);
            assert_eq!(
                again.inbound[0].external, inbound.external,
                "{}: a repeat has the same name",
                kind.name
            );
        }
        let message = out("peer-1", "an answer 好", NOW);
        let mut keep = Keep::new();
        let granted = HttpAnswer {
            status: 200,
            retry_after: None,
            body: r#"{"access_token":"t","expires_in":7200}"#.to_owned().into(),
        };
        for _ in 0..3 {
            let request = (http.render)(&sample.account, &message, &keep, NOW).expect(kind.name);
            let body = request.body.reveal();
            if body.contains("an answer 好") {
                assert!(body.contains("peer-1"), "{}", kind.name);
            }
            if (http.answered)(
                &sample.account,
                &message,
                &Asked { request: &request, answer: &granted },
                &mut keep,
                NOW,
            ) != Fate::Again
            {
                assert!(body.contains("an answer 好"), "{}: sent without its words", kind.name);
                break;
            }
        }
    }
}

#[test]
fn what_is_not_signed_or_signed_long_ago_is_refused_and_nothing_is_read() {
    for (kind, http, sample) in http().filter(|(_, _, sample)| !sample.text.is_empty()) {
        let refused =
            |request: &Request, at| (http.parse)(&sample.account, request, at).expect_err(kind.name);
        assert_eq!(refused(&posted("{}"), NOW).status, 401, "{}: no signature", kind.name);
        assert_eq!(refused(&sample.request, NOW + 3_600_000).code, "stale", "{}", kind.name);
        assert_eq!(refused(&sample.request, NOW - 3_600_000).code, "stale", "{}", kind.name);
        let mut other = sample.account.clone();
        for secret in other.settings.values_mut() {
            *secret = format!("{}x", secret.reveal()).into();
        }
        let wrong = (http.parse)(&other, &sample.request, NOW).expect_err(kind.name);
        assert_eq!(wrong.code, "bad_signature", "{}", kind.name);
    }
}

#[test]
fn strange_bodies_and_queries_do_no_harm() {
    let mut rng = kernel::Rng::seeded(7);
    for (_, http, sample) in http() {
        for _ in 0..2_000 {
            let mut request = sample.request.clone();
            let mut body = request.body.into_inner();
            for _ in 0..=rng.below(4) {
                let at = rng.below(body.len().max(1) as u64) as usize;
                match rng.below(3) {
                    0 => body.truncate(at),
                    1 => body.insert(at.min(body.len()), rng.below(256) as u8),
                    _ => body.iter_mut().skip(at).take(1).for_each(|byte| *byte = byte.wrapping_add(1)),
                }
            }
            request.body = body.into();
            let _whatever = (http.parse)(&sample.account, &request, NOW);
        }
    }
}

#[test]
fn long_words_are_cut_and_not_lost() {
    let most = kernel::limits::MESSAGE_CHARS;
    assert_eq!(words(&"汉".repeat(most)).chars().count(), most);
    let cut = words(&"汉".repeat(most + 5));
    assert_eq!(cut.chars().count(), most);
    assert!(cut.ends_with('…'));
    assert_eq!(words(" a\0b "), "a\u{FFFD}b");
}
