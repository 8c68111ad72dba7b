//! Messages that others wrote to be hard (RFC 4475, RFC 5118) or just wrote (captured): nothing panics, every request
//! gets an answer that fits, no response gets any.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::wire::{Ours, PEER, udp};
use signaling::In;

/// Every file of a folder under `data/`, by name.
#[expect(clippy::disallowed_methods, reason = "a test reads its data; the core does not")]
pub fn messages(folder: &str) -> BTreeMap<String, Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(folder);
    let entries = fs::read_dir(folder).expect("the folder is there");
    let file = |entry: fs::DirEntry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        (name.trim_end_matches(".dat").to_owned(), fs::read(entry.path()).expect("readable"))
    };
    entries.map(|entry| file(entry.expect("an entry"))).collect()
}

/// Statuses that answer a message, provisional ones left out.
fn answers(bytes: &[u8]) -> Vec<u16> {
    let mut ours = Ours::new();
    let outs = ours.feed(In::Datagram { path: udp(PEER), bytes });
    let mut statuses = outs.statuses();
    if !outs.news().is_empty() {
        statuses.retain(|status| *status >= 200);
        statuses.push(0);
    }
    statuses
}

/// A call was reported to the owner.
const CALL: u16 = 0;

#[test]
fn the_messages_of_rfc_4475_get_the_answers_that_it_describes() {
    let expected: &[(&str, &[u16])] = &[
        ("badaspec", &[400]),
        ("badbranch", &[200]),
        ("baddate", &[CALL]),
        ("baddn", &[200]),
        ("badinv01", &[400]),
        ("badvers", &[505]),
        ("bcast", &[]),
        ("bext01", &[420]),
        ("bigcode", &[]),
        ("clerr", &[400]),
        ("cparam01", &[401]),
        ("cparam02", &[401]),
        ("dblreq", &[401]),
        ("esc01", &[CALL]),
        ("esc02", &[501]),
        ("escnull", &[401]),
        ("escruri", &[CALL]),
        ("insuf", &[400]),
        ("intmeth", &[501]),
        ("inv2543", &[CALL]),
        ("invut", &[415]),
        ("longreq", &[CALL]),
        ("ltgtruri", &[400]),
        ("lwsdisp", &[200]),
        ("lwsruri", &[400]),
        ("lwsstart", &[400]),
        ("mcl01", &[400]),
        ("mismatch01", &[400]),
        ("mismatch02", &[400]),
        ("mpart01", &[405]),
        ("multi01", &[400]),
        ("ncl", &[400]),
        ("noreason", &[]),
        ("novelsc", &[416]),
        ("quotbal", &[400]),
        ("regaut01", &[401]),
        ("regbadct", &[401]),
        ("regescrt", &[401]),
        ("scalar02", &[400]),
        ("scalarlg", &[]),
        ("sdp01", &[CALL]),
        ("semiuri", &[200]),
        ("transports", &[200]),
        ("trws", &[400]),
        ("unkscm", &[416]),
        ("unksm2", &[401]),
        ("unreason", &[]),
        // Its To has a tag of no dialog of ours.
        ("wsinv", &[481]),
        ("zeromf", &[483]),
    ];
    let all = messages("rfc4475");
    for (name, expected) in expected {
        let bytes = all.get(*name).expect("the message is there");
        assert_eq!(answers(bytes), *expected, "{name}");
    }
}

#[test]
fn the_messages_of_rfc_5118_are_understood_unless_they_are_wrong() {
    for (name, bytes) in messages("rfc5118") {
        let wrong = name.starts_with("4.2_") || name.starts_with("4.10_testIPv6ReferenceBugInRFC3261ABNF0");
        // This one announces more than its file holds.
        let short = name.starts_with("4.6_");
        let answers = answers(&bytes);
        assert_eq!(answers == [400], wrong || short, "{name}: {answers:?}");
    }
}

#[test]
fn real_clients_are_understood() {
    for (name, bytes) in messages("captured") {
        let answers = answers(&bytes);
        let expected: &[u16] = match &name {
            n if n.contains("_ACK_") => &[],
            n if n.contains("REGISTER") => &[401],
            n if n.contains("OPTIONS") => &[200],
            _ => &[CALL],
        };
        assert_eq!(answers, expected, "{name}");
    }
}
