//! Tickets: 新建 new → 处理中 in progress → 待确认 pending confirmation → 已完成 done, 重新打开 reopened, and the ways back.

mod picture;
mod state;

pub use picture::{Relation, RelationStep, Ticket, TicketEdit, TicketRelation};
pub use state::{Mover, Priority, TicketMove, TicketRefusal, TicketState};
