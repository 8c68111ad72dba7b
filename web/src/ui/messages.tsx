// Short words to the person on top of the page, and questions to which they answer yes or no.
//
// Promises: what says a word does not load what asks questions: `Modal` comes with the pages that ask.

import { message } from "antd";
import { createContext, useContext, type ReactNode } from "react";

type Messages = ReturnType<typeof message.useMessage>[0];

const MessagesContext = createContext<Messages | undefined>(undefined);

/** Below the bar, which stays usable. */
const TOP = 64;

export function MessagesProvider({ children }: { children: ReactNode }) {
  const [messages, holder] = message.useMessage({ top: TOP });
  return (
    <MessagesContext value={messages}>
      {children}
      {holder}
    </MessagesContext>
  );
}

export function useMessages(): Messages {
  const messages = useContext(MessagesContext);
  if (!messages) throw new Error("useMessages needs a MessagesProvider above it");
  return messages;
}
