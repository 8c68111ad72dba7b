//! Sealed files: a head, then chunks of AES-256-GCM (NIST SP 800-38D), appended while the call goes on.
//!
//! `VXDREC01`, format, whether it was silenced, two zero bytes, 16 bytes of salt; then per chunk four bytes (length of the plain text, the top bit for the
//! last chunk) and cipher text with its tag. Nonce: the chunk's number. What is authenticated besides: head and length, so that
//! chunks cannot be moved, cut out or brought from elsewhere unseen.
//!
//! Promises: a file that a crash cut short reads up to its last whole chunk; any range is read by opening its chunks alone.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};

use anyhow::{Context as _, Result, bail, ensure};
use aws_lc_rs::aead::{Aad, LessSafeKey, Nonce};

use super::{Format, RecordingKey};

const MAGIC: &[u8; 8] = b"VXDREC01";
const HEAD: usize = 28;
const TAG: u64 = 16;
/// Most plain bytes in a chunk: what a second of anything we write never reaches.
pub(super) const CHUNK: usize = 1 << 20;
const LAST: u32 = 1 << 31;

/// A file being written.
pub(crate) struct Sealer {
    file: File,
    key: LessSafeKey,
    head: [u8; HEAD],
    number: u64,
}

impl Sealer {
    pub(crate) fn create(file: File, key: &RecordingKey, format: Format) -> Result<Self> {
        Self::begin(file, key, format, false)
    }

    /// A recording in which what was hidden is silent; its head says so.
    pub(super) fn silenced(file: File, key: &RecordingKey, format: Format) -> Result<Self> {
        Self::begin(file, key, format, true)
    }

    fn begin(mut file: File, key: &RecordingKey, format: Format, silenced: bool) -> Result<Self> {
        let salt: [u8; 16] = rand::random();
        let mut head = [0; HEAD];
        head[..8].copy_from_slice(MAGIC);
        head[8] = match format {
            Format::Opus => 0,
            Format::Wav => 1,
        };
        head[9] = u8::from(silenced);
        head[12..].copy_from_slice(&salt);
        file.write_all(&head)?;
        Ok(Self { key: key.of_file(&salt)?, file, head, number: 0 })
    }

    /// Appends a chunk and brings it to the disk.
    pub(crate) fn write(&mut self, plain: &[u8], last: bool) -> Result<()> {
        self.hand_over(plain, last)?;
        Ok(self.file.sync_data()?)
    }

    /// Appends a chunk and hands it to the system: it survives the end of this process, not that of the machine.
    pub(crate) fn hand_over(&mut self, plain: &[u8], last: bool) -> Result<()> {
        let mut chunks = plain.chunks(CHUNK).peekable();
        if plain.is_empty() && last {
            self.append(&[], true)?;
        }
        while let Some(chunk) = chunks.next() {
            self.append(chunk, last && chunks.peek().is_none())?;
        }
        Ok(())
    }

    fn append(&mut self, plain: &[u8], last: bool) -> Result<()> {
        let length = u32::try_from(plain.len())? | if last { LAST } else { 0 };
        let mut text = plain.to_vec();
        let aad = aad(&self.head, length);
        let sealed = self.key.seal_in_place_append_tag(nonce(self.number), Aad::from(aad), &mut text);
        ensure!(sealed.is_ok(), "cannot seal a recording");
        // One write, so that a crash leaves a whole chunk or one that is seen to be cut.
        let mut bytes = length.to_le_bytes().to_vec();
        bytes.append(&mut text);
        self.file.write_all(&bytes)?;
        self.number += 1;
        Ok(())
    }
}

/// Where a chunk is.
#[derive(Debug)]
struct Place {
    /// Of its cipher text.
    at: u64,
    /// First plain byte.
    first: u64,
    length: u32,
    last: bool,
}

/// A file being read.
#[derive(Debug)]
pub(crate) struct Opener {
    file: File,
    key: LessSafeKey,
    head: [u8; HEAD],
    places: Vec<Place>,
    pub format: Format,
    pub length: u64,
    /// Its end was written: no crash cut it short.
    pub complete: bool,
    /// What was hidden is silent in it.
    pub silenced: bool,
}

impl Opener {
    pub(crate) fn open(mut file: File, key: &RecordingKey) -> Result<Self> {
        let mut head = [0; HEAD];
        file.read_exact(&mut head).context("a recording without a head")?;
        ensure!(head.starts_with(MAGIC), "not a recording of ours");
        let format = match head[8] {
            0 => Format::Opus,
            1 => Format::Wav,
            other => bail!("a recording of format {other}; 0 or 1"),
        };
        let mut salt = [0; 16];
        salt.copy_from_slice(&head[12..]);
        let mut this = Self {
            key: key.of_file(&salt)?,
            file,
            head,
            places: Vec::new(),
            format,
            length: 0,
            complete: false,
            silenced: head[9] == 1,
        };
        this.find_chunks()?;
        Ok(this)
    }

    fn find_chunks(&mut self) -> Result<()> {
        let end = self.file.seek(SeekFrom::End(0))?;
        let mut at = HEAD as u64;
        while at + 4 + TAG <= end && !self.complete {
            self.file.seek(SeekFrom::Start(at))?;
            let mut length = [0; 4];
            self.file.read_exact(&mut length)?;
            let length = u32::from_le_bytes(length);
            let (last, length) = (length & LAST != 0, length & !LAST);
            let next = at + 4 + u64::from(length) + TAG;
            if length as usize > CHUNK || next > end {
                break; // cut short by a crash
            }
            self.places.push(Place { at: at + 4, first: self.length, length, last });
            self.length += u64::from(length);
            self.complete = last;
            at = next;
        }
        Ok(())
    }

    /// Plain bytes from `at`, to the end of their chunk at most; empty at the end.
    pub(crate) fn read(&mut self, at: u64) -> Result<Vec<u8>> {
        let number = self.places.partition_point(|place| place.first + u64::from(place.length) <= at);
        let Some(place) = self.places.get(number) else { return Ok(Vec::new()) };
        let mut text = vec![0; place.length as usize + TAG as usize];
        self.file.seek(SeekFrom::Start(place.at))?;
        self.file.read_exact(&mut text)?;
        let length = place.length | if place.last { LAST } else { 0 };
        let aad = aad(&self.head, length);
        let opened = self.key.open_in_place(nonce(number as u64), Aad::from(aad), &mut text);
        let plain =
            opened.ok().with_context(|| format!("chunk {number} is damaged, or the key is another"))?;
        let skip = usize::try_from(at - place.first)?;
        Ok(plain.get(skip..).unwrap_or_default().to_vec())
    }
}

fn nonce(number: u64) -> Nonce {
    let mut bytes = [0; 12];
    bytes[4..].copy_from_slice(&number.to_be_bytes());
    Nonce::assume_unique_for_key(bytes)
}

fn aad(head: &[u8; HEAD], length: u32) -> [u8; HEAD + 4] {
    let mut aad = [0; HEAD + 4];
    aad[..HEAD].copy_from_slice(head);
    aad[HEAD..].copy_from_slice(&length.to_le_bytes());
    aad
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(opener: &mut Opener, from: u64) -> Result<Vec<u8>> {
        let mut plain = Vec::new();
        loop {
            let more = opener.read(from + plain.len() as u64)?;
            if more.is_empty() {
                return Ok(plain);
            }
            plain.extend(more);
        }
    }

    fn written(name: &str, finished: bool) -> (std::path::PathBuf, Vec<u8>) {
        let path = std::env::temp_dir().join(format!("voxdesk-sealed-{}-{name}", std::process::id()));
        let file = File::create(&path).expect("a file");
        let mut sealer = Sealer::create(file, &RecordingKey::of(7), Format::Opus).expect("head");
        let mut plain = Vec::new();
        for n in 0..20u8 {
            let chunk: Vec<u8> = (0..usize::from(n) * 37 + 1).map(|k| (k as u8).wrapping_mul(n)).collect();
            sealer.write(&chunk, finished && n == 19).expect("written");
            plain.extend(chunk);
        }
        (path, plain)
    }

    fn opened(path: &std::path::Path, key: u8) -> Result<Opener> {
        Opener::open(File::open(path)?, &RecordingKey::of(key))
    }

    #[test]
    fn what_was_sealed_reads_from_anywhere_and_not_with_another_key() {
        let (path, plain) = written("whole", true);
        let mut opener = opened(&path, 7).expect("ours");
        assert!(opener.complete && opener.length == plain.len() as u64);
        for from in [0, 1, 37, 38, 39, 1000, plain.len() - 1, plain.len(), plain.len() + 9] {
            let expected = plain.get(from..).unwrap_or_default();
            assert_eq!(all(&mut opener, from as u64).expect("read"), expected, "from {from}");
        }
        assert!(opened(&path, 8).expect("a head").read(0).is_err(), "another key");
        assert!(!std::fs::read(&path).expect("file").windows(16).any(|w| plain.windows(16).any(|p| p == w)));
        let _gone = std::fs::remove_file(path);
    }

    #[test]
    fn a_file_that_a_crash_cut_short_reads_to_its_last_whole_chunk_wherever_the_cut() {
        let (path, plain) = written("cut", false);
        let bytes = std::fs::read(&path).expect("file");
        let mut longest = 0;
        for cut in (HEAD..bytes.len()).step_by(23) {
            std::fs::write(&path, &bytes[..cut]).expect("cut");
            let mut opener = opened(&path, 7).expect("ours");
            assert!(!opener.complete);
            let read = all(&mut opener, 0).expect("whole chunks only");
            assert!(plain.starts_with(&read), "cut at {cut}");
            longest = longest.max(read.len());
        }
        assert!(longest > plain.len() / 2);
        let _gone = std::fs::remove_file(path);
    }

    #[test]
    fn a_changed_moved_or_missing_chunk_is_refused() {
        let (path, _) = written("changed", true);
        let bytes = std::fs::read(&path).expect("file");
        for at in [9, 15, HEAD + 5, bytes.len() / 2, bytes.len() - 1] {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            std::fs::write(&path, &changed).expect("changed");
            let read = opened(&path, 7).and_then(|mut opener| all(&mut opener, 0));
            assert!(read.is_err(), "byte {at}");
        }
        // The first chunk (1 byte and tag and length) is cut out.
        let mut cut = bytes[..HEAD].to_vec();
        cut.extend(&bytes[HEAD + 21..]);
        std::fs::write(&path, &cut).expect("cut");
        assert!(opened(&path, 7).and_then(|mut opener| all(&mut opener, 0)).is_err());
        let _gone = std::fs::remove_file(path);
    }
}
