// Versions: who published what, when and why, what changed, and the way back.

import { Button, Drawer, Input, Modal, Tag } from "antd";
import { useState } from "react";

import { useLanguage, useText } from "../i18n/language";
import { failureText } from "../ui/failure";
import { useFetched } from "../ui/fetched";
import { useMessages } from "../ui/messages";
import { day } from "../ui/time";
import { Difference } from "./difference";
import { problemsOf, studio } from "./requests";
import type { FlowDetail, FlowVersion, Problem } from "./shapes";
import { authorText, noteText, useStudioText, type StudioText } from "./texts";

interface HistoryProps {
  readonly flow: FlowDetail;
  readonly close: () => void;
  readonly restored: (flow: FlowDetail) => void;
  readonly wrong: (problems: readonly Problem[]) => void;
}

export function History({ flow, close, restored, wrong }: HistoryProps) {
  const text = useStudioText();
  const { language } = useLanguage();
  const newest = flow.published?.version ?? 0;
  const versions = useFetched(`${flow.name} ${newest}`, () => studio.versions(flow.name));
  const [open, setOpen] = useState<number>();
  const [back, setBack] = useState<FlowVersion>();
  return (
    <Drawer open onClose={close} title={text("history")} size={640} data-testid="history">
      <ol className="plain versions">
        {(versions.value?.items ?? []).map((version) => (
          <li key={version.version} data-testid="version" data-version={version.version}>
            <header>
              <strong>{text("version_n", { n: version.version })}</strong>
              {version.version === newest && <Tag color="green">{text("in_service")}</Tag>}
              <span className="quiet">
                {authorText(text, version)}, {day(version.at, language)}, {originText(text, version)}
              </span>
            </header>
            {noteText(text, version) !== "" && <p>{noteText(text, version)}</p>}
            <div className="tools">
              <Button size="small" onClick={() => setOpen(open === version.version ? undefined : version.version)}>
                {text("changes")}
              </Button>
              {version.version !== newest && (
                <Button size="small" onClick={() => setBack(version)} data-testid="go-back">
                  {text("go_back")}
                </Button>
              )}
            </div>
            {open === version.version && (
              <Difference name={flow.name} from={version.version - 1} to={{ to: version.version }} />
            )}
          </li>
        ))}
      </ol>
      {back && (
        <GoBack
          flow={flow}
          version={back}
          newest={newest}
          close={() => setBack(undefined)}
          done={(next) => {
            setBack(undefined);
            restored(next);
          }}
          wrong={(problems) => {
            setBack(undefined);
            wrong(problems);
          }}
        />
      )}
    </Drawer>
  );
}

function originText(text: StudioText, version: FlowVersion): string {
  return version.origin === "restored"
    ? text("origin_restored", { version: version.restores ?? "" })
    : text(version.origin === "file" ? "origin_file" : "origin_draft");
}

interface GoBackProps {
  readonly flow: FlowDetail;
  readonly version: FlowVersion;
  readonly newest: number;
  readonly close: () => void;
  readonly done: (flow: FlowDetail) => void;
  readonly wrong: (problems: readonly Problem[]) => void;
}

function GoBack({ flow, version, newest, close, done, wrong }: GoBackProps) {
  const text = useStudioText();
  const appText = useText();
  const message = useMessages();
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    try {
      done(await studio.restore(flow.name, version.version, newest, note));
    } catch (error) {
      const problems = problemsOf(error);
      void message.error(problems.length > 0 ? text("publish_refused") : failureText(appText, error));
      if (problems.length > 0) wrong(problems);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={text("go_back_title", { version: version.version })}
      okText={text("go_back_now")}
      cancelText={text("cancel")}
      confirmLoading={busy}
      onOk={() => void go()}
      onCancel={close}
      okButtonProps={{ "data-testid": "go-back-now" } as Record<`data-${string}`, string>}
      width={720}
    >
      <p>{text("publish_lead")}</p>
      <Input value={note} maxLength={500} placeholder={text("note")} aria-label={text("note")} onChange={(event) => setNote(event.target.value)} />
      <Difference name={flow.name} from={newest} to={{ to: version.version }} />
    </Modal>
  );
}
