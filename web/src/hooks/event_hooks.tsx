// Programs that are told what happens: which, how they stand, and the buttons for them. On the settings page of administrators.

import { Button, Input, Modal, Popconfirm, Table } from "antd";
import { useState } from "react";

import { api } from "../api/client";
import type { EventHook, EventKind } from "../api/shapes";
import { useLanguage, useText } from "../i18n/language";
import { failureText } from "../ui/failure";
import { useFetched } from "../ui/fetched";
import { useMessages } from "../ui/messages";
import { day } from "../ui/time";
import { Tone, type ToneName } from "../ui/tone";
import { Deliveries, outcomeText } from "./deliveries";
import { HookForm, KINDS } from "./hook_form";
import { reasonText, useHookText, type HookText } from "./texts";

const TONES: Record<EventHook["state"], ToneName> = { active: "green", stopped: "grey", parked: "red" };
/** How often, and how far apart (ms), the answer to a test is looked for. */
const LOOKS = 20;
const LOOK_MS = 300;

/** What is done to a hook, with the sentence for a person when it fails. */
function useDoing(done: () => void) {
  const words = useText();
  const message = useMessages();
  const [busy, setBusy] = useState<string>();
  const run = async (what: string, doing: () => Promise<unknown>) => {
    setBusy(what);
    try {
      await doing();
      done();
      return true;
    } catch (error) {
      void message.error(failureText(words, error), 6);
      return false;
    } finally {
      setBusy(undefined);
    }
  };
  return { busy, run };
}

export function EventHooks({ saved }: { saved: () => void }) {
  const text = useHookText();
  const words = useText();
  const { language } = useLanguage();
  const message = useMessages();
  const fetched = useFetched("event hooks", () => api.eventHooks());
  const [form, setForm] = useState<EventHook | "new">();
  const [secret, setSecret] = useState<{ url: string; secret: string }>();
  const [opened, setOpened] = useState<string>();
  const { busy, run } = useDoing(() => {
    fetched.again();
    saved();
  });
  const hooks = fetched.value?.items ?? [];
  const keep = async (url: string, kinds: EventKind[]) => {
    const good = await run("save", async () => {
      if (form === "new") {
        const made = await api.makeEventHook(url, kinds);
        setSecret({ url, secret: made.secret });
      } else if (form !== undefined) {
        await api.changeEventHook(form.id, { url, kinds });
      }
    });
    if (good) setForm(undefined);
  };
  const test = (hook: EventHook) =>
    run(`test ${hook.id}`, async () => {
      await api.testEventHook(hook.id);
      for (let look = 0; look < LOOKS; look += 1) {
        await new Promise((go) => setTimeout(go, LOOK_MS));
        const page = await api.eventDeliveries(hook.id, 1, 1);
        const answer = page.items.find((one) => one.sequence === 0 && one.state !== "waiting");
        if (answer) return void message.info(text("test_sent", { outcome: outcomeText(text, answer) }), 6);
      }
      return void message.info(text("test_waits"), 6);
    });
  const buttons = (hook: EventHook) => (
    <div className="tools">
      <Button size="small" loading={busy === `test ${hook.id}`} onClick={() => void test(hook)} data-testid="hook-test">
        {text("test")}
      </Button>
      <Button size="small" onClick={() => setOpened(opened === hook.id ? undefined : hook.id)} aria-expanded={opened === hook.id} data-testid="hook-deliveries">
        {text("deliveries")}
      </Button>
      <Button size="small" onClick={() => setForm(hook)} data-testid="hook-edit">
        {text("edit")}
      </Button>
      <Button
        size="small"
        onClick={() => void run("state", () => api.changeEventHook(hook.id, { running: hook.state !== "active" }))}
        data-testid="hook-running"
      >
        {text(hook.state === "active" ? "stop" : "go_on")}
      </Button>
      <Popconfirm
        title={text("new_secret_sure")}
        onConfirm={() => void run("secret", async () => setSecret({ url: hook.url, secret: (await api.newEventHookSecret(hook.id)).secret }))}
      >
        <Button size="small">{text("new_secret")}</Button>
      </Popconfirm>
      <Popconfirm title={text("remove_sure")} onConfirm={() => void run("remove", () => api.removeEventHook(hook.id))} okButtonProps={{ "data-testid": "hook-remove-sure" }}>
        <Button size="small" danger data-testid="hook-remove">
          {text("remove")}
        </Button>
      </Popconfirm>
    </div>
  );
  const shown = hooks.find((hook) => hook.id === opened);
  return (
    <section aria-labelledby="event-hooks-title" data-testid="event-hooks">
      <h2 id="event-hooks-title">{text("title")}</h2>
      <p className="quiet small">{text("lead")}</p>
      {fetched.error !== undefined && <p role="alert">{failureText(words, fetched.error)}</p>}
      <Table<EventHook>
        dataSource={[...hooks]}
        rowKey="id"
        pagination={false}
        size="small"
        scroll={{ x: true }}
        locale={{ emptyText: text("none") }}
        onRow={(hook) => ({ "data-testid": "hook-row", "data-hook": hook.id }) as object}
        columns={[
          { title: text("url"), key: "url", render: (_, hook) => <code className="audit-value">{hook.url}</code> },
          { title: text("kinds"), key: "kinds", render: (_, hook) => KINDS.filter((kind) => hook.kinds.includes(kind)).map((kind) => text(`kind.${kind}`)).join(language === "zh" ? "、" : ", ") },
          { title: text("state"), key: "state", render: (_, hook) => <State hook={hook} text={text} /> },
          {
            title: text("told"),
            key: "told",
            render: (_, hook) => (
              <>
                {hook.sequence}
                {hook.behind > 0 && hook.state !== "active" && <div className="quiet small">{text("behind", { count: hook.behind })}</div>}
              </>
            ),
          },
          { title: "", key: "do", render: (_, hook) => buttons(hook) },
        ]}
      />
      {shown && <Deliveries key={shown.id} hook={shown} close={() => setOpened(undefined)} replayed={fetched.again} />}
      <p className="tools">
        <Button onClick={() => setForm("new")} data-testid="hook-add">
          {text("add")}
        </Button>
        <Button onClick={fetched.again}>{text("refresh")}</Button>
      </p>
      {form !== undefined && (
        <HookForm
          key={form === "new" ? "new" : form.id}
          hook={form === "new" ? undefined : form}
          busy={busy === "save"}
          keep={(url, kinds) => void keep(url, kinds)}
          cancel={() => setForm(undefined)}
        />
      )}
      <Modal
        open={secret !== undefined}
        title={text("secret", { url: secret?.url ?? "" })}
        closable={false}
        footer={
          <Button type="primary" onClick={() => setSecret(undefined)} data-testid="hook-secret-done">
            {text("secret_done")}
          </Button>
        }
      >
        <p>{text("secret_lead")}</p>
        <Input readOnly value={secret?.secret ?? ""} aria-label={text("secret", { url: secret?.url ?? "" })} onFocus={(event) => event.target.select()} data-testid="hook-secret" />
      </Modal>
    </section>
  );
}

function State({ hook, text }: { hook: EventHook; text: HookText }) {
  const { language } = useLanguage();
  const why = hook.why === null ? "" : reasonText(text, hook.why);
  const at = hook.next_try_at === null ? "" : day(hook.next_try_at, language);
  return (
    <>
      <Tone tone={hook.failures > 0 && hook.state === "active" ? "gold" : TONES[hook.state]} testId="hook-state" state={hook.state}>
        {text(`state.${hook.state}`)}
      </Tone>
      {hook.failures > 0 && (
        <div className="quiet small">
          {hook.state === "parked" ? text("parked", { count: hook.failures, why }) : text("failing", { count: hook.failures, why, at })}
        </div>
      )}
    </>
  );
}
