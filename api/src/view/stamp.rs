//! Wall time as the API writes it.

use chrono::{DateTime, SecondsFormat, Utc};
use desk::WallMillis;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

/// A moment; in JSON RFC 3339, UTC, milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2025-11-22T16:20:00.123Z")]
pub(crate) struct Stamp(pub WallMillis);

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        // Out of chrono's range only by a corrupt record: show the nearest end rather than fail the whole answer.
        let at = DateTime::<Utc>::from_timestamp_millis(self.0).unwrap_or(if self.0 < 0 {
            DateTime::<Utc>::MIN_UTC
        } else {
            DateTime::<Utc>::MAX_UTC
        });
        to.serialize_str(&at.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rfc_3339_in_utc_with_milliseconds() {
        let shown = |at| serde_json::to_value(Stamp(at)).expect("a stamp always has a text");
        assert_eq!(shown(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(shown(1_763_828_400_123), "2025-11-22T16:20:00.123Z");
        assert!(shown(i64::MAX).is_string() && shown(i64::MIN).is_string());
    }
}
