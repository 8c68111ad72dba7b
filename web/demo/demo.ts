// A customer's page to try the chat bubble on: a small shop in two languages. The bubble itself is the one script tag in
// demo.html; it takes its language from the page.

import "./demo.css";

interface Lamp {
  readonly name: string;
  readonly about: string;
  readonly price: string;
  readonly shade: string;
}

interface Words {
  readonly tag: string;
  readonly title: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly lamps: readonly Lamp[];
}

const EN: Words = {
  tag: "en",
  title: "Lumen – lamps for calm rooms",
  texts: {
    brand: "Lumen",
    lamps: "Lamps",
    help: "Help",
    hero: "Light that lets a room breathe",
    heroText: "Lamps made to last, repaired for free in the first ten years.",
    look: "See the lamps",
    helpText:
      "A question about an order, a delivery or a lamp that flickers? Write to us with the bubble in the corner, or call us from there with your camera: a person answers.",
    foot: "Lumen is an invented shop that shows the Voxdesk bubble.",
  },
  lamps: [
    { name: "Dune", about: "Table lamp, linen shade", price: "€ 89", shade: "#d99a3d" },
    { name: "Harbour", about: "Floor lamp, oiled oak", price: "€ 219", shade: "#2f7d8c" },
    { name: "Moss", about: "Reading lamp, dimmable", price: "€ 129", shade: "#5c8a4c" },
  ],
};

const ZH: Words = {
  tag: "zh-CN",
  title: "Lumen – 让房间安静的灯",
  texts: {
    brand: "Lumen",
    lamps: "灯具",
    help: "帮助",
    hero: "让房间自在呼吸的光",
    heroText: "经久耐用的灯具，前十年免费维修。",
    look: "看看灯具",
    helpText: "对订单、配送或闪烁的灯有疑问？请点击右下角的按钮，给我们留言或发起视频通话，由真人为您解答。",
    foot: "Lumen 是为展示 Voxdesk 聊天按钮而虚构的商店。",
  },
  lamps: [
    { name: "沙丘", about: "台灯，亚麻灯罩", price: "¥ 699", shade: "#d99a3d" },
    { name: "港湾", about: "落地灯，橡木", price: "¥ 1699", shade: "#2f7d8c" },
    { name: "青苔", about: "阅读灯，可调光", price: "¥ 999", shade: "#5c8a4c" },
  ],
};

const asked = new URLSearchParams(location.search).get("lang") ?? navigator.language;
const words = asked.toLowerCase().startsWith("zh") ? ZH : EN;

document.documentElement.lang = words.tag;
document.title = words.title;
for (const element of document.querySelectorAll<HTMLElement>("[data-text]")) {
  element.textContent = words.texts[element.dataset.text ?? ""] ?? "";
}
for (const link of document.querySelectorAll<HTMLAnchorElement>(".languages a")) {
  if (link.hreflang === words.tag) link.setAttribute("aria-current", "true");
}
document.querySelector(".goods")?.append(...words.lamps.map(card));

function card(lamp: Lamp): HTMLElement {
  const item = document.createElement("li");
  item.innerHTML = `<svg viewBox="0 0 120 110" aria-hidden="true"><path d="M36 44 48 14h24l12 30z"/><path d="M36 44h48l-9 36H45z" fill="#fff1cf"/><path d="M57 44h6v50h-6zM44 94h32v5H44z" fill="#4b5563"/></svg>
    <h3></h3><p></p><strong></strong>`;
  item.querySelector("path")?.setAttribute("fill", lamp.shade);
  const fill = (selector: string, text: string) => {
    const element = item.querySelector(selector);
    if (element) element.textContent = text;
  };
  fill("h3", lamp.name);
  fill("p", lamp.about);
  fill("strong", lamp.price);
  return item;
}
