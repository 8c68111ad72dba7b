// Why this agent was chosen: what the router recorded, as sentences.

import { QuestionCircleOutlined } from "@ant-design/icons";

import type { OfferReason } from "../api/shapes";
import { useText } from "../i18n/language";
import { duration } from "../ui/time";
import { coded } from "../ui/words";

export function Why({ reason, agent, open }: { reason: OfferReason | null; agent?: string; open?: boolean }) {
  const text = useText();
  const title = agent === undefined ? text("why.title") : text("why.title_agent", { agent });
  return (
    <details className="why" data-testid="why-me" open={open}>
      <summary>
        <QuestionCircleOutlined aria-hidden /> {title}
      </summary>
      {/* Nobody was compared: a level and the number of candidates would say that somebody was. */}
      {reason && reason.strategy !== "direct" ? <Reasons reason={reason} /> : <p>{text("why.direct")}</p>}
    </details>
  );
}

function Reasons({ reason }: { reason: OfferReason }) {
  const text = useText();
  return (
    <div className="why-body">
      <p>{text("why.best_skill", { level: reason.level })}</p>
      <p>{text("why.idle", { idle: duration(reason.idle_ms), waited: duration(reason.waited_ms) })}</p>
      <p>{text("why.candidates", { count: reason.candidates })}</p>
      {reason.others.length > 0 && (
        <>
          <p className="why-head">{text("why.others")}</p>
          <ul>
            {reason.others.map((one) => (
              <li key={one.agent}>
                {text("why.other", { agent: one.agent, level: one.level, idle: duration(one.idle_ms) })}
              </li>
            ))}
          </ul>
        </>
      )}
      {reason.passed_over.length > 0 && (
        <>
          <p className="why-head">{text("why.passed_over")}</p>
          <ul>
            {reason.passed_over.map((one) => (
              <li key={one.agent}>
                {one.agent}: {coded(text, "passed", one.why)}
              </li>
            ))}
          </ul>
        </>
      )}
      <p className="quiet small">
        {text("why.strategy", { strategy: coded(text, "why.strategy", reason.strategy) })}
      </p>
    </div>
  );
}
