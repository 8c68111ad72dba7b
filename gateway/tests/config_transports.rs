//! The configuration of transports, protection and TURN: what it says, and what it says of mistakes.

use gateway::config::{Config, Flags};
use signaling::sdp::SrtpUse;

#[path = "config/folder.rs"]
mod folder;

use folder::Folder;

#[test]
fn everything_is_off_until_it_is_asked_for() {
    let config = Folder::new("").read(&Flags::default()).expect("valid");
    assert!(config.sips.is_empty() && config.https.is_none() && config.turn.is_none());
    assert_eq!((config.web_calls, config.video_codecs.len(), config.observe), (None, 4, None));
    assert_eq!((config.srtp, config.tls.files), (SrtpUse::Accept, None));
}

#[test]
fn files_are_found_beside_the_configuration_and_flags_win() {
    let folder = Folder::new(
        "[listen]\nsips = [\"127.0.0.1:5061\", \"[::1]:5061\"]\nhttps = \"127.0.0.1:8443\"\n\
         [tls]\ncertificate = \"desk.pem\"\nkey = \"desk.key\"\nnames = [\"desk.example.com\"]\n\
         [sip]\nsrtp = \"require\"\n\
         [sip.hep]\nto = \"[2001:db8::7]:9060\"\ncapture_id = 7\npassword = \"north\"\n\
         [turn]\nurls = [\"turn:turn.example.com:3478?transport=udp\"]\nsecret = \"north\"\nlifetime = 600\n",
    );
    let config = folder.read(&Flags::default()).expect("valid");
    assert_eq!(config.sips.len(), 2);
    assert_eq!(config.https, "127.0.0.1:8443".parse().ok());
    let beside = |name: &str| folder.0.join(name);
    assert_eq!(config.tls.files, Some((beside("desk.pem"), beside("desk.key"))));
    assert_eq!(config.srtp, SrtpUse::Require);
    let hep = config.hep.expect("a collector");
    assert_eq!((hep.to.as_str(), hep.capture_id), ("[2001:db8::7]:9060", 7));
    assert!(!format!("{hep:?}").contains("north"), "the password is hidden from logs");
    let turn = config.turn.expect("servers");
    assert_eq!((turn.lifetime, turn.urls.len()), (600, 1));
    let flags = Flags {
        sips: vec!["127.0.0.1:6061".parse().expect("address")],
        https: "127.0.0.1:9443".parse().ok(),
        ..Flags::default()
    };
    let config = folder.read(&flags).expect("valid");
    assert_eq!((config.sips, config.https), (flags.sips, flags.https));
}

#[test]
fn mistakes_name_their_line_and_what_would_be_right() {
    for (text, line, words) in [
        ("[listen]\nsips = [\"here\"]\n", 2, "an IP address and a port"),
        ("[sip.hep]\nto = \"homer\"\n", 2, "host:port, as in homer.example.com:9060"),
        ("[sip.hep]\nto = \"a b:9060\"\n", 2, "host:port"),
        ("[sip.hep]\nto = \"homer:9060\"\ncapture_id = 0\n", 3, "1 to 4294967295"),
        ("[sip.hep]\nto = \"homer:9060\"\npassword = \"\"\n", 3, "env:NAME"),
        ("[tls]\ncertificate = \"desk.pem\"\n", 2, "both certificate"),
        ("[tls]\ncertificate = \"desk.pem\"\nkey = \"none.key\"\n", 3, "which is not there"),
        ("[tls]\n\ntrust = [\"none.pem\"]\n", 3, "which is not there"),
        ("[sip.guard]\nallow = [\"here\"]\n", 2, "an IP address or a block"),
        ("[sip.guard]\nfailures = 0\n", 2, "1 to 100000"),
        ("[sip.guard]\nban_s = 600\nlongest_ban_s = 60\n", 3, "at least ban_s"),
        ("[sip.guard]\nwithin_s = 0\n", 2, "more than 0 seconds"),
        ("[sip.guard]\nban = 5\n", 2, "unknown field"),
        ("[sip]\nsrtp = \"yes\"\n", 2, "\"accept\", \"offer\" or \"require\""),
        ("[turn]\nurls = [\"http://x\"]\nsecret = \"s\"\n", 2, "turn:HOST:PORT"),
        ("[turn]\nurls = []\nsecret = \"\"\n", 3, "an empty secret"),
        ("[turn]\nurls = []\nsecret = \"s\"\nlifetime = 5\n", 4, "60 to 604800"),
        ("[speech]\nmodel = \"huge\"\n", 2, "auto, "),
        ("[web_calls]\nnumber = \"1003\"\n", 2, "one of the [[numbers]]"),
        ("[observe]\nnumber = \"1003\"\n", 2, "one of the [[numbers]]"),
        (
            "[observe]\nnumber = \"\"\n[observe.audiosocket]\nlisten = \"here\"\nfrom = []\n",
            4,
            "an IP address and a port",
        ),
        (
            "[observe]\nnumber = \"\"\n[observe.audiosocket]\nlisten = \"[::1]:9\"\nfrom = [\"x\"]\n",
            5,
            "192.0.2.0/24",
        ),
        ("[web_calls]\nnumber = \"1003\"\nvideo = [\"vp8\", \"h263\"]\n", 3, "one of VP8, H264, VP9, AV1"),
    ] {
        let problems = Folder::new(text).read(&Flags::default()).expect_err(text);
        assert!(
            problems
                .iter()
                .any(|problem| problem.starts_with(&format!("{line}:")) && problem.contains(words)),
            "{text}: {problems:?}"
        );
    }
}

const NUMBER: &str = "[[numbers]]\nnumber = \"chat\"\nflow = \"flow.toml\"\n";

fn channels(text: &str) -> Result<Config, Vec<String>> {
    let folder = Folder::new(&format!("{NUMBER}{text}"));
    let flow = "[flow]\nname = \"chat\"\n[entries]\nchat = { step = \"end\", text = true }\n[steps.end]\nkind = \"hangup\"\n";
    std::fs::write(folder.0.join("flow.toml"), flow).expect("written");
    folder.read(&Flags::default())
}

#[test]
fn a_channel_has_what_its_kind_asks_for() {
    let config = channels(
        "[[channels]]\nname = \"sms\"\nkind = \"webhook\"\nentry = \"chat\"\nlang = \"zh\"\nsecret = \"s\"\nurl = \"https://sms.example/out\"\n",
    );
    let config = config.unwrap_or_else(|problems| panic!("{problems:#?}"));
    let sms = &config.channels["sms"];
    assert_eq!((sms.kind.name, sms.entry.as_str(), sms.lang), ("webhook", "chat", kernel::Lang::Zh));
    assert_eq!(sms.setting("url"), "https://sms.example/out");
    assert!(!format!("{sms:?}").contains("sms.example"), "settings are hidden from logs");
}

#[test]
fn mistakes_of_channels_are_told_with_their_place() {
    let wrong = |text: &str, line: usize, found: &str, right: &str| {
        let problems = channels(text).expect_err("wrong");
        let place = format!(":{}:", NUMBER.lines().count() + line);
        let told =
            problems.iter().any(|one| one.contains(&place) && one.contains(found) && one.contains(right));
        assert!(told, "{found} in {problems:#?}");
    };
    let base = "[[channels]]\nname = \"sms\"\nkind = \"webhook\"\nentry = \"chat\"\nsecret = \"s\"\n";
    wrong(base, 1, "without `url`", "https://");
    wrong(&format!("{base}url = \"ftp://x\"\n"), 6, "ftp://x", "https://");
    wrong(&format!("{base}url = \"https://x\"\ntoken = \"t\"\n"), 7, "`token`", "secret, url");
    wrong("[[channels]]\nname = \"a\"\nkind = \"fax\"\nentry = \"chat\"\n", 3, "\"fax\"", "webhook, wechat");
    wrong(
        "[[channels]]\nname = \"a\"\nkind = \"app\"\nentry = \"1\"\nsecret = \"s\"\n",
        4,
        "\"1\"",
        "[[numbers]]",
    );
    wrong(
        "[[channels]]\nname = \"A b\"\nkind = \"app\"\nentry = \"chat\"\nsecret = \"s\"\n",
        2,
        "\"A b\"",
        "a-z",
    );
    wrong(
        "[[channels]]\nname = \"a\"\nkind = \"app\"\nentry = \"chat\"\nsecret = \"env:VOXDESK_NO_SUCH\"\n",
        5,
        "not in the environment",
        "env:NAME",
    );
    let wechat = "[[channels]]\nname = \"w\"\nkind = \"wechat\"\nentry = \"chat\"\ntoken = \"t\"\napp_id = \"wx\"\nsecret = \"s\"\n";
    wrong(&format!("{wechat}aes_key = \"short\"\n"), 8, "EncodingAESKey", "43");
    let twice = "[[channels]]\nname = \"a\"\nkind = \"app\"\nentry = \"chat\"\nsecret = \"s\"\n";
    wrong(&format!("{twice}{twice}"), 6, "second channel", "another name");
}

#[test]
fn the_guard_is_on_with_loopback_allowed_until_it_is_told_otherwise() {
    let usual = Folder::new("").read(&Flags::default()).expect("valid");
    let rules = usual.guard.expect("on");
    assert_eq!((rules.failures, rules.within.as_secs(), rules.ban.as_secs()), (20, 600, 300));
    assert!(rules.allow.iter().any(|network| network.contains([127, 0, 0, 2].into())));
    assert_eq!(usual.calls_per_source, None);
    let off = Folder::new("[sip.guard]\nenabled = false\ncalls_at_once = 3\n").read(&Flags::default());
    let off = off.expect("valid");
    assert_eq!((off.guard, off.calls_per_source), (None, None));
    let own = Folder::new(
        "[sip]\nmax_calls = 5\n[sip.guard]\nallow = []\nfailures = 3\nwithin_s = 60\nban_s = 5\nlongest_ban_s = 50\n\
         messages_per_second = 0\ncalls_per_second = 7\ncalls_at_once = 3\n",
    );
    let own = own.read(&Flags::default()).expect("valid");
    let rules = own.guard.expect("on");
    assert!(rules.allow.is_empty());
    assert_eq!((rules.failures, rules.ban.as_secs(), rules.longest_ban.as_secs()), (3, 5, 50));
    assert_eq!((rules.messages_per_second, rules.calls_per_second), (0, 7));
    assert_eq!(own.calls_per_source, Some(3));
}
