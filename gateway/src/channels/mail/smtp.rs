//! Posting one letter by SMTP (RFC 5321): one connection a letter, which is what a desk needs.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use desk::channels::{Account, Posting};
use rustls::ClientConfig;

use super::wire::{Security, Wire};
use crate::limits;

/// Why a letter was not taken.
#[derive(Debug)]
pub enum Failed {
    /// The server says never (5xx about this letter).
    Refused(u16),
    /// Not now: unreachable, busy, or our sign-in is wrong.
    NotNow(String),
}

impl From<anyhow::Error> for Failed {
    fn from(error: anyhow::Error) -> Self {
        tracing::debug!(error = %format!("{error:#}"), "a letter could not be posted");
        Self::NotNow("unreachable".to_owned())
    }
}

struct Smtp(Wire);

/// Posts it.
pub async fn post(account: &Account, posting: &Posting, tls: &Arc<ClientConfig>) -> Result<(), Failed> {
    let security = Security::of(account.setting("smtp_security"));
    let mut smtp = Smtp(Wire::open(account.setting("smtp"), security, tls).await?);
    let us = posting.from.rsplit('@').next().unwrap_or("localhost").to_owned();
    smtp.expect(2).await.map_err(not_now)?;
    smtp.order(&format!("EHLO {us}"), 2).await.map_err(not_now)?;
    if security == Security::StartTls {
        smtp.order("STARTTLS", 2).await.map_err(not_now)?;
        smtp = Smtp(smtp.0.with_tls(tls).await?);
        smtp.order(&format!("EHLO {us}"), 2).await.map_err(not_now)?;
    }
    if let Some(user) = account.given("smtp_user") {
        // RFC 4616: authority (none), user, password.
        let word = STANDARD.encode(format!("\0{user}\0{}", account.setting("smtp_password")));
        smtp.order(&format!("AUTH PLAIN {word}"), 2).await.map_err(not_now)?;
    }
    smtp.order(&format!("MAIL FROM:<{}>", posting.from), 2).await?;
    smtp.order(&format!("RCPT TO:<{}>", posting.to.reveal()), 2).await?;
    smtp.order("DATA", 3).await?;
    smtp.0.write(&stuffed(posting.bytes.reveal())).await?;
    smtp.expect(2).await?;
    // It is theirs now, whatever becomes of the farewell.
    let _farewell = smtp.0.say("QUIT").await;
    Ok(())
}

/// A refusal that is about us and not about the letter may pass.
fn not_now(failed: Failed) -> Failed {
    match failed {
        Failed::Refused(code) => Failed::NotNow(format!("smtp_{code}")),
        other => other,
    }
}

impl Smtp {
    async fn order(&mut self, line: &str, class: u16) -> Result<(), Failed> {
        self.0.say(line).await?;
        self.expect(class).await
    }

    async fn expect(&mut self, class: u16) -> Result<(), Failed> {
        for _ in 0..limits::MAIL_ANSWERS {
            let reading = tokio::time::timeout(limits::MAIL_ANSWER, self.0.line());
            let line = reading.await.map_err(|_| Failed::NotNow("timeout".to_owned()))??;
            let code: u16 = line.get(..3).and_then(|code| code.parse().ok()).unwrap_or(0);
            // A dash: more lines follow (RFC 5321 section 4.2.1).
            if line.as_bytes().get(3) == Some(&b'-') {
                continue;
            }
            return match code / 100 {
                got if got == class => Ok(()),
                5 => Err(Failed::Refused(code)),
                _ => Err(Failed::NotNow(format!("smtp_{code}"))),
            };
        }
        Err(Failed::NotNow("smtp".to_owned()))
    }
}

/// Lines that begin with a dot get another (RFC 5321 section 4.5.2), and the end is said.
fn stuffed(letter: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(letter.len() + 64);
    let mut at_start = true;
    for byte in letter {
        if at_start && *byte == b'.' {
            out.push(b'.');
        }
        out.push(*byte);
        at_start = *byte == b'\n';
    }
    if !out.ends_with(b"\r\n") {
        out.extend(b"\r\n");
    }
    out.extend(b".\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_with_a_dot_does_not_end_the_letter() {
        assert_eq!(stuffed(b"a\r\n.\r\n..b"), b"a\r\n..\r\n...b\r\n.\r\n");
    }
}
