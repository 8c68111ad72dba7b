//! Inspects a whisper.cpp model file before it is loaded.
//!
//! Promises: accepts only files whose every number is one that a Whisper model has and whose every length fits, because
//! whisper.cpp itself trusts them. Layout: magic, eleven numbers, mel filters, tokens, tensors to the end.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

/// First four bytes.
pub(super) const MAGIC: u32 = 0x6767_6d6c;

/// What is wrong with a ggml file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GgmlError {
    /// It cannot be read.
    #[error("{0}")]
    Io(String),
    /// It ends too early.
    #[error("it ends within {0}")]
    Short(&'static str),
    /// A number that no Whisper model has.
    #[error("{what} is {found}; {right} would be right")]
    Unexpected {
        /// Which.
        what: &'static str,
        /// What it is.
        found: i64,
        /// What it should be.
        right: &'static str,
    },
}

/// What a model file says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// It knows more than English.
    pub multilingual: bool,
    /// Layers of encoder and decoder.
    pub layers: (u32, u32),
    /// Tensors found.
    pub tensors: u32,
}

/// Reads a file's structure (not its weights) and checks that every length fits.
///
/// # Errors
/// When it is not a whole Whisper model of whisper.cpp.
pub fn inspect(path: &Path) -> Result<Facts, GgmlError> {
    let file = File::open(path).map_err(|e| GgmlError::Io(e.to_string()))?;
    let length = file.metadata().map_err(|e| GgmlError::Io(e.to_string()))?.len();
    Inspector { file: BufReader::new(file), at: 0, length }.facts()
}

struct Inspector {
    file: BufReader<File>,
    at: u64,
    length: u64,
}

impl Inspector {
    fn facts(&mut self) -> Result<Facts, GgmlError> {
        self.within("magic number", i64::from(MAGIC), i64::from(MAGIC), "that of ggml (0x67676d6c)")?;
        let vocabulary = self.within("vocabulary size", 51_864, 51_866, "51864 to 51866")?;
        self.within("audio positions", 1_500, 1_500, "1500")?;
        self.width("audio width")?;
        let audio_layers = self.within("audio layers", 1, 64, "1 to 64")?;
        self.within("text positions", 448, 448, "448")?;
        self.width("text width")?;
        let text_layers = self.within("text layers", 1, 64, "1 to 64")?;
        let bands = self.within("mel bands", 80, 128, "80 or 128")?;
        self.within("weight type", 0, 2_100, "0 to 2100")?;
        self.within("filter bands", bands, bands, "as many as mel bands")?;
        self.within("filter bins", 201, 201, "201")?;
        self.skip(bands as u64 * 201 * 4, "the mel filters")?;
        for _ in 0..self.within("number of tokens", 50_000, vocabulary, "at most the vocabulary size")? {
            let length = self.within("length of a token", 0, 1_024, "at most 1024")?;
            self.skip(length as u64, "the tokens")?;
        }
        let mut tensors = 0;
        while self.at < self.length {
            self.tensor()?;
            tensors += 1;
        }
        let wanted = 11 + 15 * audio_layers + 24 * text_layers;
        if i64::from(tensors) != wanted {
            return Err(GgmlError::Unexpected {
                what: "number of tensors",
                found: i64::from(tensors),
                right: "11, 15 for each audio layer and 24 for each text layer",
            });
        }
        let layers = (audio_layers as u32, text_layers as u32);
        Ok(Facts { multilingual: vocabulary >= 51_865, layers, tensors })
    }

    fn width(&mut self, what: &'static str) -> Result<(), GgmlError> {
        let width = self.within(what, 64, 4_096, "64 to 4096")?;
        let heads = self.within("number of heads", 1, 64, "1 to 64")?;
        if width % heads == 0 {
            return Ok(());
        }
        Err(GgmlError::Unexpected { what: "number of heads", found: heads, right: "a divisor of the width" })
    }

    fn tensor(&mut self) -> Result<(), GgmlError> {
        let rank = self.within("dimensions of a tensor", 1, 4, "1 to 4")?;
        let name = self.within("length of a tensor's name", 1, 128, "1 to 128")?;
        let kind = self.within("type of a tensor", 0, 30, "0 to 30")?;
        let (block, bytes) = match kind {
            0 => (1, 4),
            1 => (1, 2),
            2 => (32, 18),
            3 => (32, 20),
            6 => (32, 22),
            7 => (32, 24),
            8 => (32, 34),
            _ => {
                let right = "f32, f16, q4, q5 or q8";
                return Err(GgmlError::Unexpected { what: "type of a tensor", found: kind, right });
            }
        };
        let mut elements = 1_u64;
        for _ in 0..rank {
            let dim = self.within("size of a tensor", 1, 1 << 20, "1 to 1048576")?;
            elements = elements.saturating_mul(dim as u64);
        }
        self.skip(name as u64, "a tensor's name")?;
        self.skip((elements / block).saturating_mul(bytes), "a tensor")
    }

    fn within(
        &mut self,
        what: &'static str,
        least: i64,
        most: i64,
        right: &'static str,
    ) -> Result<i64, GgmlError> {
        let mut bytes = [0; 4];
        self.file.read_exact(&mut bytes).map_err(|_| GgmlError::Short(what))?;
        self.at += 4;
        let found = i64::from(i32::from_le_bytes(bytes));
        if (least..=most).contains(&found) {
            Ok(found)
        } else {
            Err(GgmlError::Unexpected { what, found, right })
        }
    }

    fn skip(&mut self, count: u64, within: &'static str) -> Result<(), GgmlError> {
        let end =
            self.at.checked_add(count).filter(|end| *end <= self.length).ok_or(GgmlError::Short(within))?;
        let ahead = i64::try_from(count).map_err(|_| GgmlError::Short(within))?;
        self.file.seek_relative(ahead).map_err(|e| GgmlError::Io(e.to_string()))?;
        self.at = end;
        Ok(())
    }
}
