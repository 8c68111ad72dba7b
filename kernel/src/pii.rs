//! Wrappers that keep personal data and secrets out of logs: their `Debug` never shows the value.

use core::fmt;

use serde::{Deserialize, Serialize};

macro_rules! hidden {
    ($(#[$doc:meta])* $name:ident, $shown:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name<T>(T);

        impl<T> $name<T> {
            /// Wraps a value.
            pub const fn new(value: T) -> Self {
                Self(value)
            }

            /// The value, for the one who needs it.
            pub const fn reveal(&self) -> &T {
                &self.0
            }

            /// Unwraps the value.
            pub fn into_inner(self) -> T {
                self.0
            }
        }

        impl<T> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($shown)
            }
        }

        impl<T> From<T> for $name<T> {
            fn from(value: T) -> Self {
                Self(value)
            }
        }
    };
}

hidden! {
    /// A number, address, name, message or transcript of a person.
    Pii, "‹pii›"
}
hidden! {
    /// A password or key.
    Secret, "‹secret›"
}
