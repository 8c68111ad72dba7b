// A customer's tier, as lists, tickets and the ringing card show it.

import { useText } from "../i18n/language";
import { Tone } from "../ui/tone";

export function Tier({ tier }: { tier: string | null | undefined }) {
  const text = useText();
  if (!tier) return null;
  return (
    <span title={text("customer.tier", { tier })}>
      <Tone tone="purple" testId="tier">
        {tier}
      </Tone>
    </span>
  );
}
