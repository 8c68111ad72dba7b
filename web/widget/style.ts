// The look of the bubble. A page sets --voxdesk-accent on the host to bring its own colour.

export const STYLE = `
:host { all: initial; --accent: var(--voxdesk-accent, #1f5f8b); position: fixed; right: 20px; bottom: 20px; z-index: 2147483000;
  font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Micro Hei", sans-serif; color: #1c2733; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
button, input, textarea { font: inherit; color: inherit; }
button { cursor: pointer; }
:focus-visible { outline: 3px solid #8fc1e3; outline-offset: 2px; }
.bubble { width: 60px; height: 60px; border-radius: 50%; border: 0; background: var(--accent); color: #fff; display: grid; place-items: center;
  box-shadow: 0 8px 26px rgb(20 40 60 / 30%); margin-left: auto; position: relative; }
.bubble:hover { filter: brightness(1.08); }
.badge { position: absolute; top: -2px; right: -2px; min-width: 22px; height: 22px; padding: 0 6px; border-radius: 11px; background: #b42318; font-size: 12px; line-height: 22px; }
.panel { width: min(370px, calc(100vw - 32px)); height: min(560px, calc(100vh - 120px)); margin-bottom: 14px; display: flex; flex-direction: column; background: #fff;
  border: 1px solid #d8e0e8; border-radius: 16px; overflow: hidden; box-shadow: 0 18px 60px rgb(20 40 60 / 25%); }
.head { display: flex; align-items: center; gap: 8px; padding: 14px 14px 14px 18px; background: var(--accent); color: #fff; }
.head div { flex: 1; min-width: 0; }
h2 { font-size: 17px; margin: 0; line-height: 1.3; }
.status { margin: 0; font-size: 13px; min-height: 19px; color: #fff; opacity: .95; }
.head button { background: transparent; border: 0; color: #fff; border-radius: 8px; padding: 6px; display: grid; place-items: center; }
.head button:hover { background: rgb(255 255 255 / 16%); }
.leave { font-size: 13px; border: 1px solid rgb(255 255 255 / 55%) !important; padding: 4px 10px !important; white-space: nowrap; }
.scroll { flex: 1; overflow-y: auto; padding: 16px; background: #f3f5f8; display: flex; flex-direction: column; gap: 8px; }
.scroll:focus-visible { outline-offset: -3px; }
.lines, .pending { display: flex; flex-direction: column; gap: 8px; }
.line { max-width: 84%; align-self: flex-start; display: grid; padding: 8px 12px; border-radius: 14px; border: 1px solid #dde3ea; background: #fff; border-bottom-left-radius: 4px; }
.line.customer { align-self: flex-end; background: var(--accent); border-color: transparent; color: #fff; border-radius: 14px 14px 4px 14px; }
.line.system { background: #e8edf2; border-color: transparent; }
.who { font-size: 12px; font-weight: 600; color: #4f5d6d; }
.line.customer .who { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.text { white-space: pre-wrap; overflow-wrap: anywhere; }
time, .note { font-size: 11px; color: #4f5d6d; justify-self: end; }
.line.customer time, .line.customer .note { color: #fff; opacity: .9; }
.unsent { opacity: .85; }
.file { display: grid; gap: 4px; justify-items: start; margin-top: 4px; padding: 4px 8px; background: transparent; color: inherit; border: 1px solid currentcolor; border-radius: 6px; font: inherit; font-size: 13px; text-align: start; overflow-wrap: anywhere; cursor: pointer; max-width: 100%; }
.file img { max-width: 100%; max-height: 180px; border-radius: 4px; }
.file.lost { text-decoration: line-through; }
.attached { list-style: none; margin: 0; padding: 0; display: grid; gap: 4px; max-height: 120px; overflow-y: auto; }
.attached li { display: flex; align-items: center; gap: 8px; padding: 2px 4px 2px 10px; border: 1px solid #dde3ea; border-radius: 8px; font-size: 13px; background: linear-gradient(90deg, #eef4f9 var(--done, 0%), #fff var(--done, 0%)); }
.attached li[data-state="failed"] { background: #fdecea; border-color: #8a1c12; }
.attached li[data-state="failed"] .note { color: #8a1c12; }
.attached .named { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.attached .again { margin: 0; }
.attached .remove { width: 28px; height: 28px; border: 0; background: transparent; border-radius: 6px; font-size: 18px; line-height: 1; }
.write .clip { background: transparent; color: #4f5d6d; }
.again { justify-self: end; background: transparent; border: 1px solid currentcolor; border-radius: 6px; font-size: 12px; margin-top: 4px; }
.typing { margin: 0; font-size: 13px; color: #4f5d6d; display: flex; align-items: center; gap: 4px; }
.typing i { width: 5px; height: 5px; border-radius: 50%; background: currentcolor; animation: dot 1.2s infinite; }
.typing i:nth-of-type(2) { animation-delay: .2s; }
.typing i:nth-of-type(3) { animation-delay: .4s; }
form { border-top: 1px solid #dde3ea; padding: 10px 12px; display: grid; gap: 8px; background: #fff; margin: 0; }
input, textarea { width: 100%; border: 1px solid #8595a6; border-radius: 10px; padding: 8px 12px; background: #fff; resize: none; margin: 0; }
::placeholder { color: #5f6d7d; opacity: 1; }
.write { display: flex; gap: 8px; align-items: flex-end; }
.write button { flex: none; width: 42px; height: 42px; border-radius: 50%; border: 0; background: var(--accent); color: #fff; display: grid; place-items: center; }
.calls { display: flex; gap: 8px; padding: 10px 12px; border-bottom: 1px solid #dde3ea; background: #fff; }
.calls button { flex: 1; display: flex; align-items: center; justify-content: center; gap: 8px; min-height: 40px; border: 1px solid var(--accent); border-radius: 10px; background: #fff; color: var(--accent); font-weight: 600; }
.calls button:hover { background: #eef4f9; }
.call-trouble { margin: 0; padding: 8px 14px; background: #fdecea; color: #8a1c12; font-size: 13px; }
.panel.calling { width: min(560px, calc(100vw - 32px)); height: auto; }
.call { display: flex; flex-direction: column; background: #0f1720; color: #fff; }
.stage { position: relative; aspect-ratio: 4 / 3; background: #0f1720; display: grid; place-items: center; overflow: hidden; }
.seen { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; }
.seen[data-live="false"] { visibility: hidden; }
.unseen { margin: 0; padding: 16px; text-align: center; color: #d6dee7; }
.own { position: absolute; right: 12px; bottom: 12px; width: 26%; aspect-ratio: 4 / 3; object-fit: cover; border-radius: 10px; border: 2px solid #fff; transform: scaleX(-1); background: #000; }
.hear { margin: 10px auto 0; border: 0; border-radius: 10px; padding: 8px 16px; background: #fff; color: #1c2733; }
.call-buttons { display: flex; justify-content: center; gap: 16px; padding: 16px; }
.call-buttons button { width: 52px; height: 52px; border-radius: 50%; border: 0; display: grid; place-items: center; background: #fff; color: #1c2733; position: relative; }
.call-buttons .mute[aria-pressed="true"], .call-buttons .cam[aria-pressed="false"] { background: #4a5563; color: #fff; }
.call-buttons .mute[aria-pressed="true"]::after, .call-buttons .cam[aria-pressed="false"]::after { content: ""; position: absolute; width: 28px; height: 2.5px; background: currentcolor; transform: rotate(-45deg); }
.call-buttons .end { background: #c62f21; color: #fff; }
.call-buttons .end svg { transform: rotate(135deg); }
@keyframes dot { 50% { opacity: .2; } }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; } }
@media (max-width: 480px) { :host { right: 12px; bottom: 12px; } .panel { width: calc(100vw - 24px); height: calc(100vh - 100px); } }
`;
