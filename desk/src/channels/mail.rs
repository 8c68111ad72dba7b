//! Mail: letters in by IMAP, letters out by SMTP. Reading and writing them; fetching and posting is the gateway's.
//!
//! Promises: nothing of a letter's HTML reaches a page, only its text; what machines send (returned letters, out-of-office
//! answers, lists, our own letters) is known and never answered; a letter without a name gets one from its content, so that
//! it too is taken once. A letter belongs to the conversation whose letters it refers to, or whose token stands in its subject.

mod reading;
mod writing;

use hmac::{Hmac, KeyInit as _, Mac as _};
use kernel::InteractionId;
use sha2::Sha256;

use super::{Abilities, Account, Form, Kind, Need, Road, Setting};
use crate::Channel;

pub use reading::{File, Letter, letter, named_files};
pub use writing::{Posting, posting};

/// The channel.
pub const CHANNEL: Kind = Kind {
    name: "mail",
    channel: Channel::Mail,
    abilities: Abilities {
        subject: true,
        files: true,
        longest: kernel::limits::MESSAGE_CHARS,
        flow_speaks: false,
        typing: false,
    },
    settings: &[
        Setting { name: "address", form: Form::Address, need: Need::Needed },
        Setting { name: "display_name", form: Form::Text, need: Need::Optional },
        Setting { name: "imap", form: Form::Place, need: Need::Needed },
        Setting { name: "imap_password", form: Form::Secret, need: Need::Needed },
        Setting { name: "imap_security", form: SECURITY, need: Need::Optional },
        Setting { name: "imap_user", form: Form::Text, need: Need::Needed },
        Setting { name: "smtp", form: Form::Place, need: Need::Needed },
        Setting { name: "smtp_password", form: Form::Secret, need: Need::Optional },
        Setting { name: "smtp_security", form: SECURITY, need: Need::Optional },
        Setting { name: "smtp_user", form: Form::Text, need: Need::Optional },
    ],
    road: Road::Letters,
    #[cfg(test)]
    sample: tests::sample,
};

const SECURITY: Form = Form::Word(&["tls", "starttls", "plain"]);
/// Hexadecimal digits of a tag: nobody guesses 48 bits by sending letters.
const TAG_DIGITS: usize = 12;

/// What makes the names of our letters ours: a tag that only we can make.
fn tag(account: &Account, id: InteractionId) -> String {
    // A key of any length will do (RFC 2104 section 2): this cannot fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(account.setting("imap_password").as_bytes()) else {
        return String::new();
    };
    mac.update(format!("{}/{id}", account.name).as_bytes());
    let mut digits = hex::encode(mac.finalize().into_bytes());
    digits.truncate(TAG_DIGITS);
    digits
}

/// The Message-ID of a letter of ours, without its angle brackets.
fn own_id(account: &Account, id: InteractionId, seq: i64) -> String {
    let host = account.setting("address").rsplit('@').next().unwrap_or_default();
    format!("voxdesk.{id}.{seq}.{}@{host}", tag(account, id))
}

/// Which letter of ours a Message-ID names.
fn own(account: &Account, message_id: &str) -> Option<(InteractionId, i64)> {
    let (local, _) = message_id.split_once('@')?;
    let mut parts = local.strip_prefix("voxdesk.")?.split('.');
    let id: InteractionId = parts.next()?.parse().ok()?;
    let seq = parts.next()?.parse().ok()?;
    (parts.next()? == tag(account, id)).then_some((id, seq))
}

/// What stands in the subject, for programs that lose references.
fn token(account: &Account, id: InteractionId) -> String {
    format!("[#{id}-{}]", tag(account, id))
}

/// The conversation whose token stands in a subject.
fn named(account: &Account, subject: &str) -> Option<InteractionId> {
    let inside =
        subject.split("[#").skip(1).filter_map(|rest| rest.split_once(']').map(|(inside, _)| inside));
    inside
        .filter_map(|inside| {
            let (id, given) = inside.rsplit_once('-')?;
            let id: InteractionId = id.parse().ok()?;
            (given == tag(account, id)).then_some(id)
        })
        .next()
}

/// A subject without our token and without `Re:` in front.
fn bare_subject(account: &Account, subject: &str) -> String {
    let mut subject = subject.to_owned();
    if let Some(id) = named(account, &subject) {
        subject = subject.replace(&token(account, id), "");
    }
    let mut bare = subject.trim();
    while let Some((mark, rest)) = bare.split_once([':', '：'])
        && ["re", "fw", "fwd", "aw", "wg", "sv", "回复", "答复", "转发"]
            .contains(&mark.trim().to_lowercase().as_str())
    {
        bare = rest.trim();
    }
    bare.chars().filter(|c| !c.is_control()).take(200).collect()
}

#[cfg(test)]
mod tests;
