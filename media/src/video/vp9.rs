//! VP9 (RFC 9628): where a whole picture begins.

/// A frame begins (B) that is predicted from none (P clear), in the lowest spatial layer.
pub(super) fn begins_whole_picture(payload: &[u8]) -> bool {
    let Some((&first, rest)) = payload.split_first() else { return false };
    if first & 0x40 != 0 || first & 0x08 == 0 {
        return false;
    }
    if first & 0x20 == 0 {
        return true;
    }
    let picture_id = match rest.first() {
        Some(byte) if first & 0x80 != 0 => 1 + usize::from(byte >> 7),
        _ => 0,
    };
    rest.get(picture_id).is_some_and(|layer| layer & 0x0E == 0)
}
