// What comes with a message besides its words: files, and what a letter is about and who got a copy.

import { PaperClipOutlined } from "@ant-design/icons";

import type { Entry } from "../api/shapes";
import { useText } from "../i18n/language";

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

/** Ours, and by its name a picture: the server says that it is one only if it is. */
function isPicture(file: File): boolean {
  return file.url.startsWith("/") && /\.(png|jpe?g|gif|webp)$/i.test(file.name);
}

/** What a letter is about, and who got a copy. */
export function Letterhead({ entry }: { entry: Pick<Entry, "detail"> }) {
  const text = useText();
  const subject: unknown = entry.detail?.["subject"];
  const cc: unknown = entry.detail?.["cc"];
  const copies = Array.isArray(cc) ? (cc as unknown[]).filter((one) => typeof one === "string").join(", ") : "";
  const parts = [
    typeof subject === "string" && subject !== "" ? text("letter.subject", { subject }) : "",
    copies === "" ? "" : text("letter.cc", { addresses: copies }),
  ].filter((part) => part !== "");
  if (parts.length === 0) return null;
  return (
    <span className="letterhead small" data-testid="letterhead">
      {parts.map((part) => (
        <span key={part}>{part}</span>
      ))}
    </span>
  );
}

export function Files({ entry }: { entry: Entry }) {
  const files = filesOf(entry);
  if (files.length === 0) return null;
  return (
    <ul className="plain files" data-testid="files">
      {files.map((file) => (
        <li key={file.url}>
          <a href={file.url} download={file.url.startsWith("/") ? file.name : undefined} target="_blank" rel="noopener noreferrer">
            {isPicture(file) ? <img src={file.url} alt={file.name} loading="lazy" data-testid="file-picture" /> : <PaperClipOutlined aria-hidden />} {file.name}
          </a>
        </li>
      ))}
    </ul>
  );
}
