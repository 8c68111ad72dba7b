//! The protocol as WeChat publishes it.

use super::super::tests::{Sample, account, posted};
use super::super::{Asked, Fate, Http, HttpAnswer, Keep, Outbound, Unsendable};
use super::*;

const AES_KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
const TEXT: &str = "<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[oAbc_1]]></FromUserName>\
    <CreateTime>1700000000</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[订单 & <在哪里>?]]></Content>\
    <MsgId>1234567890123456</MsgId></xml>";

fn signed(request: &mut Request, parts: &[&str], name: &str, now: WallMillis) {
    let timestamp = (now / 1000).to_string();
    let mut all = vec!["tok", timestamp.as_str(), "n0nce"];
    all.extend(parts);
    request.query.insert(name.into(), sign(&all));
    request.query.insert("timestamp".into(), timestamp.clone());
    request.query.insert("nonce".into(), "n0nce".into());
}

pub fn sample(now: WallMillis) -> Sample {
    let account = account(&CHANNEL, &[("token", "tok"), ("app_id", "wx1"), ("secret", "s")]);
    let mut request = posted(TEXT);
    signed(&mut request, &[], "signature", now);
    Sample { account, request, text: "订单 & <在哪里>?", address: "wechat:wx1/oAbc_1" }
}

#[test]
fn the_address_is_proved_by_the_echo() {
    let Sample { account, mut request, .. } = sample(1_000_000);
    request.method = "GET".into();
    request.query.insert("echostr".into(), "5837".into());
    let parsed = parse(&account, &request, 1_000_000).expect("signed");
    assert_eq!((parsed.answer.1.as_str(), parsed.inbound.len()), ("5837", 0));
    request.query.insert("nonce".into(), "other".into());
    assert_eq!(parse(&account, &request, 1_000_000).expect_err("refused").code, "bad_signature");
}

#[test]
fn safe_mode_opens_with_the_right_key_account_and_signature_only() {
    let settings = [("token", "tok"), ("app_id", "wx1"), ("secret", "s"), ("aes_key", AES_KEY)];
    let safe = account(&CHANNEL, &settings);
    let sealed = |app_id: &str| {
        let sealed = envelope::seal(AES_KEY, app_id, TEXT);
        let body = format!(
            "<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        );
        let mut request = posted(&body);
        signed(&mut request, &[], "signature", 0);
        signed(&mut request, &[&sealed], "msg_signature", 0);
        request
    };
    let parsed = parse(&safe, &sealed("wx1"), 0).expect("opens");
    assert_eq!(parsed.inbound[0].text.reveal(), "订单 & <在哪里>?");
    assert_eq!(parse(&safe, &sealed("wx2"), 0).expect_err("another account").code, "bad_envelope");
    let mut torn = sealed("wx1");
    torn.query.insert("msg_signature".into(), "00".into());
    assert_eq!(parse(&safe, &torn, 0).expect_err("not signed").code, "bad_signature");
    let mut plain = posted(TEXT);
    signed(&mut plain, &[], "signature", 0);
    assert_eq!(parse(&safe, &plain, 0).expect_err("plain in safe mode").code, "bad_signature");
    for torn in ["", "AAAA", &"A".repeat(64), "%%%"] {
        assert_eq!(envelope::open(AES_KEY, "wx1", torn), None);
    }
}

fn told(inner: &str) -> Inbound {
    let Sample { account, .. } = sample(0);
    let mut request =
        posted(&format!("<xml><FromUserName>o1</FromUserName><CreateTime>5</CreateTime>{inner}</xml>"));
    signed(&mut request, &[], "signature", 0);
    parse(&account, &request, 0).expect("taken").inbound.remove(0)
}

#[test]
fn every_kind_of_message_is_words_with_particulars() {
    let image =
        told("<MsgType>image</MsgType><PicUrl>https://p/1</PicUrl><MediaId>m</MediaId><MsgId>1</MsgId>");
    assert_eq!(image.detail.reveal()["files"][0]["url"], "https://p/1");
    let voice = "<MsgType>voice</MsgType><MediaId>m</MediaId><Format>amr</Format><Recognition>你好</Recognition><MsgId>2</MsgId>";
    assert_eq!(told(voice).text.reveal(), "你好");
    let event = told("<MsgType>event</MsgType><Event>subscribe</Event>");
    assert_eq!(
        (event.said, event.external.as_str()),
        (Said::Event("wechat_subscribe".into()), "o1/5/subscribe")
    );
    let click = told("<MsgType>event</MsgType><Event>CLICK</Event><EventKey>help</EventKey>");
    assert_eq!((click.said, click.text.reveal().as_str()), (Said::Message, "[help]"));
    assert_eq!(told("<MsgType>hologram</MsgType><MsgId>3</MsgId>").text.reveal(), "[wechat_hologram]");
}

fn out(heard_at: WallMillis) -> Outbound {
    super::super::tests::out("oAbc_1", "您好", heard_at)
}

/// Answers in turn, until the fate is settled; the paths that were asked.
fn sends(
    account: &Account,
    keep: &mut Keep,
    now: WallMillis,
    answers: &[&str],
) -> (Vec<String>, Result<Fate, Unsendable>) {
    let Road::Http(Http { render, answered, .. }) = CHANNEL.road else { panic!("http") };
    let mut paths = Vec::new();
    let message = out(0);
    for body in answers {
        let request = match render(account, &message, keep, now) {
            Ok(request) => request,
            Err(unsendable) => return (paths, Err(unsendable)),
        };
        paths.push(request.url.reveal().trim_start_matches("https://api.weixin.qq.com/cgi-bin/").to_owned());
        let answer = HttpAnswer { status: 200, retry_after: None, body: (*body).to_owned().into() };
        match answered(account, &message, &Asked { request: &request, answer: &answer }, keep, now) {
            Fate::Again => {}
            fate => return (paths, Ok(fate)),
        }
    }
    (paths, Ok(Fate::Again))
}

const GRANT: &str = r#"{"access_token":"T","expires_in":7200}"#;

#[test]
fn a_token_is_fetched_kept_and_replaced_when_it_expires() {
    let Sample { account, .. } = sample(0);
    let mut keep = Keep::new();
    let (paths, fate) = sends(&account, &mut keep, 0, &[GRANT, r#"{"errcode":0,"errmsg":"ok"}"#]);
    assert_eq!(paths, ["stable_token", "message/custom/send?access_token=T"]);
    assert_eq!(fate, Ok(Fate::Sent(None)));
    let (paths, _) = sends(&account, &mut keep, 1000, &[r#"{"errcode":0}"#]);
    assert_eq!(paths, ["message/custom/send?access_token=T"], "kept");
    let expired = r#"{"errcode":42001,"errmsg":"access_token expired"}"#;
    let (paths, fate) = sends(&account, &mut keep, 2000, &[expired, GRANT, r#"{"errcode":0}"#]);
    assert_eq!(paths.len(), 3);
    assert_eq!(fate, Ok(Fate::Sent(None)));
    let (paths, _) = sends(&account, &mut keep, 7_200_000, &[GRANT, r#"{"errcode":0}"#]);
    assert_eq!(paths[0], "stable_token", "replaced before its end");
}

#[test]
fn after_48_hours_the_template_goes_or_the_agent_is_told() {
    let Sample { account: bare, .. } = sample(0);
    let settings = [("token", "tok"), ("app_id", "wx1"), ("secret", "s"), ("template", "t1")];
    let with_template = account(&CHANNEL, &settings);
    let late = 48 * 3_600_000 + 1;
    let (_, refused) = sends(&bare, &mut Keep::new(), late, &[GRANT]);
    assert_eq!(refused, Err(Unsendable("wechat_window".into())));
    let done = r#"{"errcode":0,"msgid":77}"#;
    let (paths, fate) = sends(&with_template, &mut Keep::new(), late, &[GRANT, done]);
    assert_eq!(
        (paths[1].as_str(), fate),
        ("message/template/send?access_token=T", Ok(Fate::Sent(Some("77".into()))))
    );
    // WeChat's own word counts when the clocks differ.
    let closed = r#"{"errcode":45015,"errmsg":"response out of time limit"}"#;
    let (_, fate) = sends(&bare, &mut Keep::new(), 1000, &[GRANT, closed]);
    assert_eq!(fate, Ok(Fate::Never("wechat_window".into())));
    let (paths, _) = sends(&with_template, &mut Keep::new(), 1000, &[GRANT, closed, done]);
    assert_eq!(paths[2], "message/template/send?access_token=T");
}

#[test]
fn what_cannot_be_sent_says_why() {
    let Sample { account, .. } = sample(0);
    let fate = |code: i64| {
        let mut keep = Keep::new();
        sends(&account, &mut keep, 0, &[GRANT, &format!(r#"{{"errcode":{code}}}"#)]).1.expect("asked")
    };
    assert_eq!(fate(45047), Fate::Never("wechat_limit".into()));
    assert_eq!(fate(-1), Fate::Later("wechat_-1".into(), None));
    assert_eq!(fate(40003), Fate::Never("wechat_40003".into()));
}

#[test]
fn a_token_that_another_message_fetched_meanwhile_is_no_answer_to_this_one() {
    let Road::Http(Http { render, answered, .. }) = CHANNEL.road else { panic!("http") };
    let Sample { account, .. } = sample(0);
    let (message, mut keep) = (out(0), Keep::new());
    let both = [(); 2].map(|()| render(&account, &message, &keep, 0).expect("the token first"));
    let granted = HttpAnswer { status: 200, retry_after: None, body: GRANT.to_owned().into() };
    for request in &both {
        let asked = Asked { request, answer: &granted };
        assert_eq!(answered(&account, &message, &asked, &mut keep, 0), Fate::Again, "not sent yet");
    }
    let old = render(&account, &message, &keep, 0).expect("the message");
    keep.insert("token".into(), "NEWER".to_owned().into());
    let expired = HttpAnswer { body: r#"{"errcode":42001}"#.to_owned().into(), ..granted };
    let asked = Asked { request: &old, answer: &expired };
    assert_eq!(answered(&account, &message, &asked, &mut keep, 0), Fate::Again);
    assert_eq!(keep["token"].reveal(), "NEWER", "only the token that was refused is thrown away");
}
