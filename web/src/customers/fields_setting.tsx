// The fields of the company's own that customers have, as administrators define them.

import "./customers.css";

import { Button, Input, Select } from "antd";

import type { FieldKind } from "../api/shapes";
import { useText } from "../i18n/language";
import { useSetting } from "../pages/setting";
import { useCustomerText } from "./texts";

const KINDS: readonly FieldKind[] = ["text", "number", "date", "choice", "yes_no"];

interface Field {
  key: string;
  en: string;
  zh: string;
  kind: FieldKind;
  choices?: string[];
}

export function CustomerFields({ saved }: { saved: () => void }) {
  const text = useText();
  const says = useCustomerText();
  const setting = useSetting<Field[]>("customer_fields", [], saved);
  const { value, set } = setting;
  const put = (n: number, change: Partial<Field>) => set(value.map((one, other) => (other === n ? { ...one, ...change } : one)));
  return (
    <section className="card article-form" aria-labelledby="customer-fields-title">
      <h2 id="customer-fields-title">{says("setting.title")}</h2>
      <p className="quiet small">{says("setting.lead")}</p>
      <ul className="plain">
        {value.map((field, n) => (
          <li key={n} className="inline customer-field-row" data-testid="customer-field-row">
            {(["key", "en", "zh"] as const).map((part) => (
              <Input
                key={part}
                value={field[part]}
                placeholder={says(`setting.${part}`)}
                aria-label={says(`setting.${part}`)}
                maxLength={60}
                onChange={(event) => put(n, { [part]: event.target.value })}
              />
            ))}
            <Select<FieldKind>
              value={field.kind}
              aria-label={says("setting.kind")}
              options={KINDS.map((kind) => ({ value: kind, label: says(`kind.${kind}`) }))}
              onChange={(kind) => put(n, { kind, choices: kind === "choice" ? (field.choices ?? []) : [] })}
              className="customer-choice"
            />
            {field.kind === "choice" && (
              <Select<string[]>
                mode="tags"
                value={field.choices ?? []}
                aria-label={says("setting.choices")}
                placeholder={says("setting.choices")}
                onChange={(choices) => put(n, { choices })}
                className="customer-choices"
              />
            )}
            <Button onClick={() => set(value.filter((_, other) => other !== n))}>{text("settings.remove")}</Button>
          </li>
        ))}
      </ul>
      <p className="inline">
        <Button onClick={() => set([...value, { key: "", en: "", zh: "", kind: "text", choices: [] }])} data-testid="customer-field-add">
          {says("setting.add")}
        </Button>
        <Button type="primary" disabled={!setting.changed} loading={setting.busy} onClick={() => void setting.save()} data-testid="customer-fields-save">
          {says("setting.save")}
        </Button>
      </p>
    </section>
  );
}
