//! Company vocabulary: names that are likelier where the sound allows them.
//!
//! A name is a row of tokens. Its first token is a little likelier everywhere, each further one much likelier once those before it
//! stand there: so a name is finished that was begun, and is not begun where nothing sounds like it. Promises: costs a few
//! comparisons a token, whatever the number of names; nothing is added to the prompt, which would cost decodings and words.

use whisper_rs::WhisperContext;

/// By how much (a logarithm of odds) a name's first token is likelier.
const BEGINS: f32 = 1.0;
/// The same for the tokens after it.
const GOES_ON: f32 = 3.0;
/// Names that are used.
const NAMES: usize = 500;
/// Tokens of a name that are used.
const TOKENS: usize = 16;

/// The names of a model.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bias {
    names: Vec<Vec<i32>>,
}

impl Bias {
    /// These names as this model spells them: after a space, and at the beginning of a text.
    pub(crate) fn of(context: &WhisperContext, names: &[String]) -> Self {
        let spelled =
            names.iter().take(NAMES).flat_map(|name| [format!(" {}", name.trim()), name.trim().to_owned()]);
        let mut names: Vec<Vec<i32>> = spelled
            .filter_map(|name| context.tokenize(&name, TOKENS).ok())
            .filter(|tokens| !tokens.is_empty())
            .collect();
        names.sort_unstable();
        names.dedup();
        Self { names }
    }

    /// What is likelier after these tokens, and by how much.
    pub(crate) fn after(&self, tokens: &[i32], out: &mut Vec<(usize, f32)>) {
        out.clear();
        for name in &self.names {
            for stands in 0..name.len() {
                let bonus = if stands == 0 { BEGINS } else { GOES_ON };
                let Some((begun, next)) = name.get(..stands).zip(name.get(stands)) else { continue };
                if tokens.ends_with(begun)
                    && let Ok(id) = usize::try_from(*next)
                {
                    out.push((id, bonus));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_was_begun_is_likelier_to_go_on_than_to_begin() {
        let bias = Bias { names: vec![vec![7, 8, 9], vec![5]] };
        let mut out = Vec::new();
        bias.after(&[1, 7, 8], &mut out);
        assert_eq!(out, [(7, BEGINS), (9, GOES_ON), (5, BEGINS)]);
        bias.after(&[], &mut out);
        assert_eq!(out, [(7, BEGINS), (5, BEGINS)]);
    }
}
