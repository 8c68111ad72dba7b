// The knowledge base: search, articles, what customers asked in vain; supervisors write and import.

import { Button, Input, Modal, Segmented, Select, Table, Upload } from "antd";
import { useEffect, useState } from "react";
import { Link } from "wouter";

import { api } from "../api/client";
import type { Article, ArticleDraft, Gap, ImportRow, Passage } from "../api/shapes";
import { useLanguage, useText } from "../i18n/language";
import { useSession } from "../session";
import { failureText } from "../ui/failure";
import { useFetched } from "../ui/fetched";
import { useMessages } from "../ui/messages";
import { day } from "../ui/time";

/** Each named in its own language. */
const LANGUAGES = [
  { value: "en", label: "English" },
  { value: "zh", label: "中文" },
];
const EMPTY: ArticleDraft = { title: "", body: "", lang: "en", audience: "staff", review_at: null, expires_at: null };

export function KnowledgePage() {
  const text = useText();
  const { user } = useSession();
  const [view, setView] = useState<"articles" | "gaps">("articles");
  const [editing, setEditing] = useState<{ key: string; draft: ArticleDraft; fresh: boolean }>();
  const [round, setRound] = useState(0);
  const writes = user.role !== "agent";
  useEffect(() => {
    document.title = `${text("knowledge.title")} · Voxdesk`;
  }, [text]);

  const edit = async (key: string) => {
    const newest = (await api.article(key)).items[0];
    if (newest) setEditing({ key, draft: newest, fresh: false });
  };
  return (
    <div className="page" data-testid="knowledge">
      <header className="page-head">
        <h1>{text("knowledge.title")}</h1>
        <div className="tools">
          <Segmented<"articles" | "gaps">
            value={view}
            onChange={setView}
            aria-label={text("knowledge.title")}
            options={[
              { value: "articles", label: text("knowledge.articles") },
              { value: "gaps", label: text("knowledge.gaps") },
            ]}
          />
          {writes && (
            <>
              <Import done={() => setRound((old) => old + 1)} />
              <Button type="primary" onClick={() => setEditing({ key: "", draft: EMPTY, fresh: true })} data-testid="article-new">
                {text("knowledge.new")}
              </Button>
            </>
          )}
        </div>
      </header>
      {editing ? (
        <Editor
          key={editing.key}
          first={editing}
          close={(saved) => {
            setEditing(undefined);
            if (saved) setRound((old) => old + 1);
          }}
        />
      ) : view === "articles" ? (
        <Articles round={round} edit={writes ? (key) => void edit(key) : undefined} />
      ) : (
        <Gaps />
      )}
    </div>
  );
}

function Articles({ round, edit }: { round: number; edit: ((key: string) => void) | undefined }) {
  const text = useText();
  const { language } = useLanguage();
  const [asked, setAsked] = useState(() => new URLSearchParams(location.search).get("q") ?? "");
  const all = useFetched(`articles ${round}`, () => api.articles());
  const found = useFetched(asked ? `search ${asked} ${round}` : undefined, () => api.searchKnowledge(asked));
  return (
    <>
      <Input.Search
        allowClear
        placeholder={text("knowledge.search")}
        aria-label={text("knowledge.search")}
        defaultValue={asked}
        onSearch={(value) => setAsked(value.trim())}
        enterButton
        data-testid="knowledge-search"
      />
      {asked !== "" && found.value && (
        <ol className="plain found" aria-live="polite">
          {found.value.items.length === 0 && <li className="quiet">{text("knowledge.nothing")}</li>}
          {found.value.items.map((one: Passage) => (
            <li key={one.key} className="card" data-testid="found" data-key={one.key}>
              <strong>{one.heading ? `${one.title} · ${one.heading}` : one.title}</strong>
              <p className="suggestion-text is-open">{one.text}</p>
              <p className="quiet small">{text("suggest.words", { words: one.words.join(", ") })}</p>
            </li>
          ))}
        </ol>
      )}
      {all.error !== undefined && <p className="failed">{failureText(text, all.error)}</p>}
      <Table<Article>
        dataSource={all.value?.items ?? []}
        rowKey="key"
        size="middle"
        pagination={{ pageSize: 50, hideOnSinglePage: true }}
        locale={{ emptyText: text("list.empty") }}
        data-testid="articles"
        onRow={(one) => ({ "data-testid": "article-row", "data-key": one.key }) as object}
        columns={[
          {
            title: text("knowledge.name"),
            dataIndex: "title",
            render: (title: string, one) =>
              edit ? (
                <Button type="link" className="cell-link" onClick={() => edit(one.key)}>
                  {title}
                </Button>
              ) : (
                title
              ),
          },
          { title: text("knowledge.lang"), dataIndex: "lang", render: (lang: string) => LANGUAGES.find(({ value }) => value === lang)?.label ?? lang },
          { title: text("knowledge.audience"), render: (_, one) => text(`audience.${one.audience}`) },
          { title: text("knowledge.version"), dataIndex: "version" },
          { title: text("knowledge.by"), dataIndex: "by" },
          { title: text("tickets.updated"), dataIndex: "at", render: (at: string) => day(at, language) },
          { title: text("knowledge.review"), dataIndex: "review_at", render: (at: string | null) => (at ? day(at, language) : "–") },
        ]}
      />
    </>
  );
}

function Gaps() {
  const text = useText();
  const { language } = useLanguage();
  const gaps = useFetched("gaps", () => api.gaps());
  return (
    <Table<Gap>
      dataSource={gaps.value?.items ?? []}
      rowKey="question"
      pagination={false}
      locale={{ emptyText: text("list.empty") }}
      data-testid="gaps"
      columns={[
        {
          title: text("knowledge.question"),
          dataIndex: "question",
          render: (question: string, one) => <Link href={`/conversations/${one.conversation}`}>{question}</Link>,
        },
        { title: text("knowledge.times"), dataIndex: "times" },
        { title: text("knowledge.last"), dataIndex: "last_at", render: (at: string) => day(at, language) },
      ]}
    />
  );
}

function Import({ done }: { done: () => void }) {
  const text = useText();
  const { language } = useLanguage();
  const message = useMessages();
  const [modal, question] = Modal.useModal();
  const take = async (file: File) => {
    const format = /\.html?$/i.test(file.name) ? "html" : /\.csv$/i.test(file.name) ? "csv" : "markdown";
    const send = async (dryRun: boolean) =>
      api.importArticles({ format, name: file.name, text: await file.text(), lang: language, dry_run: dryRun });
    try {
      const tried = (await send(true)).items;
      const bad = tried.filter((row: ImportRow) => row.reason !== null);
      modal.confirm({
        title: text("knowledge.import_title", { good: tried.length - bad.length, bad: bad.length }),
        content: (
          <ul data-testid="import-bad">
            {bad.slice(0, 20).map((row) => (
              <li key={row.line}>{text("knowledge.import_row", { line: row.line ?? 0, reason: row.reason ?? "" })}</li>
            ))}
          </ul>
        ),
        okText: text("knowledge.import"),
        okButtonProps: { disabled: bad.length === tried.length },
        onOk: async () => {
          await send(false);
          done();
        },
      });
    } catch (error) {
      void message.error(failureText(text, error));
    }
  };
  return (
    <>
      {question}
      <Upload
        accept=".md,.markdown,.html,.htm,.csv,.txt"
        showUploadList={false}
        beforeUpload={(file) => {
          void take(file);
          return false;
        }}
      >
        <Button data-testid="import">{text("knowledge.import")}</Button>
      </Upload>
    </>
  );
}

interface EditorProps {
  first: { key: string; draft: ArticleDraft; fresh: boolean };
  close: (saved: boolean) => void;
}

function Editor({ first, close }: EditorProps) {
  const text = useText();
  const message = useMessages();
  const [key, setKey] = useState(first.key);
  const [draft, setDraft] = useState(first.draft);
  const [busy, setBusy] = useState(false);
  const set = (change: Partial<ArticleDraft>) => setDraft((old) => ({ ...old, ...change }));
  const save = async () => {
    setBusy(true);
    try {
      const { title, body, lang, audience, review_at, expires_at } = draft;
      await api.saveArticle(key.trim(), { title, body, lang, audience, review_at, expires_at });
      close(true);
    } catch (error) {
      void message.error(failureText(text, error));
      setBusy(false);
    }
  };
  const date = (value: string | null) => value?.slice(0, 10) ?? "";
  const moment = (value: string) => (value ? `${value}T00:00:00Z` : null);
  return (
    <form
      className="card article-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => event.key === "Escape" && close(false)}
      data-testid="article-form"
    >
      <label>
        {text("knowledge.key")}
        <Input value={key} disabled={!first.fresh} maxLength={200} required onChange={(event) => setKey(event.target.value)} data-testid="article-key" />
      </label>
      <label>
        {text("knowledge.name")}
        <Input value={draft.title} maxLength={200} required onChange={(event) => set({ title: event.target.value })} data-testid="article-title" />
      </label>
      <label>
        {text("knowledge.body")}
        <Input.TextArea value={draft.body} required autoSize={{ minRows: 10 }} onChange={(event) => set({ body: event.target.value })} data-testid="article-body" />
      </label>
      <div className="tools">
        <Select
          value={draft.lang}
          aria-label={text("knowledge.lang")}
          data-testid="article-lang"
          onChange={(lang) => set({ lang })}
          options={LANGUAGES}
        />
        <Select
          value={draft.audience ?? "staff"}
          aria-label={text("knowledge.audience")}
          onChange={(audience) => set({ audience })}
          options={(["staff", "supervisors"] as const).map((value) => ({ value, label: text(`audience.${value}`) }))}
        />
        <label className="inline">
          {text("knowledge.review")}
          <Input type="date" value={date(draft.review_at ?? null)} onChange={(event) => set({ review_at: moment(event.target.value) })} />
        </label>
        <label className="inline">
          {text("knowledge.expires")}
          <Input type="date" value={date(draft.expires_at ?? null)} onChange={(event) => set({ expires_at: moment(event.target.value) })} />
        </label>
        <Button htmlType="submit" type="primary" loading={busy} data-testid="article-save">
          {text("ticket.save")}
        </Button>
        <Button onClick={() => close(false)}>{text("knowledge.cancel")}</Button>
      </div>
    </form>
  );
}
