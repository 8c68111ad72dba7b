// The roads by which customers come: what they look like, and whether people hear each other on them.

import {
  ApiOutlined,
  MailOutlined,
  MessageOutlined,
  MobileOutlined,
  PhoneOutlined,
  VideoCameraOutlined,
  WechatOutlined,
} from "@ant-design/icons";

import type { Channel } from "../api/shapes";

/** Whether words are typed, and not said. */
export function isWritten(channel: Channel): boolean {
  return channel !== "voice" && channel !== "video";
}

export function ChannelIcon({ channel }: { channel: Channel }) {
  switch (channel) {
    case "voice":
      return <PhoneOutlined aria-hidden />;
    case "video":
      return <VideoCameraOutlined aria-hidden />;
    case "chat":
      return <MessageOutlined aria-hidden />;
    case "app":
      return <MobileOutlined aria-hidden />;
    case "mail":
      return <MailOutlined aria-hidden />;
    case "wechat":
      return <WechatOutlined aria-hidden />;
    case "webhook":
      return <ApiOutlined aria-hidden />;
  }
}
