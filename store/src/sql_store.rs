//! The `Store` over any database that speaks our dialect of SQL.

use async_trait::async_trait;
use desk::correction::Replaced;
use desk::customer::Customer;
use desk::delivery::{Delivery, Thread};
use desk::event_hooks::{EventDelivery, EventHook, HookStep};
use desk::knowledge::{Article, Vote};
use desk::reports::Stretch;
use desk::{Change, Conversation, Entry, FlowDraft, FlowVersion, Person, Ticket, TicketRelation, WallMillis};
use kernel::{AgentName, InteractionId, Secret};
use sqlx::{Connection, Pool};

use crate::codes::code;
use crate::session::{Dialect, Session, database};
use crate::writer::{Work, Writer};
use crate::{
    Arrived, Audited, ConversationFilter, Credential, CustomerFilter, CustomerMerge, Event, FlowPassage,
    FlowStay, FoundKey, Gap, Happened, Kept, Mention, OpenVoicemail, Page, ReportFilter, ReportQuery,
    ReportSums, SearchFilter, SearchHit, Store, StoreError, TicketFilter, User, read, record,
};

/// One writer, several readers.
pub struct SqlStore<D: Dialect> {
    writer: Writer,
    readers: Pool<D>,
    place: String,
}

impl<D: Dialect> SqlStore<D> {
    /// Starts the writer on `writer` (one connection); `place` is the database as errors name it.
    ///
    /// # Errors
    /// `Database` when the writer cannot be started.
    pub fn new(writer: Pool<D>, readers: Pool<D>, place: String) -> Result<Self, StoreError> {
        Ok(Self { writer: Writer::start(writer, place.clone())?, readers, place })
    }

    async fn statement(&self, sql: &'static str, args: Vec<crate::session::Value>) -> Result<(), StoreError> {
        self.writer.write(Work::Statement { sql, args }).await.map(drop)
    }
}

/// Runs a reading function on a connection of the pool.
macro_rules! reading {
    ($store:expr, |$session:ident| $read:expr) => {{
        let mut conn =
            $store.readers.acquire().await.map_err(|error| database(&$store.place, "connecting", &error))?;
        let $session = &mut Session::<D>::new(&mut conn, &$store.place);
        $read.await
    }};
}

#[async_trait]
impl<D: Dialect> Store for SqlStore<D> {
    async fn append(&self, at: WallMillis, changes: Vec<Change>) -> Result<Vec<Event>, StoreError> {
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        self.writer.write(Work::Changes { at, changes }).await
    }

    async fn events_after(&self, seq: i64, limit: u32) -> Result<Vec<Event>, StoreError> {
        reading!(self, |session| read::events_after(session, seq, limit))
    }

    async fn last_event(&self) -> Result<i64, StoreError> {
        reading!(self, |session| record::last(session))
    }

    async fn conversation(&self, id: InteractionId) -> Result<Conversation, StoreError> {
        reading!(self, |session| read::conversation(session, id))
    }

    async fn conversations(&self, filter: ConversationFilter) -> Result<Page<Conversation>, StoreError> {
        reading!(self, |session| read::conversations(session, &filter))
    }

    async fn open_conversations(&self) -> Result<Vec<Conversation>, StoreError> {
        reading!(self, |session| read::open_conversations(session))
    }

    async fn entries(&self, id: InteractionId, after: i64, limit: u32) -> Result<Vec<Entry>, StoreError> {
        reading!(self, |session| read::entries(session, id, after, limit))
    }

    async fn corrections(&self, id: InteractionId, seq: i64) -> Result<Vec<Replaced>, StoreError> {
        reading!(self, |session| read::corrections(session, id, seq))
    }

    async fn person(&self, id: i64) -> Result<Person, StoreError> {
        reading!(self, |session| read::person(session, id))
    }

    async fn person_at(&self, address: &str) -> Result<Option<Person>, StoreError> {
        reading!(self, |session| read::person_at(session, address))
    }

    async fn customer(&self, id: i64) -> Result<Customer, StoreError> {
        reading!(self, |session| read::customers::one(session, id))
    }

    async fn customers(&self, filter: CustomerFilter) -> Result<Page<Customer>, StoreError> {
        reading!(self, |session| read::customers::list(session, &filter))
    }

    async fn customer_merges(&self, id: i64) -> Result<Vec<CustomerMerge>, StoreError> {
        reading!(self, |session| read::customers::merges(session, id))
    }

    async fn customer_merge(&self, event: i64) -> Result<CustomerMerge, StoreError> {
        reading!(self, |session| read::customers::merge(session, event))
    }

    async fn customer_tags(&self) -> Result<Vec<String>, StoreError> {
        reading!(self, |session| read::customers::tags(session))
    }

    async fn tier_at(&self, address: &str) -> Result<Option<String>, StoreError> {
        reading!(self, |session| read::customers::tier_at(session, address))
    }

    async fn ticket(&self, id: i64) -> Result<Ticket, StoreError> {
        reading!(self, |session| read::ticket(session, id))
    }

    async fn tickets(&self, filter: TicketFilter) -> Result<Page<Ticket>, StoreError> {
        reading!(self, |session| read::tickets(session, &filter))
    }

    async fn flows_in_service(&self) -> Result<Vec<FlowVersion>, StoreError> {
        reading!(self, |session| read::flows::in_service(session))
    }

    async fn flow_history(
        &self,
        flow: &str,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<FlowVersion>, StoreError> {
        reading!(self, |session| read::flows::history(session, flow, before, limit))
    }

    async fn flow_version(&self, flow: &str, version: i64) -> Result<FlowVersion, StoreError> {
        reading!(self, |session| read::flows::version(session, flow, version))
    }

    async fn flow_drafts(&self) -> Result<Vec<FlowDraft>, StoreError> {
        reading!(self, |session| read::flows::drafts(session))
    }

    async fn flow_draft(&self, flow: &str) -> Result<Option<FlowDraft>, StoreError> {
        reading!(self, |session| read::flows::draft(session, flow))
    }

    async fn put_flow_draft(&self, draft: FlowDraft) -> Result<(), StoreError> {
        self.writer.write(Work::Draft(draft)).await.map(drop)
    }

    async fn drop_flow_draft(&self, flow: &str) -> Result<(), StoreError> {
        self.statement("DELETE FROM flow_drafts WHERE flow = $1", vec![flow.into()]).await
    }

    async fn flow_passages(
        &self,
        from: WallMillis,
        until: WallMillis,
    ) -> Result<Vec<FlowPassage>, StoreError> {
        reading!(self, |session| read::flows::passages(session, from, until))
    }

    async fn flow_stays(&self, from: WallMillis, until: WallMillis) -> Result<Vec<FlowStay>, StoreError> {
        reading!(self, |session| read::flows::stays(session, from, until))
    }

    async fn happened(
        &self,
        code: &str,
        from: WallMillis,
        until: WallMillis,
    ) -> Result<Vec<Happened>, StoreError> {
        reading!(self, |session| read::happened(session, code, from, until))
    }

    async fn ticket_relations(&self, id: i64) -> Result<Vec<TicketRelation>, StoreError> {
        reading!(self, |session| read::relations(session, id))
    }

    async fn open_voicemails(&self) -> Result<Vec<OpenVoicemail>, StoreError> {
        reading!(self, |session| read::open_voicemails(session))
    }

    async fn tickets_due(&self, now: WallMillis) -> Result<Vec<Ticket>, StoreError> {
        reading!(self, |session| read::overdue(session, now))
    }

    async fn articles_after(&self, event: i64) -> Result<Vec<(i64, Article)>, StoreError> {
        reading!(self, |session| read::articles_after(session, event))
    }

    async fn article(&self, key: &str) -> Result<Vec<Article>, StoreError> {
        reading!(self, |session| read::article(session, key))
    }

    async fn votes_after(&self, event: i64) -> Result<Vec<(i64, Vote)>, StoreError> {
        reading!(self, |session| read::votes_after(session, event))
    }

    async fn knowledge_gaps(&self, limit: u32) -> Result<Vec<Gap>, StoreError> {
        reading!(self, |session| read::gaps(session, limit))
    }

    async fn audit(&self, key: Option<&str>, limit: u32) -> Result<Vec<Audited>, StoreError> {
        reading!(self, |session| read::audit(session, key, limit))
    }

    async fn search(&self, filter: SearchFilter) -> Result<Page<SearchHit>, StoreError> {
        reading!(self, |session| read::search(session, &filter))
    }

    async fn report(&self, query: ReportQuery) -> Result<Vec<ReportSums>, StoreError> {
        self.writer.write(Work::Count).await?;
        reading!(self, |session| read::report(session, &query))
    }

    async fn report_rows(
        &self,
        which: ReportFilter,
        column: &'static str,
        after: Option<String>,
        limit: u32,
    ) -> Result<Page<Conversation>, StoreError> {
        self.writer.write(Work::Count).await?;
        reading!(self, |session| read::report_rows(session, &which, column, after.as_deref(), limit))
    }

    async fn agent_stretches(
        &self,
        from: WallMillis,
        until: WallMillis,
        open_only: bool,
    ) -> Result<Vec<(AgentName, Stretch)>, StoreError> {
        reading!(self, |session| read::agent_stretches(session, from, until, open_only))
    }

    async fn votes_between(&self, from: WallMillis, until: WallMillis) -> Result<Vec<Vote>, StoreError> {
        reading!(self, |session| read::votes_between(session, from, until))
    }

    async fn agent_state(
        &self,
        agent: AgentName,
        state: String,
        pause: Option<String>,
        at: WallMillis,
    ) -> Result<(), StoreError> {
        self.writer.write(Work::AgentState { agent, state, pause, at }).await.map(drop)
    }

    async fn agents_gone(&self, now: WallMillis) -> Result<(), StoreError> {
        self.writer.write(Work::AgentsGone(now)).await.map(drop)
    }

    async fn arrived(&self, channel: &str, external: &str) -> Result<Option<Arrived>, StoreError> {
        reading!(self, |session| read::arrived(session, channel, external))
    }

    async fn thread(&self, id: InteractionId) -> Result<Option<Thread>, StoreError> {
        reading!(self, |session| read::thread(session, id))
    }

    async fn latest_thread(&self, channel: &str, peer: &str) -> Result<Option<InteractionId>, StoreError> {
        reading!(self, |session| read::latest_thread(session, channel, peer))
    }

    async fn outbox_due(&self, now: WallMillis, limit: u32) -> Result<Vec<Delivery>, StoreError> {
        reading!(self, |session| read::due(session, now, limit))
    }

    async fn deliveries(&self, id: InteractionId) -> Result<Vec<Delivery>, StoreError> {
        reading!(self, |session| read::deliveries(session, id))
    }

    async fn event_hooks(&self) -> Result<Vec<EventHook>, StoreError> {
        reading!(self, |session| read::event_hooks(session))
    }

    async fn hook_secret(&self, hook: &str) -> Result<Option<Secret<String>>, StoreError> {
        reading!(self, |session| read::hook_secret(session, hook))
    }

    async fn put_hook_secret(&self, hook: &str, secret: &Secret<String>) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO event_hook_secrets (hook, secret) VALUES ($1, $2) \
            ON CONFLICT (hook) DO UPDATE SET secret = excluded.secret";
        self.statement(SQL, vec![hook.into(), secret.reveal().as_str().into()]).await
    }

    async fn hook_step(&self, hook: &str, step: HookStep, at: WallMillis) -> Result<(), StoreError> {
        self.writer.write(Work::Hook { hook: hook.to_owned(), step, at }).await.map(drop)
    }

    async fn hook_asked(&self, hook: &str) -> Result<Vec<i64>, StoreError> {
        reading!(self, |session| read::hook_asked(session, hook))
    }

    async fn hook_deliveries(
        &self,
        hook: &str,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<EventDelivery>, StoreError> {
        reading!(self, |session| read::hook_deliveries(session, hook, before, limit))
    }

    async fn put_sip_ladders(&self, ladders: Vec<(InteractionId, String)>) -> Result<(), StoreError> {
        self.writer.write(Work::Ladders(ladders)).await.map(drop)
    }

    async fn sip_ladder(&self, id: InteractionId) -> Result<Option<String>, StoreError> {
        reading!(self, |session| read::ladder(session, id))
    }

    async fn mentions(
        &self,
        agent: &AgentName,
        after: Option<String>,
        limit: u32,
    ) -> Result<Page<Mention>, StoreError> {
        reading!(self, |session| read::mentions(session, agent, after.as_deref(), limit))
    }

    async fn mentions_unseen(&self, agent: &AgentName) -> Result<i64, StoreError> {
        reading!(self, |session| read::unseen(session, agent))
    }

    async fn mentions_seen(&self, agent: &AgentName, until: i64, at: WallMillis) -> Result<(), StoreError> {
        const SQL: &str =
            "UPDATE mentions SET seen_at = $1 WHERE agent = $2 AND event <= $3 AND seen_at IS NULL";
        self.statement(SQL, vec![at.into(), agent.as_str().into(), until.into()]).await
    }

    async fn put_user(&self, user: User) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO users (name, role, password_hash) VALUES ($1, $2, $3) ON CONFLICT (name) \
            DO UPDATE SET role = excluded.role, password_hash = excluded.password_hash";
        self.statement(
            SQL,
            vec![user.name.as_str().into(), code(&user.role), user.password_hash.as_str().into()],
        )
        .await
    }

    async fn user(&self, name: &str) -> Result<Option<User>, StoreError> {
        reading!(self, |session| read::user(session, name))
    }

    async fn put_credential(&self, credential: Credential) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO credentials (token_hash, subject, role, expires_at) VALUES ($1, $2, $3, $4) \
            ON CONFLICT (token_hash) DO UPDATE SET subject = excluded.subject, role = excluded.role, \
            expires_at = excluded.expires_at";
        let Credential { token_hash, subject, role, expires_at } = credential;
        self.statement(
            SQL,
            vec![token_hash.as_str().into(), subject.as_str().into(), code(&role), expires_at.into()],
        )
        .await
    }

    async fn credential(&self, token_hash: &str, now: WallMillis) -> Result<Option<Credential>, StoreError> {
        reading!(self, |session| read::credential(session, token_hash, now))
    }

    async fn put_api_key(&self, token_hash: &str, key: &str) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO api_keys (token_hash, key) VALUES ($1, $2)";
        self.statement(SQL, vec![token_hash.into(), key.into()]).await
    }

    async fn api_key(&self, token_hash: &str) -> Result<Option<FoundKey>, StoreError> {
        reading!(self, |session| read::api_key(session, token_hash))
    }

    async fn api_key_used(&self, key: &str, at: WallMillis) -> Result<(), StoreError> {
        self.statement("UPDATE api_keys SET used_at = $2 WHERE key = $1", vec![key.into(), at.into()]).await
    }

    async fn api_key_uses(&self) -> Result<Vec<(String, WallMillis)>, StoreError> {
        reading!(self, |session| read::api_key_uses(session))
    }

    async fn drop_api_key(&self, key: &str) -> Result<(), StoreError> {
        self.statement("DELETE FROM api_keys WHERE key = $1", vec![key.into()]).await
    }

    async fn kept(&self, subject: &str, key: &str) -> Result<Option<Kept>, StoreError> {
        reading!(self, |session| read::kept(session, subject, key))
    }

    async fn begin_kept(
        &self,
        (subject, key): (&str, &str),
        request: &str,
        at: WallMillis,
        stale: WallMillis,
    ) -> Result<bool, StoreError> {
        const SWEEP: &str = "DELETE FROM idempotent_answers WHERE at < $1";
        // Beside the record, so a statement at a time: whose mark stands there has begun.
        const BEGIN: &str = "INSERT INTO idempotent_answers (subject, key, request, at) VALUES ($1, $2, $3, $4) \
            ON CONFLICT (subject, key) DO NOTHING";
        self.statement(SWEEP, vec![stale.into()]).await?;
        self.statement(BEGIN, vec![subject.into(), key.into(), request.into(), at.into()]).await?;
        let kept = self.kept(subject, key).await?;
        Ok(kept.is_some_and(|kept| kept.request == request && kept.answer.is_none()))
    }

    async fn end_kept(
        &self,
        subject: &str,
        key: &str,
        answer: Option<(i64, String)>,
    ) -> Result<(), StoreError> {
        const KEEP: &str =
            "UPDATE idempotent_answers SET status = $3, body = $4 WHERE subject = $1 AND key = $2";
        const FORGET: &str =
            "DELETE FROM idempotent_answers WHERE subject = $1 AND key = $2 AND status IS NULL";
        let place = vec![subject.into(), key.into()];
        match answer {
            Some((status, body)) => {
                let args = place.into_iter().chain([status.into(), body.as_str().into()]).collect();
                self.statement(KEEP, args).await
            }
            None => self.statement(FORGET, place).await,
        }
    }

    async fn imported(
        &self,
        source: &str,
        kind: &str,
        externals: &[String],
    ) -> Result<Vec<String>, StoreError> {
        reading!(self, |session| read::imported(session, (source, kind), externals))
    }

    async fn drop_credential(&self, token_hash: &str) -> Result<(), StoreError> {
        self.statement("DELETE FROM credentials WHERE token_hash = $1", vec![token_hash.into()]).await
    }

    async fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        reading!(self, |session| read::setting(session, key))
    }

    async fn put_setting(&self, key: &str, value: &str) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO settings (key, value) VALUES ($1, $2) \
            ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        self.statement(SQL, vec![key.into(), value.into()]).await
    }

    async fn settings_of(&self, prefix: &str) -> Result<Vec<(String, String)>, StoreError> {
        reading!(self, |session| read::settings_of(session, prefix))
    }

    async fn drop_setting(&self, key: &str) -> Result<(), StoreError> {
        self.statement("DELETE FROM settings WHERE key = $1", vec![key.into()]).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        let failed = |error| database(&self.place, "ping", &error);
        self.readers.acquire().await.map_err(failed)?.ping().await.map_err(failed)
    }
}
