//! VP8 (RFC 7741): where a whole picture begins.

/// A frame begins (S, partition 0), and its tag says key frame (RFC 6386 section 9.1).
pub(super) fn begins_whole_picture(payload: &[u8]) -> bool {
    let Some((&first, mut rest)) = payload.split_first() else { return false };
    if first & 0x10 == 0 || first & 0x07 != 0 {
        return false;
    }
    if first & 0x80 != 0 {
        let Some((&extension, after)) = rest.split_first() else { return false };
        rest = after;
        let picture_id = match rest.first() {
            Some(byte) if extension & 0x80 != 0 => 1 + usize::from(byte >> 7),
            _ => 0,
        };
        let level = usize::from(extension & 0x40 != 0);
        let layer = usize::from(extension & 0x30 != 0);
        rest = rest.get(picture_id + level + layer..).unwrap_or_default();
    }
    rest.first().is_some_and(|tag| tag & 1 == 0)
}
