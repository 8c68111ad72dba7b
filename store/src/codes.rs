//! Enums as the record spells them: by their serialised names, so that database and API read alike.

use serde::Serialize;
use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};

use crate::StoreError;
use crate::session::Value;

/// The name of a variant without fields, as a value to bind.
pub fn code<T: Serialize>(variant: &T) -> Value {
    match serde_json::to_value(variant) {
        Ok(serde_json::Value::String(name)) => Value::Text(Some(name)),
        _ => Value::Text(None),
    }
}

/// The name of a variant that may be absent.
pub fn maybe_code<T: Serialize>(variant: Option<&T>) -> Value {
    variant.map_or(Value::Text(None), code)
}

/// The variant of a name.
pub fn decode<T: DeserializeOwned>(name: &str) -> Result<T, StoreError> {
    let from: StrDeserializer<'_, Error> = name.into_deserializer();
    T::deserialize(from)
        .map_err(|error| StoreError::Database(format!("the record holds an unknown word: {error}")))
}

/// The variant of a name that may be absent.
pub fn maybe_decode<T: DeserializeOwned>(name: Option<&str>) -> Result<Option<T>, StoreError> {
    name.map(decode).transpose()
}
