// The records of one person: another one is found and merged into this customer, and split again.

import { Button, Input, Popconfirm } from "antd";
import { useState } from "react";

import { api } from "../api/client";
import type { Customer, CustomerDetail, CustomerMerge } from "../api/shapes";
import { useLanguage, useText } from "../i18n/language";
import { failureText } from "../ui/failure";
import { useFetched } from "../ui/fetched";
import { day } from "../ui/time";
import { address } from "../ui/words";
import { useCustomerText } from "./texts";
import { useMessages } from "../ui/messages";

/** Records offered for a merge. */
const FOUND = 6;

interface Props {
  readonly customer: CustomerDetail;
  readonly put: (customer: CustomerDetail) => void;
}

export function Merging({ customer, put }: Props) {
  const text = useText();
  const says = useCustomerText();
  const { language } = useLanguage();
  const message = useMessages();
  const [words, setWords] = useState("");
  const found = useFetched(words === "" ? undefined : words, () => api.customers({ words, limit: FOUND }));
  const others = found.value?.items.filter((one) => one.id !== customer.id) ?? [];
  const order = async (what: Promise<CustomerDetail>) => {
    try {
      put(await what);
      setWords("");
    } catch (error) {
      void message.error(failureText(text, error), 8);
    }
  };
  const merge = (one: Customer) =>
    order(api.mergeCustomer(customer.id, { other: one.id, revision: customer.revision, other_revision: one.revision }));
  const split = (one: CustomerMerge) => order(api.splitCustomer(customer.id, { merge: one.merge, revision: customer.revision }));
  return (
    <section className="card" aria-labelledby="customer-merge">
      <h2 id="customer-merge">{says("merge")}</h2>
      <p className="quiet small">{says("merge_lead")}</p>
      <Input.Search
        allowClear
        placeholder={says("words")}
        aria-label={says("merge_find")}
        onSearch={(value) => setWords(value.trim())}
        data-testid="merge-words"
      />
      <ul className="plain customer-list" aria-live="polite">
        {words !== "" && found.value && others.length === 0 && <li className="quiet">{text("list.empty")}</li>}
        {words !== "" &&
          others.map((one) => (
            <li key={one.id} data-testid="merge-found" data-customer={one.id}>
              <span className="grow">
                <strong>{address(text, one.name)}</strong>{" "}
                <span className="quiet">{one.addresses.map((each) => address(text, each)).join(", ")}</span>
              </span>
              <Popconfirm
                title={says("merge_sure", { name: address(text, one.name), n: one.id })}
                okText={says("yes")}
                cancelText={says("no")}
                okButtonProps={{ "data-testid": "merge-yes" }}
                onConfirm={() => merge(one)}
              >
                <Button size="small" data-testid="merge-this">
                  {says("merge_this")}
                </Button>
              </Popconfirm>
            </li>
          ))}
      </ul>
      {customer.merges.length > 0 && (
        <>
          <h3>{says("merges")}</h3>
          <ul className="plain customer-list">
            {customer.merges.map((one) => (
              <li key={one.merge} data-testid="customer-merge" data-merge={one.merge}>
                <span className="grow">
                  {says("merged_line", {
                    name: address(text, one.gone_name),
                    n: one.gone,
                    by: one.by,
                    at: day(one.at, language),
                    conversations: one.conversations,
                    tickets: one.tickets,
                  })}
                  {one.split_at !== null && (
                    <span className="quiet"> {says("split_line", { by: one.split_by ?? "", at: day(one.split_at, language) })}</span>
                  )}
                </span>
                {one.split_at === null && one.kept === customer.id && (
                  <Popconfirm
                    title={says("split_sure", { name: address(text, one.gone_name) })}
                    okText={says("yes")}
                    cancelText={says("no")}
                    okButtonProps={{ "data-testid": "split-yes" }}
                    onConfirm={() => split(one)}
                  >
                    <Button size="small" data-testid="split-this">
                      {says("split")}
                    </Button>
                  </Popconfirm>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
