// Customers and tickets out of a file: tried out first, then taken in. On the settings page of administrators.

import { Button, Select, Table } from "antd";
import { useState } from "react";

import { api } from "../api/client";
import type { BadRow, Imported, ImportKind, ImportSource } from "../api/shapes";
import { useText } from "../i18n/language";
import { failureText } from "../ui/failure";
import { useImportText } from "./texts";

const KINDS: readonly ImportKind[] = ["customers", "tickets"];
const SOURCES: readonly ImportSource[] = ["voxdesk", "chatwoot", "zammad"];

export function Imports() {
  const text = useImportText();
  const words = useText();
  const [kind, setKind] = useState<ImportKind>("customers");
  const [source, setSource] = useState<ImportSource>("voxdesk");
  const [file, setFile] = useState<File>();
  const [busy, setBusy] = useState<"try" | "import">();
  const [outcome, setOutcome] = useState<Imported>();
  const [error, setError] = useState<unknown>();
  const send = async (what: "try" | "import") => {
    if (file === undefined) return;
    setBusy(what);
    setError(undefined);
    setOutcome(undefined);
    try {
      setOutcome(await api.importRows(kind, source, file, what === "try"));
    } catch (failed) {
      setError(failed);
    } finally {
      setBusy(undefined);
    }
  };
  return (
    <section className="card article-form" aria-labelledby="imports-title" data-testid="imports">
      <h2 id="imports-title">{text("title")}</h2>
      <p className="quiet small">{text("lead")}</p>
      <div className="tools">
        <Select<ImportKind> value={kind} onChange={setKind} aria-label={text("kind")} options={KINDS.map((one) => ({ value: one, label: text(`kind.${one}`) }))} data-testid="import-kind" />
        <Select<ImportSource> value={source} onChange={setSource} aria-label={text("source")} options={SOURCES.map((one) => ({ value: one, label: text(`source.${one}`) }))} data-testid="import-source" />
      </div>
      <label>
        {text("file")}
        <input type="file" accept=".csv,.json" onChange={(event) => setFile(event.target.files?.[0])} data-testid="import-file" />
      </label>
      <p className="tools">
        <Button disabled={file === undefined} loading={busy === "try"} onClick={() => void send("try")} data-testid="import-try">
          {text("try")}
        </Button>
        <Button type="primary" disabled={file === undefined} loading={busy === "import"} onClick={() => void send("import")} data-testid="import-do">
          {text("import")}
        </Button>
      </p>
      {error !== undefined && <p role="alert">{failureText(words, error)}</p>}
      <div role="status" data-testid="import-outcome">
        {outcome && <p>{text(outcome.dry_run ? "tried" : "done", { new: outcome.new, there: outcome.there, bad: outcome.bad })}</p>}
      </div>
      {outcome && outcome.faults.length > 0 && (
        <Table<BadRow>
          dataSource={outcome.faults.map((fault, n) => ({ ...fault, key: n }))}
          pagination={false}
          size="small"
          scroll={{ x: true, y: 320 }}
          columns={[
            { title: text("row"), dataIndex: "row", key: "row" },
            { title: text("field"), dataIndex: "field", key: "field" },
            { title: text("found"), dataIndex: "found", key: "found" },
            { title: text("right"), dataIndex: "right", key: "right" },
          ]}
          footer={outcome.bad > outcome.faults.length ? () => text("more", { count: outcome.faults.length }) : undefined}
        />
      )}
    </section>
  );
}
