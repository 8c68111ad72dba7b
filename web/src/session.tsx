// Who is signed in. Everything below the gate may rely on `useSession().user`.

import { Button } from "antd";
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from "react";

import { api, ApiError, onSignedOut } from "./api/client";
import type { User } from "./api/shapes";
import { useLanguage, useText } from "./i18n/language";
import { SignIn } from "./pages/sign_in";
import { Trouble } from "./ui/trouble";
import { Waiting } from "./ui/waiting";

interface Session {
  readonly user: User;
  readonly signOut: () => void;
}

const SessionContext = createContext<Session | undefined>(undefined);

type Known = { is: "asking" } | { is: "nobody" } | { is: "unreachable" } | { is: "user"; user: User };

export function SessionGate({ children }: { children: ReactNode }) {
  const [known, setKnown] = useState<Known>({ is: "asking" });
  const { choose } = useLanguage();
  const text = useText();

  const ask = useCallback(() => {
    api.session().then(
      (user) => setKnown({ is: "user", user }),
      (error: unknown) =>
        setKnown({ is: error instanceof ApiError && error.status === 401 ? "nobody" : "unreachable" }),
    );
  }, []);

  useEffect(() => {
    onSignedOut(() => setKnown({ is: "nobody" }));
    ask();
  }, [ask]);

  const user = known.is === "user" ? known.user : undefined;
  const lang = user?.lang;
  useEffect(() => {
    if (lang) choose(lang);
    // Only what the server remembers at sign-in counts; later the person chooses.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [lang]);

  const session = useMemo<Session | undefined>(
    () =>
      user && {
        user,
        signOut: () => {
          const done = () => setKnown({ is: "nobody" });
          api.signOut().then(done, done);
        },
      },
    [user],
  );

  if (session) return <SessionContext.Provider value={session}>{children}</SessionContext.Provider>;
  if (known.is === "asking") return <Waiting fills />;
  if (known.is === "unreachable") {
    return (
      <Trouble title={text("error.offline")}>
        <Button onClick={ask}>{text("error.retry")}</Button>
      </Trouble>
    );
  }
  return <SignIn signedIn={(next) => setKnown({ is: "user", user: next })} />;
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession needs a SessionGate above it");
  return session;
}
