//! As much of IMAP4rev1 (RFC 3501) as a postman needs: sign in, look for unseen letters, fetch them, mark them, wait (RFC 2177).

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use desk::channels::Account;
use rustls::ClientConfig;

use super::QUIET;
use super::wire::{Security, Wire};
use crate::limits;

/// What the server said: lines with the literals in them.
#[derive(Debug, Default)]
struct Answer {
    text: String,
    literals: Vec<Vec<u8>>,
}

/// A session.
pub struct Imap {
    wire: Wire,
    count: u32,
    can_idle: bool,
}

impl Imap {
    /// Connects and signs in.
    pub async fn open(account: &Account, tls: &Arc<ClientConfig>) -> Result<Self> {
        let security = Security::of(account.setting("imap_security"));
        let mut wire = Wire::open(account.setting("imap"), security, tls).await?;
        let greeting = within(limits::MAIL_ANSWER, wire.line()).await?;
        if !greeting.starts_with("* OK") && !greeting.starts_with("* PREAUTH") {
            bail!("the IMAP server does not greet");
        }
        let mut this = Self { wire, count: 0, can_idle: false };
        if security == Security::StartTls {
            this.command("STARTTLS").await?;
            this.wire = this.wire.with_tls(tls).await?;
        }
        let (user, password) = (account.setting("imap_user"), account.setting("imap_password"));
        this.command(&format!("LOGIN {} {}", quoted(user), quoted(password))).await.context("signing in")?;
        let answers = this.command("CAPABILITY").await?;
        this.can_idle = answers
            .iter()
            .any(|answer| answer.text.to_ascii_uppercase().split(' ').any(|word| word == "IDLE"));
        Ok(this)
    }

    /// Whether the server tells of new letters by itself.
    pub const fn can_idle(&self) -> bool {
        self.can_idle
    }

    /// Opens a mailbox.
    pub async fn select(&mut self, mailbox: &str) -> Result<()> {
        self.command(&format!("SELECT {}", quoted(mailbox))).await.map(drop)
    }

    /// Letters not seen yet, the oldest first.
    pub async fn unseen(&mut self) -> Result<Vec<u32>> {
        let answers = self.command("UID SEARCH UNSEEN UNDELETED").await?;
        let found = answers.iter().filter_map(|answer| answer.text.strip_prefix("* SEARCH"));
        let mut all: Vec<u32> =
            found.flat_map(str::split_whitespace).filter_map(|uid| uid.parse().ok()).collect();
        all.sort_unstable();
        Ok(all)
    }

    /// How large a letter is.
    pub async fn size(&mut self, uid: u32) -> Result<usize> {
        let answers = self.command(&format!("UID FETCH {uid} (RFC822.SIZE)")).await?;
        Ok(answers.iter().find_map(|answer| number_after(&answer.text, "RFC822.SIZE ")).unwrap_or(0))
    }

    /// A letter, without marking it; `None` when it is gone.
    pub async fn letter(&mut self, uid: u32) -> Result<Option<Vec<u8>>> {
        let answers = self.command(&format!("UID FETCH {uid} (BODY.PEEK[])")).await?;
        let fetched = answers.into_iter().filter(|answer| answer.text.contains("FETCH"));
        Ok(fetched.flat_map(|answer| answer.literals).next())
    }

    /// It is dealt with.
    pub async fn seen(&mut self, uid: u32) -> Result<()> {
        self.command(&format!("UID STORE {uid} +FLAGS.SILENT (\\Seen)")).await.map(drop)
    }

    /// Waits for something new, or for long enough to look again.
    pub async fn wait(&mut self) -> Result<()> {
        if !self.can_idle {
            tokio::time::sleep(limits::MAIL_POLL).await;
            return self.command("NOOP").await.map(drop);
        }
        let tag = self.tag();
        self.wire.say(&format!("{tag} IDLE")).await?;
        let mut has_news = false;
        loop {
            let line = within(limits::MAIL_ANSWER, self.wire.line()).await?;
            if line.starts_with('+') {
                break;
            }
            if line.starts_with(&tag) {
                bail!("IDLE was refused");
            }
            // What came after we looked, and before we wait.
            has_news |= is_news(&line);
        }
        let quiet = tokio::time::sleep(QUIET);
        tokio::pin!(quiet);
        while !has_news {
            tokio::select! {
                line = self.wire.line() => has_news = is_news(&line?),
                () = &mut quiet => break,
            }
        }
        self.wire.say("DONE").await?;
        self.answers(&tag).await.map(drop)
    }

    fn tag(&mut self) -> String {
        self.count = self.count.wrapping_add(1);
        format!("v{}", self.count)
    }

    async fn command(&mut self, command: &str) -> Result<Vec<Answer>> {
        let tag = self.tag();
        self.wire.say(&format!("{tag} {command}")).await?;
        let name = command.split(' ').take(2).collect::<Vec<_>>();
        let name = if name.first() == Some(&"UID") {
            name.join(" ")
        } else {
            name.first().copied().unwrap_or_default().to_owned()
        };
        self.answers(&tag).await.with_context(|| format!("{name} failed"))
    }

    /// Everything up to the line that ends a command, which must say OK.
    async fn answers(&mut self, tag: &str) -> Result<Vec<Answer>> {
        let mut all = Vec::new();
        loop {
            let answer = within(limits::MAIL_ANSWER, answer(&mut self.wire)).await?;
            match answer.text.strip_prefix(tag).and_then(|rest| rest.strip_prefix(' ')) {
                Some(rest) if rest.to_ascii_uppercase().starts_with("OK") => return Ok(all),
                // The server's words may repeat what we sent: only the kind of refusal is told.
                Some(rest) => bail!("the server says {}", rest.split(' ').next().unwrap_or_default()),
                None if all.len() < limits::MAIL_ANSWERS => all.push(answer),
                None => bail!("more than {} answers", limits::MAIL_ANSWERS),
            }
        }
    }
}

async fn within<T>(time: Duration, future: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::time::timeout(time, future).await.context("no answer in time")?
}

/// A line, and the literals that it announces by `{COUNT}` (RFC 3501 section 4.3).
async fn answer(wire: &mut Wire) -> Result<Answer> {
    let mut answer = Answer::default();
    loop {
        let line = wire.line().await?;
        answer.text.push_str(&line);
        let Some(count) = announced(&line) else { return Ok(answer) };
        answer.literals.push(wire.literal(count).await?);
        if answer.literals.len() > limits::MAIL_ANSWERS || answer.text.len() > limits::MAIL_LINE {
            bail!("an answer without end");
        }
    }
}

fn announced(line: &str) -> Option<usize> {
    line.strip_suffix('}')?.rsplit_once('{')?.1.parse().ok()
}

fn number_after(text: &str, word: &str) -> Option<usize> {
    let rest = text.split_once(word)?.1;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn is_news(line: &str) -> bool {
    line.starts_with("* ") && (line.ends_with(" EXISTS") || line.ends_with(" RECENT"))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_sizes_and_news_are_read_from_lines() {
        assert_eq!(announced("* 1 FETCH (UID 7 BODY[] {42}"), Some(42));
        assert_eq!(announced("* 1 FETCH (UID 7)"), None);
        assert_eq!(announced("{x}"), None);
        assert_eq!(number_after("* 1 FETCH (RFC822.SIZE 123 UID 7)", "RFC822.SIZE "), Some(123));
        assert!(is_news("* 4 EXISTS") && !is_news("* 4 EXPUNGE") && !is_news("v1 OK"));
        assert_eq!(quoted("a\"b\\c"), "\"a\\\"b\\\\c\"");
    }
}
