// What the bubble says, in English and 简体中文.

export type Lang = "en" | "zh";

const TEXTS = {
  en: {
    open: "Open chat",
    close: "Close chat",
    title: "Chat with us",
    lead: "We answer right here.",
    name: "Your name (optional)",
    input: "Your message",
    placeholder: "Write a message…",
    send: "Send",
    you: "You",
    agent: "Agent",
    system: "Voxdesk",
    typing: "Agent is typing",
    sending: "Sending…",
    failed: "Not sent. Trying again…",
    refused: "This message was not accepted.",
    retry: "Send again",
    waiting: "An agent will be with you shortly.",
    talking: "You are talking to an agent.",
    ended: "This chat is over. Write to start a new one.",
    lost: "No connection. Trying again…",
    leave: "End chat",
    unread: "new messages",
    save: "Save file",
    busy: "All lines are busy. Please try again in a moment.",
    callVoice: "Call us",
    callVideo: "Video call",
    callTitle: "Your call",
    connecting: "Connecting…",
    noPicture: "The agent shows no picture.",
    ownPicture: "Your own picture",
    mute: "Mute your microphone",
    unmute: "Turn your microphone on",
    camera: "Turn your camera on",
    cameraOff: "Turn your camera off",
    hangUp: "Hang up",
    hear: "Turn the sound on",
    callsOff: "Calls are not possible here.",
    noMicrophone: "The microphone cannot be used. Allow it for this page and try again.",
    noCamera: "The camera cannot be used. You can talk and see all the same.",
  },
  zh: {
    open: "打开聊天",
    close: "关闭聊天",
    title: "在线咨询",
    lead: "我们在这里回复您。",
    name: "您的称呼（选填）",
    input: "您的消息",
    placeholder: "输入消息…",
    send: "发送",
    you: "您",
    agent: "客服",
    system: "Voxdesk",
    typing: "客服正在输入",
    sending: "发送中…",
    failed: "未发送，正在重试…",
    refused: "此消息未被接受。",
    retry: "重新发送",
    waiting: "客服即将为您服务。",
    talking: "客服正在为您服务。",
    ended: "本次聊天已结束。发送消息可开始新的聊天。",
    lost: "连接已断开，正在重试…",
    leave: "结束聊天",
    unread: "条新消息",
    save: "保存文件",
    busy: "线路繁忙，请稍后再试。",
    callVoice: "语音通话",
    callVideo: "视频通话",
    callTitle: "您的通话",
    connecting: "正在连接…",
    noPicture: "客服未开启画面。",
    ownPicture: "您自己的画面",
    mute: "关闭您的麦克风",
    unmute: "打开您的麦克风",
    camera: "打开您的摄像头",
    cameraOff: "关闭您的摄像头",
    hangUp: "挂断",
    hear: "打开声音",
    callsOff: "此处不支持通话。",
    noMicrophone: "无法使用麦克风。请允许本页面使用麦克风后重试。",
    noCamera: "无法使用摄像头。您仍可通话并看到对方。",
  },
} as const;

export type Texts = Record<keyof (typeof TEXTS)["en"], string>;

export function textsOf(lang: Lang): Texts {
  return TEXTS[lang];
}

/** `zh-CN` and its kin read Chinese, everybody else English. */
export function langOf(tag: string | null | undefined): Lang {
  return tag?.toLowerCase().startsWith("zh") ? "zh" : "en";
}
