// The paperclip, files dropped on the composer, and what is attached so far.

import { CloseOutlined, LoadingOutlined, PaperClipOutlined } from "@ant-design/icons";
import { Button, Tooltip } from "antd";
import { useRef, useState, type DragEvent } from "react";

import { useText } from "../i18n/language";
import { failureText } from "../ui/failure";
import { MOST_BYTES, TooLarge, type Attached } from "./attachments";

export function Attach({ takes, add }: { takes: boolean; add: (files: readonly File[]) => void }) {
  const text = useText();
  const input = useRef<HTMLInputElement>(null);
  const says = text(takes ? "composer.attach" : "composer.no_files");
  return (
    <>
      <Tooltip title={says}>
        <Button
          icon={<PaperClipOutlined />}
          aria-label={says}
          aria-disabled={!takes}
          className={takes ? undefined : "is-off"}
          onClick={() => takes && input.current?.click()}
          data-testid="attach"
          data-takes={takes}
        />
      </Tooltip>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          add([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
        data-testid="attach-input"
      />
    </>
  );
}

/** Files dragged over the composer and dropped there. */
export function useDrop(takes: boolean, add: (files: readonly File[]) => void) {
  const [over, setOver] = useState(false);
  const carries = (event: DragEvent) => takes && event.dataTransfer.types.includes("Files");
  const handlers = {
    onDragOver: (event: DragEvent) => {
      if (!carries(event)) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      setOver(false);
      if (!carries(event)) return;
      event.preventDefault();
      add([...event.dataTransfer.files]);
    },
  };
  return { over, handlers };
}

export function AttachedFiles({ all, remove }: { all: readonly Attached[]; remove: (key: string) => void }) {
  const text = useText();
  if (all.length === 0) return null;
  const why = (one: Attached) =>
    one.error instanceof TooLarge ? text("composer.file_too_large", { max: MOST_BYTES / 1024 / 1024 }) : failureText(text, one.error);
  return (
    <ul className="plain attached" aria-label={text("composer.attached")}>
      {all.map((one) => (
        <li key={one.key} data-testid="attached" data-state={one.state}>
          {one.state === "loading" ? <LoadingOutlined aria-label={text("composer.loading")} /> : <PaperClipOutlined aria-hidden />}
          <span>{one.name}</span>
          {one.state === "failed" && (
            <span className="failed" role="alert">
              {why(one)}
            </span>
          )}
          <Button size="small" type="text" icon={<CloseOutlined />} aria-label={text("composer.detach", { name: one.name })} onClick={() => remove(one.key)} />
        </li>
      ))}
    </ul>
  );
}
