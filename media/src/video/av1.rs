//! AV1: where a whole picture begins.

/// The aggregation header says that a coded video sequence begins (N), and not in the middle of a unit (Z).
pub(super) fn begins_whole_picture(payload: &[u8]) -> bool {
    payload.len() > 1 && payload.first().is_some_and(|header| header & 0x88 == 0x08)
}
