//! Choosing tokens: which are never text, when a trimmed window has made the model loop, and what is kept then.
//!
//! With a window trimmed to the speech the text is right but the model often does not stop (docs/asr.md): it begins
//! again. The rule here ends it, and the repeated part is taken away.

/// Tokens in a row that must come again, for a loop of three or more.
const LONG_UNIT: usize = 3;
/// How often one or two tokens must come in a row.
const SHORT_TIMES: usize = 5;
/// The same for units that are all digits: numbers do repeat.
const DIGIT_TIMES: usize = 12;

/// The best token that may stand here; some are `likelier` than the model says.
pub(crate) fn best(
    logits: &[f32],
    barred: &[bool],
    first: bool,
    blank: usize,
    eot: usize,
    likelier: &[(usize, f32)],
) -> usize {
    let mut best = eot;
    let mut score =
        if first { f32::NEG_INFINITY } else { logits.get(eot).copied().unwrap_or(f32::NEG_INFINITY) };
    for (id, (&logit, &bar)) in logits.iter().zip(barred).take(eot).enumerate() {
        if logit > score && !bar && !(first && id == blank) {
            best = id;
            score = logit;
        }
    }
    for &(id, bonus) in likelier.iter().filter(|(id, _)| *id < eot) {
        let logit = logits.get(id).copied().unwrap_or(f32::NEG_INFINITY) + bonus;
        if logit > score && !barred.get(id).copied().unwrap_or(true) && !(first && id == blank) {
            best = id;
            score = logit;
        }
    }
    best
}

/// Softmax of one logit.
pub(crate) fn probability(logits: &[f32], id: usize) -> f32 {
    let Some(&own) = logits.get(id) else { return 0.0 };
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = logits.iter().map(|&l| f64::from(l - most).exp()).sum();
    (f64::from(own - most).exp() / sum) as f32
}

/// The same for every token of a text, in a tenth of the time: good to a thousandth, which is what confidence needs.
pub(crate) fn confidence(logits: &[f32], id: usize) -> f32 {
    let Some(&own) = logits.get(id) else { return 0.0 };
    let most = logits.iter().fold(own, |most, &logit| if logit > most { logit } else { most });
    let mut lanes = [0.0_f32; LANES];
    let chunks = logits.chunks_exact(LANES);
    let rest: f32 = chunks.remainder().iter().map(|&logit| quick_exp(logit - most)).sum();
    for chunk in chunks {
        for (lane, &logit) in lanes.iter_mut().zip(chunk) {
            *lane += quick_exp(logit - most);
        }
    }
    (quick_exp(own - most) / (lanes.iter().sum::<f32>() + rest)).min(1.0)
}

/// Sums side by side, as the processor adds them.
const LANES: usize = 8;

/// e to the power of `x`, which is 0 or less: two to a whole power, times a cubic of the rest.
fn quick_exp(x: f32) -> f32 {
    let power = (x * std::f32::consts::LOG2_E).max(-126.0);
    let whole = power as i32 - 1;
    let rest = power - whole as f32;
    let cubic = 1.0 + rest * (0.695_178_6 + rest * (0.227_611 + rest * 0.078_023_4));
    // The exponent of a number is kept with 127 added.
    f32::from_bits(((whole + 127).max(0) as u32) << 23) * cubic
}

/// If the tokens have begun to repeat: how many of them to keep.
pub(crate) fn loop_start(tokens: &[i32], is_digits: impl Fn(i32) -> bool) -> Option<usize> {
    for unit in 1..LONG_UNIT {
        let digits = tokens.len() >= unit && tokens[tokens.len() - unit..].iter().all(|&t| is_digits(t));
        let times = if digits { DIGIT_TIMES } else { SHORT_TIMES };
        if tokens.len() >= unit * times {
            let tail = &tokens[tokens.len() - unit * times..];
            if tail.chunks(unit).all(|chunk| chunk == &tail[..unit]) {
                return Some(tokens.len() - unit * (times - 1));
            }
        }
    }
    for unit in LONG_UNIT..=tokens.len() / 2 {
        let (before, last) = tokens[tokens.len() - 2 * unit..].split_at(unit);
        let digits = last.iter().all(|&t| is_digits(t));
        if before == last && !digits {
            return Some(tokens.len() - unit);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_sentence_is_cut_to_one() {
        assert_eq!(loop_start(&[7, 1, 2, 3, 1, 2, 3], |_| false), Some(4));
        assert_eq!(loop_start(&[7, 1, 2, 3, 1, 2], |_| false), None);
        assert_eq!(loop_start(&[1, 2, 1, 2], |_| false), None);
    }

    #[test]
    fn a_stuttered_token_is_cut_to_one_but_digits_may_repeat() {
        assert_eq!(loop_start(&[9, 5, 5, 5, 5, 5], |_| false), Some(2));
        assert_eq!(loop_start(&[9, 5, 5, 5, 5, 5], |_| true), None);
        assert_eq!(loop_start(&[5; 12], |_| true), Some(1));
    }

    #[test]
    fn confidence_is_the_softmax_to_a_thousandth_and_worse_than_nothing_never() {
        let mut rng = kernel::Rng::seeded(4);
        for spread in [0.5, 4.0, 30.0, 300.0] {
            let logits: Vec<f32> =
                (0..5_001).map(|_| (rng.below(10_000) as f32 / 10_000.0 - 0.5) * spread).collect();
            for id in [0, 17, 5_000, best(&logits, &[false; 5_001], false, 0, 5_000, &[])] {
                let (exact, quick) = (probability(&logits, id), confidence(&logits, id));
                assert!((exact - quick).abs() < 0.001, "{spread} {id}: {exact} {quick}");
            }
        }
        assert_eq!(confidence(&[], 3), 0.0);
        assert_eq!(confidence(&[f32::NEG_INFINITY, 1.0], 1), 1.0);
    }

    #[test]
    fn the_first_token_is_neither_blank_nor_the_end() {
        let logits = [1.0, 2.0, 5.0, 4.0, 9.0];
        let barred = [false, true, false, false, false];
        assert_eq!(best(&logits, &barred, true, 2, 4, &[]), 3);
        assert_eq!(best(&logits, &barred, false, 2, 4, &[]), 4);
        assert_eq!(best(&[1.0, 2.0, 0.5, 0.0, 0.0], &barred, false, 2, 4, &[]), 0);
        assert_eq!(best(&[1.0, 2.0, 0.5, 0.0, 0.0], &barred, false, 2, 4, &[(3, 1.5), (1, 9.0)]), 3);
    }
}
