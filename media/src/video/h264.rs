//! H.264 (RFC 6184): where a whole picture begins.

/// Sequence parameter set: it goes before every picture that needs none before it.
const PARAMETERS: u8 = 7;
/// Aggregate of units, each with its length (RFC 6184 section 5.7.1).
const AGGREGATE: u8 = 24;

/// The parameter set is there, alone or in an aggregate.
pub(super) fn begins_whole_picture(payload: &[u8]) -> bool {
    let Some((&first, mut rest)) = payload.split_first() else { return false };
    match first & 0x1F {
        PARAMETERS => true,
        AGGREGATE => {
            while let [high, low, after @ ..] = rest {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                let Some(unit) = after.get(..length) else { return false };
                if unit.first().is_some_and(|byte| byte & 0x1F == PARAMETERS) {
                    return true;
                }
                rest = after.get(length..).unwrap_or_default();
            }
            false
        }
        _ => false,
    }
}
