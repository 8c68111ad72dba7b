//! The two laws of G.711 as tables, built at compile time.
//!
//! Promises: the values of ITU-T G.711 exactly; encoding a decoded byte gives that byte again (µ-law's −0 becomes +0).

/// µ-law bytes to samples.
pub(crate) static ULAW_TO_LINEAR: [i16; 256] = {
    let mut table = [0i16; 256];
    let mut n = 0;
    while n < 256 {
        let u = !(n as u8);
        let magnitude = ((((u & 0x0F) as i32) << 3) + 0x84) << ((u & 0x70) >> 4);
        let value = magnitude - 0x84;
        table[n] = if u & 0x80 != 0 { -value } else { value } as i16;
        n += 1;
    }
    table
};

/// A-law bytes to samples.
pub(crate) static ALAW_TO_LINEAR: [i16; 256] = {
    let mut table = [0i16; 256];
    let mut n = 0;
    while n < 256 {
        let a = (n as u8) ^ 0x55;
        let segment = (a & 0x70) >> 4;
        let mantissa = ((a & 0x0F) as i32) << 4;
        let value = match segment {
            0 => mantissa + 8,
            1 => mantissa + 0x108,
            s => (mantissa + 0x108) << (s - 1),
        };
        table[n] = if a & 0x80 != 0 { value } else { -value } as i16;
        n += 1;
    }
    table
};

/// Samples (upper 14 bits) to µ-law.
static LINEAR_TO_ULAW: [u8; 16_384] = {
    let mut table = [0u8; 16_384];
    let mut n = 0;
    while n < 16_384 {
        let sample = if n >= 8192 { n as i32 - 16_384 } else { n as i32 };
        let negative = sample < 0;
        let mut magnitude = if negative { -sample } else { sample };
        if magnitude > 8158 {
            magnitude = 8158;
        }
        magnitude += 33;
        let mut segment = 0;
        while segment < 7 && magnitude > (64 << segment) - 1 {
            segment += 1;
        }
        let byte = (segment << 4) | ((magnitude >> (segment + 1)) & 0x0F);
        table[n] = byte as u8 ^ if negative { 0x7F } else { 0xFF };
        n += 1;
    }
    table
};

/// Samples (upper 13 bits) to A-law.
static LINEAR_TO_ALAW: [u8; 8192] = {
    let mut table = [0u8; 8192];
    let mut n = 0;
    while n < 8192 {
        let sample = if n >= 4096 { n as i32 - 8192 } else { n as i32 };
        let negative = sample < 0;
        let magnitude = if negative { -sample - 1 } else { sample };
        let mut segment = 0;
        while segment < 7 && magnitude > (32 << segment) - 1 {
            segment += 1;
        }
        let byte =
            if segment == 0 { magnitude >> 1 } else { (segment << 4) | ((magnitude >> segment) & 0x0F) };
        table[n] = byte as u8 ^ if negative { 0x55 } else { 0xD5 };
        n += 1;
    }
    table
};

/// One sample as µ-law.
pub(crate) fn to_ulaw(sample: i16) -> u8 {
    LINEAR_TO_ULAW[usize::from(sample as u16 >> 2)]
}

/// One sample as A-law.
pub(crate) fn to_alaw(sample: i16) -> u8 {
    LINEAR_TO_ALAW[usize::from(sample as u16 >> 3)]
}

/// What a telephone line makes of samples at 8 kHz: G.711 µ-law and back.
#[must_use]
pub fn through_mu_law(samples: &[i16]) -> Vec<i16> {
    samples.iter().map(|sample| ULAW_TO_LINEAR[usize::from(to_ulaw(*sample))]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_survives_decoding_and_encoding() {
        for byte in 0..=255u8 {
            let back = to_ulaw(ULAW_TO_LINEAR[usize::from(byte)]);
            assert_eq!(back, if byte == 0x7F { 0xFF } else { byte });
            assert_eq!(to_alaw(ALAW_TO_LINEAR[usize::from(byte)]), byte);
        }
    }

    #[test]
    fn known_values_of_the_recommendation() {
        assert_eq!(ULAW_TO_LINEAR[0x00], -32_124);
        assert_eq!(ULAW_TO_LINEAR[0x80], 32_124);
        assert_eq!(ULAW_TO_LINEAR[0xFF], 0);
        assert_eq!(ALAW_TO_LINEAR[0xD5], 8);
        assert_eq!(ALAW_TO_LINEAR[0xAA], 32_256);
        assert_eq!(ALAW_TO_LINEAR[0x2A], -32_256);
        assert_eq!((to_ulaw(0), to_alaw(0)), (0xFF, 0xD5));
        assert_eq!((to_ulaw(i16::MAX), to_ulaw(i16::MIN)), (0x80, 0x00));
        assert_eq!((to_alaw(i16::MAX), to_alaw(i16::MIN)), (0xAA, 0x2A));
    }

    #[test]
    fn encoding_picks_the_nearest_level() {
        for sample in (i16::MIN..=i16::MAX).step_by(7) {
            for (table, byte) in [(&ULAW_TO_LINEAR, to_ulaw(sample)), (&ALAW_TO_LINEAR, to_alaw(sample))] {
                let got = i32::from(table[usize::from(byte)]);
                let error = (got - i32::from(sample)).abs();
                // Half a step of the segment, or the clipping at the top.
                let step = (i32::from(sample).abs() / 16).max(16);
                assert!(error <= step.max(i32::from(sample).abs() - 32_124), "{sample} became {got}");
            }
        }
    }
}
