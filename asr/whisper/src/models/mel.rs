//! The mel filterbank of Whisper's front end, as its training used it (Slaney's scale and area normalisation).
//!
//! Computed instead of shipped: 80 triangles over the 201 bins of a 400-point spectrum at 16 kHz. The steps and their
//! roundings follow the usual definition (HTK off, fmin 0, fmax 8000), so that the file's digest is that of the
//! reference converter.

/// Bands.
pub(super) const BANDS: usize = 80;
/// Bins of the spectrum.
pub(super) const BINS: usize = 201;
/// Highest frequency, in Hz.
const MOST_HZ: f64 = 8_000.0;
/// Linear below 1000 Hz: so many Hz a mel.
const LINEAR_HZ: f64 = 200.0 / 3.0;
/// Where the logarithmic part begins, in mel.
const KNEE_MEL: f64 = 1_000.0 / LINEAR_HZ;

/// The filters, band by band.
pub(super) fn filters() -> Vec<f32> {
    let edges = edges();
    let bin_hz: Vec<f64> = (0..BINS).map(|bin| bin as f64 * 40.0).collect();
    let mut filters = Vec::with_capacity(BANDS * BINS);
    for band in edges.windows(3) {
        let area = 2.0 / (band[2] - band[0]);
        for hz in &bin_hz {
            let rise = -(band[0] - hz) / (band[1] - band[0]);
            let fall = (band[2] - hz) / (band[2] - band[1]);
            // Not `max(0.0)`: the published table keeps the negative zero at 0 Hz, and the file's digest counts it.
            let height = rise.min(fall);
            let height = if height < 0.0 { 0.0 } else { height as f32 };
            filters.push((f64::from(height) * area) as f32);
        }
    }
    filters
}

/// The corners of the triangles, in Hz, evenly spaced in mel.
fn edges() -> Vec<f64> {
    let log_step = 6.4_f64.ln() / 27.0;
    let most_mel = KNEE_MEL + (MOST_HZ / 1_000.0).ln() / log_step;
    let count = BANDS + 1;
    let step = most_mel / count as f64;
    (0..=count)
        .map(|i| if i == count { most_mel } else { i as f64 * step })
        .map(
            |mel| {
                if mel >= KNEE_MEL { 1_000.0 * (log_step * (mel - KNEE_MEL)).exp() } else { LINEAR_HZ * mel }
            },
        )
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_band_is_a_triangle_of_the_same_area() {
        let filters = filters();
        assert_eq!(filters.len(), BANDS * BINS);
        for band in filters.chunks(BINS).skip(60) {
            let area: f32 = band.iter().sum::<f32>() * 40.0;
            // Forty samples a kilohertz are coarse for a narrow triangle.
            assert!((area - 1.0).abs() < 0.1, "{area}");
        }
        // The first value of the published table, and one in the logarithmic part.
        assert!((filters[1] - 0.024_862_594).abs() < 1e-8);
        // The published table has one negative zero; the digest of a model file counts it.
        assert!(filters[0] == 0.0 && filters[0].is_sign_negative());
        assert!(filters[1..].iter().all(|weight| weight.is_sign_positive()));
    }
}
