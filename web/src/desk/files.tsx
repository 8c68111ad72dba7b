// Files that came with a message.

import { PaperClipOutlined } from "@ant-design/icons";

import type { Entry } from "../api/shapes";

interface File {
  readonly name: string;
  readonly url: string;
}

/** What `detail.files` of a message names; only addresses a browser may safely open. */
export function filesOf(entry: Pick<Entry, "detail">): File[] {
  const files: unknown = entry.detail?.["files"];
  if (!Array.isArray(files)) return [];
  return (files as unknown[]).flatMap((file) => {
    const { name, url } = (file ?? {}) as { name?: unknown; url?: unknown };
    if (typeof url !== "string" || !/^(https?:\/\/|\/api\/v1\/)/.test(url)) return [];
    return [{ name: typeof name === "string" && name !== "" ? name : url, url }];
  });
}

export function Files({ entry }: { entry: Entry }) {
  const files = filesOf(entry);
  if (files.length === 0) return null;
  return (
    <ul className="plain files" data-testid="files">
      {files.map((file) => (
        <li key={file.url}>
          <a href={file.url} download={file.url.startsWith("/") ? file.name : undefined} target="_blank" rel="noopener noreferrer">
            <PaperClipOutlined aria-hidden /> {file.name}
          </a>
        </li>
      ))}
    </ul>
  );
}
