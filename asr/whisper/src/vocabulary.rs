//! What the loop must know of the model's tokens: the special ones, those that are never speech, languages, prompts.

use whisper_rs::{WhisperContext, WhisperError};

/// Signs that stand for sounds, not for words (the list of Whisper's reference implementation).
const NOT_SPOKEN: &[&str] = &[
    "\"",
    "#",
    "(",
    ")",
    "*",
    "+",
    "/",
    ":",
    ";",
    "<",
    "=",
    ">",
    "@",
    "[",
    "\\",
    "]",
    "^",
    "_",
    "`",
    "{",
    "|",
    "}",
    "~",
    "「",
    "」",
    "『",
    "』",
    "<<",
    ">>",
    "<<<",
    ">>>",
    "--",
    "---",
    "-(",
    "-[",
    "('",
    "(\"",
    "((",
    "))",
    "(((",
    ")))",
    "[[",
    "]]",
    "{{",
    "}}",
    "♪♪",
    "♪♪♪",
    "♩",
    "♪",
    "♫",
    "♬",
    "♭",
    "♮",
    "♯",
];

/// Makes the model write simplified characters with punctuation.
const CHINESE_PROMPT: &str = "以下是普通话的句子，这是客服电话的录音。";

/// How much likelier another language must be than the expected one: a logarithm of odds, here 7.4 to 1. A caller may speak Chinese
/// in a flow that begins in English, yet a short sound must not turn a call into another language (docs/asr.md).
const EXPECTED: f32 = 2.0;

/// A language that the model may be told to hear.
pub(crate) struct Language {
    pub code: String,
    /// `None` in a model of one language.
    pub token: Option<i32>,
    pub prompt: Vec<i32>,
}

/// The tokens of one model.
pub(crate) struct Vocabulary {
    pub eot: usize,
    pub sot: i32,
    pub previous: i32,
    pub transcribe: i32,
    pub no_timestamps: i32,
    pub no_speech: usize,
    pub blank: usize,
    pub barred: Vec<bool>,
    texts: Vec<Box<[u8]>>,
    languages: Vec<Language>,
}

impl Vocabulary {
    pub(crate) fn of(context: &WhisperContext, languages: &[String]) -> Result<Self, WhisperError> {
        let eot = usize::try_from(context.token_eot()).unwrap_or(0);
        let texts: Vec<Box<[u8]>> = (0..context.token_eot())
            .map(|id| context.token_to_bytes(id).map(Box::from))
            .collect::<Result<_, _>>()?;
        let barred = texts.iter().map(|text| is_barred(text)).collect();
        let blank = texts.iter().position(|text| &**text == b" ").unwrap_or(eot);
        let multilingual = context.is_multilingual();
        let languages = if multilingual {
            languages.iter().filter_map(|code| language(context, code)).collect()
        } else {
            vec![Language { code: "en".to_owned(), token: None, prompt: Vec::new() }]
        };
        Ok(Self {
            eot,
            sot: context.token_sot(),
            previous: context.token_prev(),
            transcribe: context.token_transcribe(),
            no_timestamps: context.token_not(),
            no_speech: usize::try_from(context.token_nosp()).unwrap_or(0),
            blank,
            barred,
            texts,
            languages,
        })
    }

    /// The bytes that a token stands for.
    pub(crate) fn bytes(&self, token: i32) -> &[u8] {
        usize::try_from(token).ok().and_then(|id| self.texts.get(id)).map_or(&[], |text| text)
    }

    pub(crate) fn is_digits(&self, token: i32) -> bool {
        let text = self.bytes(token);
        text.iter().any(u8::is_ascii_digit) && text.iter().all(|b| b.is_ascii_digit() || b" ,.-".contains(b))
    }

    /// The likeliest of our languages; the one expected is believed until another is far likelier.
    pub(crate) fn language(&self, expected: Option<&str>, logits: &[f32]) -> &Language {
        let score = |language: &Language| {
            let id = language.token.and_then(|token| usize::try_from(token).ok());
            let heard = id.and_then(|id| logits.get(id)).copied().unwrap_or(f32::NEG_INFINITY);
            if expected == Some(language.code.as_str()) { heard + EXPECTED } else { heard }
        };
        let mut best = &self.languages[0];
        for language in &self.languages {
            if score(language) > score(best) {
                best = language;
            }
        }
        best
    }
}

fn language(context: &WhisperContext, code: &str) -> Option<Language> {
    let id = whisper_rs::get_lang_id(code)?;
    let prompt = match code {
        "zh" => context.tokenize(CHINESE_PROMPT, 64).ok()?,
        _ => Vec::new(),
    };
    Some(Language { code: code.to_owned(), token: Some(context.token_lang(id)), prompt })
}

/// Whether a token is a sign that nobody speaks. A hyphen or an apostrophe may join words but not begin one.
fn is_barred(text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    matches!(text, " -" | " '") || NOT_SPOKEN.contains(&text.trim_start_matches(' '))
}
