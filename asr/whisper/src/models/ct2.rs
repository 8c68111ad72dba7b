//! Reads a CTranslate2 model file (binary version 6) without copying its tensors.
//!
//! Promises: any bytes give a file or an error, never a panic; no allocation larger than the file.

use std::collections::BTreeMap;

/// What is wrong with a CTranslate2 file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Ct2Error {
    /// It ends too early.
    #[error("file ends within {0}")]
    Short(&'static str),
    /// Not what we can read.
    #[error("{what} is {found}; {right} would be right")]
    Unexpected {
        /// Which field.
        what: &'static str,
        /// What it holds.
        found: String,
        /// What it should.
        right: &'static str,
    },
    /// Shape and size of a variable do not agree.
    #[error("variable {0} has a size that does not fit its shape")]
    Shape(String),
    /// Bytes after the end.
    #[error("{0} bytes after the end")]
    Rest(usize),
}

/// Element types that occur.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    F32,
    I8,
    I16,
    I32,
    F16,
    Bf16,
}

impl Element {
    fn from_code(code: u8) -> Option<Self> {
        [Self::F32, Self::I8, Self::I16, Self::I32, Self::F16, Self::Bf16].get(usize::from(code)).copied()
    }

    fn bytes(self) -> usize {
        match self {
            Self::F32 | Self::I32 => 4,
            Self::I16 | Self::F16 | Self::Bf16 => 2,
            Self::I8 => 1,
        }
    }
}

/// One variable.
#[derive(Clone, Debug)]
pub(super) struct Variable<'a> {
    pub dims: Vec<usize>,
    pub element: Element,
    pub data: &'a [u8],
}

/// Most variables in a file: the largest Whisper has under a thousand.
const MOST_VARIABLES: u32 = 10_000;
/// Most dimensions of a variable.
const MOST_RANK: u8 = 4;

/// All variables of a file, by name.
pub(super) fn read(file: &[u8]) -> Result<BTreeMap<String, Variable<'_>>, Ct2Error> {
    let mut reader = Reader { rest: file };
    expect("binary version", reader.u32("the head")?, 6, "6")?;
    let spec = reader.text("the head")?;
    if spec != "WhisperSpec" {
        return Err(Ct2Error::Unexpected { what: "specification", found: spec, right: "WhisperSpec" });
    }
    expect("revision", reader.u32("the head")?, 3, "3")?;
    let count = reader.u32("the head")?;
    if count > MOST_VARIABLES {
        return Err(Ct2Error::Unexpected {
            what: "number of variables",
            found: count.to_string(),
            right: "under 10000",
        });
    }
    let mut variables = BTreeMap::new();
    for _ in 0..count {
        let (name, variable) = reader.variable()?;
        variables.insert(name, variable);
    }
    for _ in 0..reader.u32("the aliases")?.min(MOST_VARIABLES) {
        let alias = reader.text("the aliases")?;
        let target = reader.text("the aliases")?;
        if let Some(variable) = variables.get(&target).cloned() {
            variables.insert(alias, variable);
        }
    }
    if reader.rest.is_empty() { Ok(variables) } else { Err(Ct2Error::Rest(reader.rest.len())) }
}

fn expect(what: &'static str, found: u32, wanted: u32, right: &'static str) -> Result<(), Ct2Error> {
    if found == wanted { Ok(()) } else { Err(Ct2Error::Unexpected { what, found: found.to_string(), right }) }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize, within: &'static str) -> Result<&'a [u8], Ct2Error> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(Ct2Error::Short(within))?;
        self.rest = rest;
        Ok(taken)
    }

    fn u8(&mut self, within: &'static str) -> Result<u8, Ct2Error> {
        self.take(1, within).map(|b| b[0])
    }

    fn u32(&mut self, within: &'static str) -> Result<u32, Ct2Error> {
        let bytes = self.take(4, within)?;
        Ok(bytes.iter().rev().fold(0, |n, b| n << 8 | u32::from(*b)))
    }

    /// A length in 16 bits, the text, a NUL that the length counts.
    fn text(&mut self, within: &'static str) -> Result<String, Ct2Error> {
        let length = self.take(2, within)?;
        let length = usize::from(length[0]) | usize::from(length[1]) << 8;
        let bytes = self.take(length, within)?;
        Ok(String::from_utf8_lossy(bytes.strip_suffix(&[0]).unwrap_or(bytes)).into_owned())
    }

    fn variable(&mut self) -> Result<(String, Variable<'a>), Ct2Error> {
        let name = self.text("a variable")?;
        let rank = self.u8("a variable")?;
        if rank > MOST_RANK {
            return Err(Ct2Error::Unexpected { what: "rank", found: rank.to_string(), right: "at most 4" });
        }
        let mut dims = Vec::with_capacity(usize::from(rank));
        for _ in 0..rank {
            dims.push(self.u32("a variable")? as usize);
        }
        let code = self.u8("a variable")?;
        let element = Element::from_code(code).ok_or_else(|| Ct2Error::Unexpected {
            what: "element type",
            found: code.to_string(),
            right: "0 to 5",
        })?;
        let size = self.u32("a variable")? as usize;
        let wanted = dims.iter().try_fold(element.bytes(), |n, dim| n.checked_mul(*dim));
        if wanted != Some(size) {
            return Err(Ct2Error::Shape(name));
        }
        let data = self.take(size, "a variable's data")?;
        Ok((name, Variable { dims, element, data }))
    }
}
