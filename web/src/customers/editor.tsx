// What is known of a customer, as a form: only what was changed is sent, with the revision that was seen.

import { Alert, Button, Input, InputNumber, Select } from "antd";
import { useEffect, useState, type FormEvent, type KeyboardEvent } from "react";

import { api, ApiError } from "../api/client";
import type { ConsentState, ConsentTo, CustomerDetail, CustomerEdit, CustomerField, CustomerSetup } from "../api/shapes";
import { useLanguage, useText } from "../i18n/language";
import { failureText } from "../ui/failure";
import { day } from "../ui/time";
import { address } from "../ui/words";
import { useCustomerText } from "./texts";
import { useMessages } from "../ui/messages";

const WORDS: readonly ConsentState[] = ["given", "refused", "unknown"];

interface Props {
  readonly customer: CustomerDetail;
  /** Somebody else changed the customer since. */
  readonly outdated: boolean;
  readonly setup: CustomerSetup | undefined;
  readonly dirty: (is: boolean) => void;
  readonly load: () => void;
  readonly saved: (customer: CustomerDetail) => void;
}

type Draft = Omit<CustomerEdit, "revision">;

export function Editor({ customer, outdated, setup, dirty, load, saved }: Props) {
  const text = useText();
  const says = useCustomerText();
  const message = useMessages();
  const [draft, setDraft] = useState<Draft>({});
  const [busy, setBusy] = useState(false);
  const [stale, setStale] = useState(false);
  const changed = Object.keys(draft).length > 0;
  useEffect(() => dirty(changed), [changed, dirty]);
  const put = (change: Draft) => setDraft((old) => ({ ...old, ...change }));

  const save = async () => {
    if (!changed || busy) return;
    setBusy(true);
    try {
      saved(await api.changeCustomer(customer.id, { ...draft, revision: customer.revision }));
      setDraft({});
      void message.success(says("saved"));
    } catch (error) {
      if (error instanceof ApiError && error.code === "customer_stale") setStale(true);
      else void message.error(failureText(text, error), 8);
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save();
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void save();
    }
  };

  return (
    <form className="card customer-form" onSubmit={submit} onKeyDown={keys} aria-labelledby="customer-about" data-testid="customer-form">
      <h2 id="customer-about">{says("about")}</h2>
      {(stale || (outdated && changed)) && (
        <Alert
          type="warning"
          showIcon
          title={says("changed_elsewhere")}
          action={
            <Button onClick={load} data-testid="customer-load">
              {says("load")}
            </Button>
          }
        />
      )}
      <label>
        {says("name")}
        <Input value={draft.name ?? customer.name} maxLength={200} onChange={(event) => put({ name: event.target.value })} data-testid="customer-edit-name" />
      </label>
      <label>
        {says("tier")}
        <Select
          value={draft.tier ?? customer.tier ?? ""}
          onChange={(tier: string) => put({ tier })}
          aria-label={says("tier")}
          options={[{ value: "", label: says("no_tier") }, ...tiers(setup, customer).map((one) => ({ value: one, label: one }))]}
          data-testid="customer-edit-tier"
        />
      </label>
      <label>
        {says("tags")}
        <Select<string[]>
          mode="tags"
          value={[...(draft.tags ?? customer.tags)]}
          onChange={(tags) => put({ tags })}
          aria-label={says("tags")}
          placeholder={says("tags_hint")}
          options={(setup?.tags ?? []).map((one) => ({ value: one, label: one }))}
          data-testid="customer-edit-tags"
        />
      </label>
      {(setup?.fields ?? []).map((field) => (
        <Field
          key={field.key}
          field={field}
          value={draft.fields?.[field.key] ?? customer.fields[field.key] ?? ""}
          put={(value) => put({ fields: { ...draft.fields, [field.key]: value } })}
        />
      ))}
      <label>
        {says("note")}
        <Input.TextArea
          value={draft.note ?? customer.note}
          maxLength={5000}
          autoSize={{ minRows: 2, maxRows: 8 }}
          onChange={(event) => put({ note: event.target.value })}
          data-testid="customer-edit-note"
        />
      </label>
      <Addresses customer={customer} draft={draft} put={put} />
      <Consents customer={customer} draft={draft} put={put} />
      <p className="customer-save">
        <Button type="primary" htmlType="submit" disabled={!changed} loading={busy} aria-keyshortcuts="Control+Enter" data-testid="customer-save">
          {says("save")}
        </Button>
        {changed && <Button onClick={() => setDraft({})}>{says("discard")}</Button>}
        <span className="quiet small">{says("save_hint")}</span>
      </p>
    </form>
  );
}

/** A tier that the configuration no longer has is still shown. */
function tiers(setup: CustomerSetup | undefined, customer: CustomerDetail): string[] {
  const known = setup?.tiers ?? [];
  return customer.tier !== null && !known.includes(customer.tier) ? [...known, customer.tier] : [...known];
}

function Field({ field, value, put }: { field: CustomerField; value: string; put: (value: string) => void }) {
  const says = useCustomerText();
  const { language } = useLanguage();
  const label = field[language];
  const testId = `customer-field-${field.key}`;
  return (
    <label>
      {label}
      {field.kind === "choice" || field.kind === "yes_no" ? (
        <Select
          allowClear
          value={value === "" ? null : value}
          onChange={(next?: string) => put(next ?? "")}
          aria-label={label}
          options={
            field.kind === "choice"
              ? field.choices.map((one) => ({ value: one, label: one }))
              : (["yes", "no"] as const).map((one) => ({ value: one, label: says(one) }))
          }
          data-testid={testId}
        />
      ) : field.kind === "number" ? (
        <InputNumber stringMode value={value === "" ? null : value} onChange={(next) => put(next === null ? "" : String(next))} data-testid={testId} />
      ) : (
        <Input type={field.kind === "date" ? "date" : "text"} value={value} maxLength={500} onChange={(event) => put(event.target.value)} data-testid={testId} />
      )}
    </label>
  );
}

interface Part {
  readonly customer: CustomerDetail;
  readonly draft: Draft;
  readonly put: (change: Draft) => void;
}

function Addresses({ customer, draft, put }: Part) {
  const text = useText();
  const says = useCustomerText();
  const [written, setWritten] = useState("");
  const add = () => {
    const one = written.trim();
    if (one !== "") put({ add: [...(draft.add ?? []), one] });
    setWritten("");
  };
  const gone = draft.remove ?? [];
  const fresh = draft.add ?? [];
  const row = (one: string, drop: () => void) => (
    <li key={one} data-testid="customer-address">
      <span>{address(text, one)}</span>
      <button type="button" className="link" onClick={drop} aria-label={says("remove", { what: address(text, one) })}>
        ×
      </button>
    </li>
  );
  return (
    <fieldset>
      <legend>{says("addresses")}</legend>
      <ul className="plain customer-addresses">
        {customer.addresses.filter((one) => !gone.includes(one)).map((one) => row(one, () => put({ remove: [...gone, one] })))}
        {fresh.map((one) => row(one, () => put({ add: fresh.filter((other) => other !== one) })))}
      </ul>
      <span className="inline customer-add">
        <Input
          value={written}
          placeholder={says("add_address")}
          aria-label={says("add_address")}
          maxLength={256}
          onChange={(event) => setWritten(event.target.value)}
          onPressEnter={(event) => {
            if (event.ctrlKey || event.metaKey) return;
            event.preventDefault();
            add();
          }}
          data-testid="customer-add-address"
        />
        <Button onClick={add}>{says("add")}</Button>
      </span>
    </fieldset>
  );
}

function Consents({ customer, draft, put }: Part) {
  const says = useCustomerText();
  const { language } = useLanguage();
  const say = (to: ConsentTo, change: { state?: ConsentState; how?: string }) => {
    const now = customer.consent.find((one) => one.to === to);
    const before = draft.consent?.[to] ?? { state: now?.state ?? "unknown", how: now?.how ?? "" };
    put({ consent: { ...draft.consent, [to]: { ...before, ...change } } });
  };
  return (
    <fieldset>
      <legend>{says("consent")}</legend>
      {customer.consent.map((one) => {
        const label = says(`consent.${one.to}`);
        return (
          <div key={one.to} className="customer-consent" data-testid="customer-consent" data-to={one.to}>
            <span>{label}</span>
            <Select<ConsentState>
              value={draft.consent?.[one.to]?.state ?? one.state}
              onChange={(state) => say(one.to, { state })}
              aria-label={label}
              options={WORDS.map((word) => ({ value: word, label: says(`word.${word}`) }))}
            />
            <Input
              value={draft.consent?.[one.to]?.how ?? one.how ?? ""}
              placeholder={says("consent_how")}
              aria-label={`${label}: ${says("consent_how")}`}
              maxLength={200}
              onChange={(event) => say(one.to, { how: event.target.value })}
            />
            <span className="quiet small">
              {one.at === null ? says("consent_never") : says("consent_by", { by: one.by ?? "", at: day(one.at, language) })}
            </span>
          </div>
        );
      })}
    </fieldset>
  );
}
