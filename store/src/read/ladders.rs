//! The SIP messages of a conversation, as they were packed.

use kernel::InteractionId;

use crate::StoreError;
use crate::session::{Dialect, Session};

/// What is kept of a conversation.
pub async fn ladder<D: Dialect>(
    session: &mut Session<'_, D>,
    id: InteractionId,
) -> Result<Option<String>, StoreError> {
    const SQL: &str = "SELECT packed FROM sip_ladders WHERE conversation = $1";
    let row = session.row(SQL, vec![id.to_string().as_str().into()]).await?;
    row.map(|row| row.text(0)).transpose()
}
