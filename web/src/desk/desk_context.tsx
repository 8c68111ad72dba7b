// What an agent's page can do, wherever on it: answer, order, write. Owns the call's audio, so that going to another page
// does not end a call.


import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from "react";
import { useLocation } from "wouter";

import { api } from "../api/client";
import type { Call, Command, Offer } from "../api/shapes";
import { useText } from "../i18n/language";
import { isWritten } from "../ui/channel";
import { useLive, useLiveStore } from "../live/store";
import { CallAudio, type AudioPicture } from "../media/call_audio";
import { MicrophoneError } from "../media/microphone";
import { useSession } from "../session";
import { failureText } from "../ui/failure";
import { useMessages } from "../ui/messages";

export interface Desk {
  readonly me: string;
  readonly audio: CallAudio;
  /** The conversation in the middle of the desk. */
  readonly chosen: string | undefined;
  readonly choose: (conversation: string | undefined) => void;
  readonly answer: (offer: Offer) => Promise<void>;
  readonly decline: (offer: Offer) => Promise<void>;
  /** Conversations whose answer is on its way. */
  readonly answering: string | undefined;
  /** Calls a number; `false` when refused, and the person was told. */
  readonly place: (to: string) => Promise<boolean>;
  /** `false` when refused; the person was told. */
  readonly order: (conversation: string, command: Command) => Promise<boolean>;
  readonly tell: (error: unknown) => void;
}

const DeskContext = createContext<Desk | undefined>(undefined);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error("useDesk needs a DeskProvider above it");
  return desk;
}

export function useAudio(): AudioPicture {
  const { audio } = useDesk();
  return useSyncExternalStore(audio.subscribe, audio.read);
}

export function DeskProvider({ children }: { children: ReactNode }) {
  const me = useSession().user.name;
  const store = useLiveStore();
  const text = useText();
  const message = useMessages();
  const [, go] = useLocation();
  const [chosen, choose] = useState<string>();
  const [answering, setAnswering] = useState<string>();
  const [audio] = useState(
    () =>
      new CallAudio({
        exchange: async (id, sdp) => (await api.media(id, sdp)).sdp,
        iceServers: async () => (await api.iceServers()).items,
      }),
  );
  useCarriedCall(audio, me);
  useEffect(() => () => audio.want(undefined), [audio]);

  const tell = useCallback(
    (error: unknown) => {
      void message.error(
        error instanceof MicrophoneError
          ? text(`mic.${error.code}`, { message: error.message })
          : failureText(text, error),
        6,
      );
    },
    [message, text],
  );

  const order = useCallback(
    async (conversation: string, command: Command) => {
      try {
        await api.command(conversation, command);
        return true;
      } catch (error) {
        tell(error);
        return false;
      }
    },
    [tell],
  );

  const answer = useCallback(
    async (offer: Offer) => {
      setAnswering(offer.conversation);
      try {
        if (!isWritten(offer.channel)) await audio.prepare();
        await api.command(offer.conversation, { command: "accept" });
        store.watch(offer.conversation);
        choose(offer.conversation);
        go("/desk");
        if (!isWritten(offer.channel)) audio.want(offer.conversation, offer.channel === "video");
      } catch (error) {
        audio.standDown();
        tell(error);
      } finally {
        setAnswering(undefined);
      }
    },
    [audio, store, go, tell],
  );

  const decline = useCallback(
    async (offer: Offer) => {
      await order(offer.conversation, { command: "decline" });
    },
    [order],
  );

  const place = useCallback(
    async (to: string) => {
      setAnswering("dial");
      try {
        await audio.prepare();
        const { conversation } = await api.placeCall(to);
        store.watch(conversation);
        choose(conversation);
        go("/desk");
        audio.want(conversation);
        return true;
      } catch (error) {
        audio.standDown();
        tell(error);
        return false;
      } finally {
        setAnswering(undefined);
      }
    },
    [audio, store, go, tell],
  );

  const desk = useMemo<Desk>(
    () => ({ me, audio, chosen, choose, answer, decline, answering, place, order, tell }),
    [me, audio, chosen, answer, decline, answering, place, order, tell],
  );

  return (
    <DeskContext.Provider value={desk}>
      {children}
      {/* The customer's voice: always in the page, so that it plays on whatever page the agent is. */}
      <audio ref={audio.playOn} autoPlay data-testid="remote-audio" className="remote-audio" />
    </DeskContext.Provider>
  );
}

/** The call I hold in this browser, if any. */
export function carriedCall(calls: Readonly<Record<string, Call>>, me: string): Call | undefined {
  return Object.values(calls).find(
    (call) => call.agent === me && call.device === "browser" && call.state !== "ended",
  );
}

/** How long a call may stay parked (ms) while this page believes to be connected, before it connects anew. */
const PARKED_MS = 1_500;
/** After an answer the server's first word about the call may take this long (ms). */
const GRACE_MS = 8_000;

/** Attaches to whatever call the server says I hold: after Answer, after a reload, after a loss. */
function useCarriedCall(audio: CallAudio, me: string) {
  const call = useLive((picture) => carriedCall(picture.calls, me));
  const link = useLive((picture) => picture.link);
  const id = call?.conversation;
  const video = call?.video ?? false;
  const seen = useRef<string>(undefined);

  useEffect(() => {
    if (id !== undefined) {
      seen.current = id;
      audio.want(id, video);
      return undefined;
    }
    // Without a live link nobody knows whether the call is over; the audio may still be fine.
    if (link !== "live") return undefined;
    const isOver = audio.read().conversation === seen.current;
    const timer = setTimeout(() => audio.want(undefined), isOver ? 0 : GRACE_MS);
    return () => clearTimeout(timer);
  }, [audio, id, video, link]);

  // The server wants our media anew: pages have to agree on another codec.
  const attach = call?.attach ?? 0;
  const attached = useRef(attach);
  useEffect(() => {
    if (attach > attached.current) audio.again();
    attached.current = attach;
  }, [audio, attach]);

  const muted = call?.muted ?? false;
  useEffect(() => audio.mute(muted), [audio, muted, id]);

  const parked = call?.state === "parked";
  useEffect(() => {
    if (!parked) return undefined;
    const timer = setTimeout(() => {
      if (audio.read().phase === "connected") audio.again();
    }, PARKED_MS);
    return () => clearTimeout(timer);
  }, [audio, parked]);
}
