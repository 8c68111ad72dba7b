//! A line of a transcript that somebody typed anew: redacted like speech, since it is what was said there.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Context, Kind, RedactPolicy, Source, Span, find, replaced};

/// What is near a line that is corrected.
#[derive(Clone, Debug, Default)]
pub struct Around<'a> {
    /// What the same speaker said just before.
    pub before: &'a str,
    /// And just after.
    pub after: &'a str,
    /// What was talked about until then.
    pub context: Context,
    /// When, milliseconds on the conversation's clock.
    pub at_ms: u64,
}

/// The text without what must not be read, and which kinds that was. A number may be spread over this line and its
/// neighbours, or be whole within it while its neighbours end in other digits: what either way of reading finds is hidden.
#[must_use]
pub fn corrected(text: &str, around: &Around<'_>, policy: &RedactPolicy) -> (String, BTreeSet<Kind>) {
    let Around { before, after, context, at_ms } = around;
    let joined = format!("{before} {text} {after}");
    let own = before.len() + 1..before.len() + 1 + text.len();
    let mut spans = clipped(find(&joined, Source::Spoken, policy, context, *at_ms), own);
    spans.extend(find(text, Source::Spoken, policy, context, *at_ms));
    spans.sort_by_key(|span| span.range.start);
    let mut apart: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match apart.last_mut().filter(|last| span.range.start < last.range.end) {
            Some(last) => last.range.end = last.range.end.max(span.range.end),
            None => apart.push(span),
        }
    }
    (replaced(text, &apart), apart.iter().map(|span| span.kind).collect())
}

/// What lies in a part, counted from the part's beginning.
fn clipped(spans: Vec<Span>, part: Range<usize>) -> Vec<Span> {
    let clip = |span: Span| {
        let (from, until) = (span.range.start.max(part.start), span.range.end.min(part.end));
        (from < until).then(|| Span { range: from - part.start..until - part.start, kind: span.kind })
    };
    spans.into_iter().filter_map(clip).collect()
}
