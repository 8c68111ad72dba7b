//! Writes whisper.cpp's model file from CTranslate2 weights, without loss.
//!
//! Promises: every variable of the source is consumed, or it fails. Layout: `inspect`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::ct2::{self, Ct2Error, Element, Variable};
use super::inspect::MAGIC;
use super::mel;

/// Tensor types of ggml.
const F32: i32 = 0;
const F16: i32 = 1;

/// Why weights cannot be converted.
#[derive(Debug, thiserror::Error)]
pub enum ConvertError {
    /// The source is no CTranslate2 file.
    #[error("CTranslate2 file: {0}")]
    Source(#[from] Ct2Error),
    /// A variable is missing, or not as expected.
    #[error("variable {name}: {found}; {right} would be right")]
    Variable {
        /// Which.
        name: String,
        /// What it is.
        found: String,
        /// What it should be.
        right: String,
    },
    /// A variable that has no place in the target.
    #[error("variable {0} has no place in a Whisper model")]
    Unknown(String),
    /// The vocabulary is not that of the weights.
    #[error("vocabulary: {0}")]
    Vocabulary(String),
    /// The target cannot be written.
    #[error("writing: {0}")]
    Write(#[from] io::Error),
}

/// Converts CTranslate2 weights (half precision) and vocabulary to a ggml file.
///
/// # Errors
/// When the source is not a whole Whisper model of half precision, or the target cannot be written.
pub fn convert(weights: &[u8], vocabulary: &str, out: &mut impl Write) -> Result<(), ConvertError> {
    let source = Source { variables: ct2::read(weights)?, used: BTreeSet::new() };
    let shape = Shape::of(&source)?;
    let tokens = tokens(vocabulary, shape.vocabulary)?;
    let mut writer = Writer { out, source, width: shape.width };
    writer.head(&shape, &tokens)?;
    writer.tensors(&shape)?;
    writer.source.all_used()
}

/// The variables, and which have been written.
struct Source<'a> {
    variables: BTreeMap<String, Variable<'a>>,
    used: BTreeSet<String>,
}

impl<'a> Source<'a> {
    fn look(&self, name: &str) -> Result<&Variable<'a>, ConvertError> {
        self.variables.get(name).ok_or_else(|| wrong(name, "missing", "a whole model"))
    }

    /// A tensor of half precision, of so many dimensions.
    fn take(&mut self, name: &str, rank: usize) -> Result<Variable<'a>, ConvertError> {
        let variable = self.look(name)?.clone();
        if variable.element != Element::F16 {
            return Err(wrong(name, format!("{:?}", variable.element), "half precision (f16)"));
        }
        if variable.dims.len() != rank {
            return Err(wrong(name, format!("{} dimensions", variable.dims.len()), rank.to_string()));
        }
        self.used.insert(name.to_owned());
        Ok(variable)
    }

    fn heads(&self, side: &str) -> Result<i32, ConvertError> {
        let name = format!("{side}/num_heads");
        let variable = self.look(&name)?;
        match (variable.element, variable.data) {
            (Element::I16, [low, high]) => Ok(i32::from(i16::from_le_bytes([*low, *high]))),
            _ => Err(wrong(&name, "another type", "one 16-bit number")),
        }
    }

    fn layers(&self, side: &str) -> usize {
        let (begin, end) = (format!("{side}/layer_"), "/ffn/linear_0/weight");
        self.variables.keys().filter(|name| name.starts_with(&begin) && name.ends_with(end)).count()
    }

    /// Scalars, and the projection that is the embedding again, need no place.
    fn all_used(&self) -> Result<(), ConvertError> {
        let embedding = self.look("decoder/embeddings/weight")?.data;
        let left = self.variables.iter().find(|(name, variable)| {
            let again = name.as_str() == "decoder/projection/weight" && variable.data == embedding;
            !variable.dims.is_empty() && !again && !self.used.contains(*name)
        });
        left.map_or(Ok(()), |(name, _)| Err(ConvertError::Unknown(name.clone())))
    }
}

fn wrong(name: &str, found: impl Into<String>, right: impl Into<String>) -> ConvertError {
    ConvertError::Variable { name: name.to_owned(), found: found.into(), right: right.into() }
}

/// The eleven numbers.
struct Shape {
    vocabulary: usize,
    audio_positions: usize,
    width: usize,
    audio_heads: i32,
    audio_layers: usize,
    text_positions: usize,
    text_heads: i32,
    text_layers: usize,
    bands: usize,
}

impl Shape {
    fn of(source: &Source<'_>) -> Result<Self, ConvertError> {
        let dim = |name: &str, at: usize| {
            let dims = &source.look(name)?.dims;
            dims.get(at).copied().ok_or_else(|| wrong(name, format!("{} dimensions", dims.len()), "more"))
        };
        let audio_heads = source.heads("encoder")?;
        Ok(Self {
            vocabulary: dim("decoder/embeddings/weight", 0)?,
            audio_positions: dim("encoder/position_encodings/encodings", 0)?,
            width: dim("decoder/embeddings/weight", 1)?,
            audio_heads,
            audio_layers: source.layers("encoder"),
            text_positions: dim("decoder/position_encodings/encodings", 0)?,
            text_heads: source.heads("decoder").unwrap_or(audio_heads),
            text_layers: source.layers("decoder"),
            bands: dim("encoder/conv1/weight", 1)?,
        })
    }
}

/// The bytes of each token before `<|endoftext|>`. The file spells bytes as GPT-2 does: one printable character each.
fn tokens(vocabulary: &str, size: usize) -> Result<Vec<Vec<u8>>, ConvertError> {
    let lines: Vec<&str> = vocabulary.split('\n').collect();
    let end = lines.iter().position(|line| *line == "<|endoftext|>");
    let wanted = if size >= 51_865 { 50_257 } else { 50_256 };
    if end != Some(wanted) {
        return Err(ConvertError::Vocabulary(format!(
            "<|endoftext|> is at {end:?}; line {wanted} would be right"
        )));
    }
    let bytes = byte_spelling();
    lines
        .into_iter()
        .take(wanted)
        .map(|line| {
            let token: Option<Vec<u8>> = line.chars().map(|c| bytes.get(&c).copied()).collect();
            token.ok_or_else(|| {
                ConvertError::Vocabulary(format!("{line:?} has a character that spells no byte"))
            })
        })
        .collect()
}

fn byte_spelling() -> BTreeMap<char, u8> {
    let mut stand_in = 0x100_u32;
    (0..=u8::MAX)
        .map(|byte| match byte {
            33..=126 | 161..=172 | 174..=255 => (char::from(byte), byte),
            _ => {
                let c = char::from_u32(stand_in).unwrap_or_default();
                stand_in += 1;
                (c, byte)
            }
        })
        .collect()
}

struct Writer<'a, 'o, W: Write> {
    out: &'o mut W,
    source: Source<'a>,
    width: usize,
}

impl<W: Write> Writer<'_, '_, W> {
    fn number(&mut self, number: usize) -> Result<(), ConvertError> {
        let number = i32::try_from(number).map_err(|_| wrong("shape", number.to_string(), "less"))?;
        Ok(self.out.write_all(&number.to_le_bytes())?)
    }

    fn head(&mut self, shape: &Shape, tokens: &[Vec<u8>]) -> Result<(), ConvertError> {
        if shape.bands != mel::BANDS {
            return Err(wrong("encoder/conv1/weight", format!("{} bands", shape.bands), "80"));
        }
        self.out.write_all(&MAGIC.to_le_bytes())?;
        for number in [shape.vocabulary, shape.audio_positions, shape.width] {
            self.number(number)?;
        }
        self.out.write_all(&shape.audio_heads.to_le_bytes())?;
        for number in [shape.audio_layers, shape.text_positions, shape.width] {
            self.number(number)?;
        }
        self.out.write_all(&shape.text_heads.to_le_bytes())?;
        for number in [shape.text_layers, shape.bands, F16 as usize, mel::BANDS, mel::BINS] {
            self.number(number)?;
        }
        for weight in mel::filters() {
            self.out.write_all(&weight.to_le_bytes())?;
        }
        self.number(tokens.len())?;
        for token in tokens {
            self.number(token.len())?;
            self.out.write_all(token)?;
        }
        Ok(())
    }

    fn tensors(&mut self, shape: &Shape) -> Result<(), ConvertError> {
        self.widened("encoder.positional_embedding", "encoder/position_encodings/encodings", 2)?;
        for conv in ["conv1", "conv2"] {
            self.raw(&format!("encoder.{conv}.weight"), &format!("encoder/{conv}/weight"), 3)?;
            let bias = self.source.take(&format!("encoder/{conv}/bias"), 1)?;
            self.tensor(&format!("encoder.{conv}.bias"), &[bias.dims[0], 1], F32, &widen(bias.data))?;
        }
        for layer in 0..shape.audio_layers {
            self.block("encoder", layer)?;
        }
        self.norm("encoder.ln_post", "encoder/layer_norm")?;
        self.widened("decoder.positional_embedding", "decoder/position_encodings/encodings", 2)?;
        self.raw("decoder.token_embedding.weight", "decoder/embeddings/weight", 2)?;
        for layer in 0..shape.text_layers {
            self.block("decoder", layer)?;
        }
        self.norm("decoder.ln", "decoder/layer_norm")
    }

    /// One layer; the decoder's also looks at the audio.
    fn block(&mut self, side: &str, layer: usize) -> Result<(), ConvertError> {
        let (to, from) = (format!("{side}.blocks.{layer}"), format!("{side}/layer_{layer}"));
        self.fused(
            &format!("{to}.attn"),
            &["query", "key", "value"],
            &format!("{from}/self_attention/linear_0"),
        )?;
        self.linear(&format!("{to}.attn.out"), &format!("{from}/self_attention/linear_1"))?;
        self.norm(&format!("{to}.attn_ln"), &format!("{from}/self_attention/layer_norm"))?;
        if side == "decoder" {
            self.linear(&format!("{to}.cross_attn.query"), &format!("{from}/attention/linear_0"))?;
            self.fused(
                &format!("{to}.cross_attn"),
                &["key", "value"],
                &format!("{from}/attention/linear_1"),
            )?;
            self.linear(&format!("{to}.cross_attn.out"), &format!("{from}/attention/linear_2"))?;
            self.norm(&format!("{to}.cross_attn_ln"), &format!("{from}/attention/layer_norm"))?;
        }
        self.linear(&format!("{to}.mlp.0"), &format!("{from}/ffn/linear_0"))?;
        self.linear(&format!("{to}.mlp.2"), &format!("{from}/ffn/linear_1"))?;
        self.norm(&format!("{to}.mlp_ln"), &format!("{from}/ffn/layer_norm"))
    }

    fn linear(&mut self, to: &str, from: &str) -> Result<(), ConvertError> {
        self.raw(&format!("{to}.weight"), &format!("{from}/weight"), 2)?;
        self.widened(&format!("{to}.bias"), &format!("{from}/bias"), 1)
    }

    fn norm(&mut self, to: &str, from: &str) -> Result<(), ConvertError> {
        self.widened(&format!("{to}.weight"), &format!("{from}/gamma"), 1)?;
        self.widened(&format!("{to}.bias"), &format!("{from}/beta"), 1)
    }

    /// Matrices that the source keeps in one, split by rows. Whisper's key has no bias: the source's must be zero.
    fn fused(&mut self, to: &str, parts: &[&str], from: &str) -> Result<(), ConvertError> {
        let (weight_name, bias_name) = (format!("{from}/weight"), format!("{from}/bias"));
        let weight = self.source.take(&weight_name, 2)?;
        let bias = self.source.take(&bias_name, 1)?;
        let rows = self.width * parts.len();
        if weight.dims != [rows, self.width] || bias.dims != [rows] || self.width == 0 {
            return Err(wrong(
                &weight_name,
                format!("{:?}", weight.dims),
                format!("{rows} rows of {}", self.width),
            ));
        }
        let weights = weight.data.chunks(self.width * self.width * 2);
        let biases = bias.data.chunks(self.width * 2);
        for ((part, weight), bias) in parts.iter().zip(weights).zip(biases) {
            self.tensor(&format!("{to}.{part}.weight"), &[self.width, self.width], F16, weight)?;
            if *part != "key" {
                self.tensor(&format!("{to}.{part}.bias"), &[self.width], F32, &widen(bias))?;
            } else if bias.iter().any(|b| *b != 0) {
                return Err(wrong(&bias_name, "a key with a bias", "zeros"));
            }
        }
        Ok(())
    }

    fn raw(&mut self, to: &str, from: &str, rank: usize) -> Result<(), ConvertError> {
        let variable = self.source.take(from, rank)?;
        self.tensor(to, &variable.dims, F16, variable.data)
    }

    fn widened(&mut self, to: &str, from: &str, rank: usize) -> Result<(), ConvertError> {
        let variable = self.source.take(from, rank)?;
        self.tensor(to, &variable.dims, F32, &widen(variable.data))
    }

    fn tensor(&mut self, name: &str, dims: &[usize], kind: i32, data: &[u8]) -> Result<(), ConvertError> {
        self.number(dims.len())?;
        self.number(name.len())?;
        self.out.write_all(&kind.to_le_bytes())?;
        for dim in dims.iter().rev() {
            self.number(*dim)?;
        }
        self.out.write_all(name.as_bytes())?;
        Ok(self.out.write_all(data)?)
    }
}

/// Half precision to single, exactly.
fn widen(half: &[u8]) -> Vec<u8> {
    half.chunks_exact(2)
        .flat_map(|pair| single(u16::from_le_bytes([pair[0], pair[1]])).to_le_bytes())
        .collect()
}

/// One number of IEEE 754 half precision, as single.
fn single(half: u16) -> f32 {
    let sign = u32::from(half >> 15) << 31;
    let (exponent, fraction) = (u32::from(half >> 10 & 0x1f), u32::from(half & 0x3ff));
    match (exponent, fraction) {
        (0, 0) => f32::from_bits(sign),
        (0, _) => {
            // Below the smallest normal half: fraction · 2⁻²⁴, exact in single precision.
            let size = fraction as f32 * 5.960_464_5e-8;
            if sign == 0 { size } else { -size }
        }
        (0x1f, _) => f32::from_bits(sign | 0x7f80_0000 | fraction << 13),
        _ => f32::from_bits(sign | (exponent + 112) << 23 | fraction << 13),
    }
}
