// Writes a line of JSON for every settled piece of speech: when a program learns of it at the live socket, and when it is drawn on a supervisor's page (Chromium) that has
// the call open. Stopped by its parent. ALL_FRAMES=1: of everything at the socket, without the page.
import { HTTP, API_KEY, api, id, launch, newPage, require, signIn, until } from './browser.mjs';

const WebSocket = require('ws');
const socket = new WebSocket(`${HTTP.replace('http', 'ws')}/api/v1/events`, { headers: { Authorization: `Bearer ${API_KEY}` } });
socket.on('message', (data) => {
  const text = data.toString();
  if (!process.env.ALL_FRAMES && !text.includes('speech')) return;
  console.log(JSON.stringify({ seen: Date.now(), message: JSON.parse(text) }));
});
socket.on('error', (error) => { console.error(error.message); process.exit(1); });

if (!process.env.ALL_FRAMES) await watchPage();

async function watchPage() {
  const page = await newPage(await launch());
  await page.exposeFunction('drawn', (seen, text) => console.log(JSON.stringify({ seen, page: text })));
  await signIn(page, 'sue');
  const call = await until('a call to look at', async () => (await api('/conversations')).items.find((one) => one.ended_at === null), 60000);
  await page.goto(`${HTTP}/conversations/${call.id}`);
  await page.waitForSelector(id('transcript'));
  // A line counts as seen at the frame after the one that has it in the document.
  await page.evaluate((settled) => {
    const told = new Set();
    const look = () => {
      for (const line of document.querySelectorAll(settled)) {
        if (told.has(line.dataset.seq)) continue;
        told.add(line.dataset.seq);
        requestAnimationFrame(() => window.drawn(Date.now(), line.querySelector('.line-text').textContent));
      }
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
    look();
  }, id('line', '[data-kind="speech"][data-final="true"]'));
}
