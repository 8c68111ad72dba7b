// What administrators set in the browser: promises about tickets, macros; and who changed what, when, and what it was before.

import { Button, Input, InputNumber, Select, Table } from "antd";
import { useEffect, useState } from "react";

import { api } from "../api/client";
import type { Audited, Priority, TicketState } from "../api/shapes";
import { CustomerFields } from "../customers/fields_setting";
import { EventHooks } from "../hooks/event_hooks";
import { useLanguage, useText } from "../i18n/language";
import { Imports } from "../imports/imports";
import { ApiKeys } from "../keys/api_keys";
import { useSession } from "../session";
import { useFetched } from "../ui/fetched";
import { day } from "../ui/time";
import { AlertBounds, WaitingTargets } from "../reports/bounds";
import { Bans } from "./bans";
import { useSetting } from "./setting";
import { Trunks } from "./trunks";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const PRIORITIES: readonly Priority[] = ["urgent", "high", "normal", "low"];
const STATES: readonly TicketState[] = ["new", "in_progress", "pending_confirmation", "done", "reopened"];

interface Target {
  first_answer_minutes?: number | null;
  resolution_minutes?: number | null;
}
interface Open {
  day: string;
  from: string;
  to: string;
}
interface Sla {
  hours?: { zone: string; open: Open[]; closed: string[] } | null;
  targets: Partial<Record<Priority, Target>>;
}
interface Macro {
  name: string;
  reply?: string | null;
  kind?: string | null;
  priority?: Priority | null;
  team?: string | null;
  to?: TicketState | null;
}

export function SettingsPage() {
  const text = useText();
  const { user } = useSession();
  const [round, setRound] = useState(0);
  useEffect(() => {
    document.title = `${text("settings.title")} · Voxdesk`;
  }, [text]);
  const saved = () => setRound((old) => old + 1);
  return (
    <div className="page" data-testid="settings">
      <header className="page-head">
        <h1>{text("settings.title")}</h1>
      </header>
      {user.role === "admin" && <Promises saved={saved} />}
      {user.role === "admin" && <WaitingTargets saved={saved} />}
      <AlertBounds saved={saved} />
      <Macros saved={saved} />
      {user.role === "admin" && <CustomerFields saved={saved} />}
      {user.role === "admin" && <Trunks />}
      {user.role === "admin" && <ApiKeys saved={saved} />}
      {user.role === "admin" && <Imports />}
      {user.role === "admin" && <EventHooks saved={saved} />}
      {user.role === "admin" && <Bans changed={saved} />}
      {user.role === "admin" && <Audit round={round} />}
    </div>
  );
}

function Promises({ saved }: { saved: () => void }) {
  const text = useText();
  const sla = useSetting<Sla>("sla", { hours: null, targets: {} }, saved);
  const { value, set } = sla;
  const target = (priority: Priority, change: Target) =>
    set({ ...value, targets: { ...value.targets, [priority]: { ...value.targets[priority], ...change } } });
  const hours = value.hours ?? null;
  const begin = () =>
    set({
      ...value,
      hours: {
        zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        open: DAYS.slice(0, 5).map((one) => ({ day: one, from: "09:00", to: "17:00" })),
        closed: [],
      },
    });
  return (
    <section className="card article-form" aria-labelledby="promises-title">
      <h2 id="promises-title">{text("settings.sla")}</h2>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{text("ticket.priority")}</th>
            <th scope="col">{text("settings.first_answer")}</th>
            <th scope="col">{text("settings.resolution")}</th>
          </tr>
        </thead>
        <tbody>
          {PRIORITIES.map((priority) => (
            <tr key={priority}>
              <th scope="row">{text(`priority.${priority}`)}</th>
              {(["first_answer_minutes", "resolution_minutes"] as const).map((field) => (
                <td key={field}>
                  <InputNumber
                    min={1}
                    max={1_000_000}
                    precision={0}
                    value={value.targets[priority]?.[field] ?? null}
                    aria-label={`${text(`priority.${priority}`)} ${text(field === "first_answer_minutes" ? "settings.first_answer" : "settings.resolution")}`}
                    onChange={(minutes) => target(priority, { [field]: minutes })}
                    data-testid={`${field}-${priority}`}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {hours === null ? (
        <p>
          {text("settings.always")} <Button onClick={begin}>{text("settings.hours_set")}</Button>
        </p>
      ) : (
        <>
          <label>
            {text("settings.zone")}
            <Input value={hours.zone} onChange={(event) => set({ ...value, hours: { ...hours, zone: event.target.value } })} />
          </label>
          <ul className="plain">
            {hours.open.map((line, n) => (
              <li key={n} className="inline">
                <Select
                  value={line.day}
                  aria-label={text("settings.day")}
                  onChange={(one) => set({ ...value, hours: { ...hours, open: replaced(hours.open, n, { ...line, day: one }) } })}
                  options={DAYS.map((one) => ({ value: one, label: text(`day.${one}`) }))}
                />
                {(["from", "to"] as const).map((end) => (
                  <Input
                    key={end}
                    value={line[end]}
                    aria-label={text(`settings.${end}`)}
                    className="other-ticket"
                    onChange={(event) =>
                      set({ ...value, hours: { ...hours, open: replaced(hours.open, n, { ...line, [end]: event.target.value }) } })
                    }
                  />
                ))}
                <Button
                  onClick={() => set({ ...value, hours: { ...hours, open: hours.open.filter((_, other) => other !== n) } })}
                >
                  {text("settings.remove")}
                </Button>
              </li>
            ))}
          </ul>
          <p className="tools">
            <Button
              onClick={() => set({ ...value, hours: { ...hours, open: [...hours.open, { day: "sat", from: "09:00", to: "13:00" }] } })}
            >
              {text("settings.add_hours")}
            </Button>
            <Button onClick={() => set({ ...value, hours: null })}>{text("settings.always_open")}</Button>
          </p>
          <label>
            {text("settings.closed")}
            <Input
              value={hours.closed.join(", ")}
              placeholder="2026-12-25, 2027-01-01"
              onChange={(event) =>
                set({ ...value, hours: { ...hours, closed: event.target.value.split(/[,，\s]+/).filter((date) => date !== "") } })
              }
            />
          </label>
        </>
      )}
      <Button type="primary" disabled={!sla.changed} loading={sla.busy} onClick={() => void sla.save()} data-testid="sla-save">
        {text("ticket.save")}
      </Button>
    </section>
  );
}

function Macros({ saved }: { saved: () => void }) {
  const text = useText();
  const macros = useSetting<Macro[]>("macros", [], saved);
  const change = (n: number, part: Partial<Macro>) =>
    macros.set(macros.value.map((one, other) => (other === n ? { ...one, ...part } : one)));
  const word = (value: string) => (value === "" ? null : value);
  return (
    <section className="card article-form" aria-labelledby="macros-title">
      <h2 id="macros-title">{text("settings.macros")}</h2>
      <p className="quiet small">{text("settings.macros_lead", { customer: "{customer}", ticket: "{ticket}", agent: "{agent}" })}</p>
      {macros.value.map((one, n) => (
        <fieldset key={n} className="macro">
          <div className="tools">
            <Input value={one.name} aria-label={text("settings.macro_name")} placeholder={text("settings.macro_name")} onChange={(event) => change(n, { name: event.target.value })} data-testid="macro-name" />
            <Input value={one.kind ?? ""} aria-label={text("ticket.kind")} placeholder={text("ticket.kind")} onChange={(event) => change(n, { kind: word(event.target.value) })} />
            <Input value={one.team ?? ""} aria-label={text("ticket.team")} placeholder={text("ticket.team")} onChange={(event) => change(n, { team: word(event.target.value) })} />
            <Select<Priority>
              allowClear
              value={one.priority ?? null}
              placeholder={text("ticket.priority")}
              aria-label={text("ticket.priority")}
              popupMatchSelectWidth={false}
              onChange={(priority) => change(n, { priority: priority ?? null })}
              options={PRIORITIES.map((value) => ({ value, label: text(`priority.${value}`) }))}
            />
            <Select<TicketState>
              allowClear
              value={one.to ?? null}
              placeholder={text("ticket.state")}
              aria-label={text("ticket.state")}
              popupMatchSelectWidth={false}
              onChange={(to) => change(n, { to: to ?? null })}
              options={STATES.map((value) => ({ value, label: text(`ticket_state.${value}`) }))}
            />
            <Button onClick={() => macros.set(macros.value.filter((_, other) => other !== n))}>{text("settings.remove")}</Button>
          </div>
          <Input.TextArea
            value={one.reply ?? ""}
            autoSize
            aria-label={text("settings.reply")}
            placeholder={text("settings.reply")}
            onChange={(event) => change(n, { reply: word(event.target.value) })}
            data-testid="macro-reply"
          />
        </fieldset>
      ))}
      <p className="tools">
        <Button onClick={() => macros.set([...macros.value, { name: "" }])} disabled={!macros.loaded} data-testid="macro-add">
          {text("settings.macro_add")}
        </Button>
        <Button type="primary" disabled={!macros.changed} loading={macros.busy} onClick={() => void macros.save()} data-testid="macros-save">
          {text("ticket.save")}
        </Button>
      </p>
    </section>
  );
}

/** A value with more characters may be taller than its cell. */
const SCROLLS = 100;

function Audit({ round }: { round: number }) {
  const text = useText();
  const { language } = useLanguage();
  const trail = useFetched(`audit ${round}`, () => api.audit());
  // A long value scrolls in its cell: the keyboard must get there.
  const shown = (value: string | null) => (
    <code className="audit-value" tabIndex={(value?.length ?? 0) > SCROLLS ? 0 : undefined}>
      {value ?? "–"}
    </code>
  );
  return (
    <section aria-labelledby="audit-title">
      <h2 id="audit-title">{text("settings.audit")}</h2>
      <Table<Audited>
        dataSource={trail.value?.items ?? []}
        rowKey={(one) => `${one.at} ${one.key}`}
        pagination={false}
        size="small"
        locale={{ emptyText: text("list.empty") }}
        data-testid="audit"
        columns={[
          { title: text("settings.when"), dataIndex: "at", render: (at: string) => day(at, language) },
          { title: text("settings.who"), dataIndex: "by" },
          { title: text("settings.what"), dataIndex: "key" },
          { title: text("settings.before"), dataIndex: "before", render: shown },
          { title: text("settings.after"), dataIndex: "after", render: shown },
        ]}
      />
    </section>
  );
}

function replaced<T>(list: readonly T[], n: number, one: T): T[] {
  return list.map((old, other) => (other === n ? one : old));
}
