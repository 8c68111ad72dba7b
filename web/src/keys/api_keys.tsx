// Keys that programs use: which there are, a new one, and away with one. On the settings page of administrators.

import { Button, Checkbox, Input, Modal, Popconfirm, Select, Table } from "antd";
import { useState } from "react";

import { api, ApiError } from "../api/client";
import type { ApiKey, Scope } from "../api/shapes";
import { useLanguage, useText } from "../i18n/language";
import { failureText } from "../ui/failure";
import { useFetched } from "../ui/fetched";
import { day } from "../ui/time";
import { useKeyText } from "./texts";
import { useMessages } from "../ui/messages";

/** In the order in which they are listed everywhere. */
export const SCOPES: readonly Scope[] = [
  "conversations:read",
  "conversations:write",
  "customers:read",
  "customers:write",
  "events:read",
  "floor:read",
  "floor:write",
  "flows:read",
  "flows:write",
  "imports:write",
  "knowledge:read",
  "knowledge:write",
  "recordings:read",
  "reports:read",
  "settings:read",
  "settings:write",
  "tickets:read",
  "tickets:write",
];
const LIVES = ["30", "90", "365", "never"] as const;
type Life = (typeof LIVES)[number];

export function ApiKeys({ saved }: { saved: () => void }) {
  const text = useKeyText();
  const words = useText();
  const { language } = useLanguage();
  const message = useMessages();
  const fetched = useFetched("api keys", () => api.apiKeys());
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [made, setMade] = useState<{ name: string; token: string }>();
  const failed = (error: unknown) =>
    void message.error(error instanceof ApiError && error.code === "name_taken" ? text("name_taken") : failureText(words, error), 6);
  const run = async (doing: () => Promise<void>) => {
    setBusy(true);
    try {
      await doing();
      fetched.again();
      saved();
    } catch (error) {
      failed(error);
    } finally {
      setBusy(false);
    }
  };
  const make = (name: string, scopes: readonly Scope[], days: number | null) =>
    run(async () => {
      const { key, token } = await api.makeApiKey(name, scopes, days);
      setMade({ name: key.name, token });
      setOpen(false);
    });
  return (
    <section aria-labelledby="api-keys-title" data-testid="api-keys">
      <h2 id="api-keys-title">{text("title")}</h2>
      <p className="quiet small">{text("lead")}</p>
      {fetched.error !== undefined && <p role="alert">{failureText(words, fetched.error)}</p>}
      <Table<ApiKey>
        dataSource={[...(fetched.value?.items ?? [])]}
        rowKey="id"
        pagination={false}
        size="small"
        scroll={{ x: true }}
        locale={{ emptyText: text("none") }}
        onRow={(key) => ({ "data-testid": "key-row", "data-key": key.name }) as object}
        columns={[
          { title: text("name"), key: "name", render: (_, key) => <strong>{key.name}</strong> },
          { title: text("scopes"), key: "scopes", render: (_, key) => key.scopes.map((scope) => text(`scope.${scope}`)).join(language === "zh" ? "、" : ", ") },
          {
            title: text("until"),
            key: "until",
            render: (_, key) => (key.expired ? text("over") : key.expires_at === null ? text("never") : day(key.expires_at, language)),
          },
          { title: text("used"), key: "used", render: (_, key) => (key.used_at === null ? text("unused") : day(key.used_at, language)) },
          { title: text("made"), key: "made", render: (_, key) => text("made_by", { at: day(key.created_at, language), name: key.created_by }) },
          {
            title: "",
            key: "do",
            render: (_, key) => (
              <Popconfirm title={text("revoke_sure")} onConfirm={() => void run(() => api.revokeApiKey(key.id))} okButtonProps={{ "data-testid": "key-revoke-sure" }}>
                <Button size="small" danger aria-label={text("revoke_of", { name: key.name })} data-testid="key-revoke">
                  {text("revoke")}
                </Button>
              </Popconfirm>
            ),
          },
        ]}
      />
      {open ? (
        <KeyForm busy={busy} make={(name, scopes, days) => void make(name, scopes, days)} cancel={() => setOpen(false)} />
      ) : (
        <p className="tools">
          <Button onClick={() => setOpen(true)} data-testid="key-add">
            {text("add")}
          </Button>
        </p>
      )}
      <Modal
        open={made !== undefined}
        title={text("token", { name: made?.name ?? "" })}
        closable={false}
        footer={
          <Button type="primary" onClick={() => setMade(undefined)} data-testid="key-token-done">
            {text("token_done")}
          </Button>
        }
      >
        <p>{text("token_lead")}</p>
        <Input readOnly value={made?.token ?? ""} aria-label={text("token", { name: made?.name ?? "" })} onFocus={(event) => event.target.select()} data-testid="key-token" />
      </Modal>
    </section>
  );
}

interface KeyFormProps {
  readonly busy: boolean;
  readonly make: (name: string, scopes: readonly Scope[], days: number | null) => void;
  readonly cancel: () => void;
}

function KeyForm({ busy, make, cancel }: KeyFormProps) {
  const text = useKeyText();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly Scope[]>([]);
  const [life, setLife] = useState<Life>("365");
  return (
    <form
      className="card article-form hook-form"
      aria-label={text("add")}
      onSubmit={(event) => {
        event.preventDefault();
        make(name.trim(), scopes, life === "never" ? null : Number(life));
      }}
      data-testid="key-form"
    >
      <label>
        {text("name")}
        <Input value={name} maxLength={60} onChange={(event) => setName(event.target.value)} placeholder={text("name_hint")} autoFocus data-testid="key-name" />
      </label>
      <label>
        {text("expires")}
        <Select<Life> value={life} onChange={setLife} options={LIVES.map((one) => ({ value: one, label: text(`expires.${one}`) }))} data-testid="key-life" />
      </label>
      <fieldset className="hook-kinds">
        <legend>{text("scopes")}</legend>
        <Checkbox.Group<Scope>
          value={[...scopes]}
          onChange={(chosen) => setScopes(SCOPES.filter((scope) => chosen.includes(scope)))}
          options={SCOPES.map((scope) => ({ value: scope, label: text(`scope.${scope}`) }))}
        />
      </fieldset>
      <p className="tools">
        <Button type="primary" htmlType="submit" loading={busy} disabled={name.trim() === "" || scopes.length === 0} data-testid="key-save">
          {text("create")}
        </Button>
        <Button onClick={cancel}>{text("cancel")}</Button>
      </p>
    </form>
  );
}
