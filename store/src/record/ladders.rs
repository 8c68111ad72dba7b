//! The SIP messages of calls: one row a conversation, beside the record (no event tells of them).

use kernel::InteractionId;

use crate::StoreError;
use crate::session::{Dialect, Session};

/// Keeps them; of a conversation that there is not, nothing.
pub async fn put<D: Dialect>(
    session: &mut Session<'_, D>,
    ladders: &[(InteractionId, String)],
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO sip_ladders (conversation, packed) SELECT id, $2 FROM conversations \
        WHERE id = $1 ON CONFLICT (conversation) DO UPDATE SET packed = excluded.packed";
    for (id, packed) in ladders {
        session.exec(SQL, vec![id.to_string().as_str().into(), packed.as_str().into()]).await?;
    }
    Ok(())
}
