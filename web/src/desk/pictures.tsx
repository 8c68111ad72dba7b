// The pictures of a video call: the customer large, what we show of ourselves small, and what we show.

import { DesktopOutlined, VideoCameraAddOutlined, VideoCameraOutlined } from "@ant-design/icons";
import { Alert, Button } from "antd";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";

import type { Call } from "../api/shapes";
import { useText } from "../i18n/language";
import type { CallAudio } from "../media/call_audio";
import type { Showing } from "../media/camera";
import { watchFrames } from "../media/frames";
import { useAudio, useDesk } from "./desk_context";

export function Pictures({ call }: { call: Call }) {
  const text = useText();
  const { audio } = useDesk();
  const { showing, camera, phase } = useAudio();
  const toggle = (what: Showing) => void audio.show(showing === what ? undefined : what);
  if (!call.video || call.device !== "browser") return null;
  const connected = phase === "connected";
  return (
    <section className="pictures" aria-label={text("video.title")}>
      <div className="picture-stage">
        <Seen audio={audio} testid="remote-video" />
        <video
          ref={audio.showOwnOn}
          className="picture-own"
          autoPlay
          playsInline
          muted
          hidden={showing === undefined}
          aria-label={text("video.own")}
          data-testid="own-video"
        />
      </div>
      <div className="call-actions" role="group" aria-label={text("video.own")}>
        <Button
          icon={showing === "camera" ? <VideoCameraOutlined /> : <VideoCameraAddOutlined />}
          type={showing === "camera" ? "primary" : "default"}
          onClick={() => toggle("camera")}
          disabled={!connected}
          aria-pressed={showing === "camera"}
          data-testid="camera"
        >
          {text(showing === "camera" ? "video.camera_off" : "video.camera_on")}
        </Button>
        <Button
          icon={<DesktopOutlined />}
          type={showing === "screen" ? "primary" : "default"}
          onClick={() => toggle("screen")}
          disabled={!connected}
          aria-pressed={showing === "screen"}
          data-testid="share-screen"
        >
          {text(showing === "screen" ? "video.screen_off" : "video.screen_on")}
        </Button>
      </div>
      {camera && (
        <Alert type="error" showIcon title={text(`camera.${camera.code}`, { message: camera.message })} data-testid="camera-error" />
      )}
    </section>
  );
}

/** The other's picture, or words where there is none. */
export function Seen({ audio, testid }: { audio: CallAudio; testid: string }) {
  const text = useText();
  const video = useRef<HTMLVideoElement>(null);
  const { phase } = useSyncExternalStore(audio.subscribe, audio.read);
  const [live, setLive] = useState(false);
  useEffect(() => {
    const element = video.current;
    audio.showOn(element);
    const stop = element ? watchFrames(element, setLive) : undefined;
    return () => {
      stop?.();
      audio.showOn(null);
    };
  }, [audio]);
  const shown = live && phase === "connected";
  return (
    <>
      <video
        ref={video}
        className="picture-seen"
        autoPlay
        playsInline
        muted
        aria-label={text("video.customer")}
        data-testid={testid}
        data-live={shown}
      />
      {!shown && (
        <p className="picture-none" role="status">
          {text("video.none")}
        </p>
      )}
    </>
  );
}
