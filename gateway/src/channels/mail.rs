//! The postman: fetches letters by IMAP and waits there for new ones (IDLE), posts ours by SMTP.
//!
//! Promises: a letter is marked as seen only after it is recorded, so one under way when the process ends is fetched again
//! (and taken once, by its Message-ID); a server that is away is tried again, ever more rarely; files are on disk before
//! the record names them. Leaves to others: what a letter says (`desk::channels`).

mod imap;
mod smtp;
mod wire;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use desk::channels::{Account, Fate, Letter, LetterFile, Outbound, letter, named_files, posting};
use rustls::ClientConfig;
use sha2::{Digest as _, Sha256};

use self::imap::Imap;
use super::{Counter, shelf};
use crate::limits;
use crate::stop::Stop;

/// Fetches the letters of one account until told to stop.
pub async fn fetch(account: Account, counter: Arc<Counter>, tls: Arc<ClientConfig>, mut stop: Stop) {
    let mut wait = limits::MAIL_AGAIN;
    loop {
        let began = tokio::time::Instant::now();
        let ended = tokio::select! {
            () = stop.stopped() => return,
            ended = session(&account, &counter, &tls) => ended,
        };
        if let Err(error) = ended {
            metrics::counter!("mail_sessions_failed_total").increment(1);
            tracing::warn!(channel = %account.name, error = %format!("{error:#}"), "the mailbox cannot be read; trying again");
        }
        // One that served for a while is tried again soon.
        wait = if began.elapsed() > limits::MAIL_LONGEST_WAIT {
            limits::MAIL_AGAIN
        } else {
            (wait * 2).min(limits::MAIL_LONGEST_WAIT)
        };
        tokio::select! {
            () = stop.stopped() => return,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

async fn session(account: &Account, counter: &Counter, tls: &Arc<ClientConfig>) -> Result<()> {
    let mut imap = Imap::open(account, tls).await?;
    imap.select("INBOX").await?;
    tracing::info!(channel = %account.name, idle = imap.can_idle(), "the mailbox is open");
    loop {
        for uid in imap.unseen().await? {
            take(account, counter, &mut imap, uid).await.with_context(|| format!("letter {uid}"))?;
        }
        imap.wait().await?;
    }
}

async fn take(account: &Account, counter: &Counter, imap: &mut Imap, uid: u32) -> Result<()> {
    let size = imap.size(uid).await?;
    if size > limits::MAIL_BYTES {
        tracing::warn!(channel = %account.name, uid, size, "a letter is larger than we take; it stays in the mailbox");
        return imap.seen(uid).await;
    }
    let Some(raw) = imap.letter(uid).await? else { return Ok(()) };
    match letter(account, &raw) {
        Letter::Nothing(why) => {
            metrics::counter!("mail_letters_passed_over_total", "why" => why).increment(1);
            tracing::info!(channel = %account.name, uid, why, "a letter is passed over");
        }
        Letter::News(inbound, files) => {
            let mut inbound = *inbound;
            if !files.is_empty() {
                let kept = keep(counter.shelf(), &account.name, &inbound.external, files).await?;
                let mut detail = inbound.detail.into_inner();
                detail.insert("files".into(), named_files(&kept));
                inbound.detail = detail.into();
            }
            counter.take(account, inbound).await.map_err(|refusal| anyhow::anyhow!("{}", refusal.code))?;
        }
    }
    imap.seen(uid).await
}

/// Keeps files; what the record says of them.
async fn keep(
    shelf: &Path,
    channel: &str,
    external: &str,
    files: Vec<LetterFile>,
) -> Result<Vec<(String, String, usize)>> {
    let mut key = hex::encode(Sha256::digest(format!("{channel}/{external}")));
    key.truncate(32);
    let (mut kept, mut contents) = (Vec::new(), Vec::new());
    for (n, file) in (0u16..).zip(files) {
        let bytes = file.bytes.into_inner();
        kept.push((file.name.into_inner(), desk::files::url(&key, n), bytes.len()));
        contents.push(bytes);
    }
    shelf::keep(shelf.join(&key), contents).await.context("files of a letter cannot be kept")?;
    Ok(kept)
}

/// Posts a message as a letter.
pub async fn post(account: &Account, out: &Outbound, shelf: &Path, tls: &Arc<ClientConfig>) -> Fate {
    let mut files = Vec::new();
    for file in out.files() {
        let bytes = match file.place() {
            Some((key, n)) => shelf::file(shelf, key, n).await,
            None => None,
        };
        match bytes {
            Some(bytes) => files.push(LetterFile { name: file.name.into(), bytes: bytes.into() }),
            None => return Fate::Never("no_file".to_owned()),
        }
    }
    let posting = match posting(account, out, &files) {
        Ok(posting) => posting,
        Err(unsendable) => return Fate::Never(unsendable.0),
    };
    match tokio::time::timeout(limits::MAIL_POSTING, smtp::post(account, &posting, tls)).await {
        Ok(Ok(())) => Fate::Sent(Some(posting.message_id)),
        Ok(Err(smtp::Failed::Refused(code))) => Fate::Never(format!("smtp_{code}")),
        Ok(Err(smtp::Failed::NotNow(why))) => Fate::Later(why, None),
        Err(_) => Fate::Later("timeout".to_owned(), None),
    }
}

/// How long a quiet server is left before it is asked again.
pub const QUIET: Duration = Duration::from_secs(20 * 60);
