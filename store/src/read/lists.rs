//! Pages: limits, and cursors that name the last row handed out, so that new rows never shift a page.

use crate::{Page, StoreError};

/// Most rows on a page.
const MOST: u32 = 200;

/// `limit` if it is from 1 to 200.
pub fn page_size(limit: u32) -> Result<usize, StoreError> {
    if (1..=MOST).contains(&limit) {
        Ok(limit as usize)
    } else {
        Err(StoreError::Bad(format!("limit {limit}; expected 1 to {MOST}")))
    }
}

/// A refusal of a cursor that we did not make.
pub fn bad_cursor() -> StoreError {
    StoreError::Bad("this cursor is not one of this list; expected `next` of an earlier page".into())
}

/// The first `size` of `items` (which were fetched with one more) and the cursor of the last, if there are more.
pub fn page<T>(mut items: Vec<T>, size: usize, cursor: impl Fn(&T) -> String) -> Page<T> {
    let more = items.len() > size;
    items.truncate(size);
    let next = items.last().filter(|_| more).map(cursor);
    Page { items, next }
}
