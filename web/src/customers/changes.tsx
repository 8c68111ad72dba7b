// Who changed what of a customer, when, and what it was before.

import { api } from "../api/client";
import type { CustomerChange } from "../api/shapes";
import { useLanguage } from "../i18n/language";
import { useFetched } from "../ui/fetched";
import { day } from "../ui/time";
import { customerTexts, useCustomerText, type CustomerText, type CustomerTextKey } from "./texts";

export function Changes({ customer, revision }: { customer: number; revision: number }) {
  const says = useCustomerText();
  const { language } = useLanguage();
  const changes = useFetched(`${customer} ${revision}`, () => api.customerChanges(customer));
  return (
    <section className="card" aria-labelledby="customer-changes">
      <h2 id="customer-changes">{says("changes")}</h2>
      {changes.value?.items.length === 0 && <p className="quiet">{says("no_changes")}</p>}
      <ul className="plain customer-list customer-changes">
        {changes.value?.items.map((one) => (
          <li key={one.event} data-testid="customer-change">
            <p className="quiet small">{says("consent_by", { by: one.by, at: day(one.at, language) })}</p>
            <dl className="facts small">
              {parts(one).map(([part, before, after]) => (
                <div key={part} className="customer-part">
                  <dt>{named(says, part)}</dt>
                  <dd>
                    {before !== undefined && (
                      <>
                        <del>{shown(says, before)}</del>{" "}
                      </>
                    )}
                    <ins>{shown(says, after)}</ins>
                  </dd>
                </div>
              ))}
            </dl>
          </li>
        ))}
      </ul>
    </section>
  );
}

type Parts = Record<string, unknown>;

/** What differs: its name, what it was, what it is. */
function parts({ before, after }: CustomerChange): [string, unknown, unknown][] {
  const [was, is] = [(before ?? {}) as Parts, (after ?? {}) as Parts];
  return Object.keys(is).map((part) => [part, was[part], is[part]]);
}

function named(says: CustomerText, part: string): string {
  const key = `part.${part}`;
  return key in customerTexts.en ? says(key as CustomerTextKey) : part;
}

function shown(says: CustomerText, value: unknown): string {
  if (value === null || value === "") return says("empty");
  if (Array.isArray(value)) return value.length === 0 ? says("empty") : value.map((one) => shown(says, one)).join(", ");
  if (typeof value === "object") {
    const rows = Object.entries(value as Parts).map(([key, one]) => `${worded(says, "consent", key)}: ${inner(says, one)}`);
    return rows.length === 0 ? says("empty") : rows.join("; ");
  }
  return String(value);
}

/** A field's value, or a consent: the word and how it was said. */
function inner(says: CustomerText, one: unknown): string {
  if (typeof one !== "object" || one === null) return String(one);
  const { state, how } = one as { state?: string; how?: string };
  return [worded(says, "word", state ?? ""), how].filter(Boolean).join(", ");
}

function worded(says: CustomerText, prefix: string, code: string): string {
  const key = `${prefix}.${code}`;
  return key in customerTexts.en ? says(key as CustomerTextKey) : code;
}
