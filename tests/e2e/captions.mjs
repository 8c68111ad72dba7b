// Writes a line of JSON for every settled piece of speech, with the moment at which a page learns of it. Stopped by its parent. ALL_FRAMES=1: of everything.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { HTTP, API_KEY, ROOT } = process.env;
const require = createRequire(join(ROOT, 'web/package.json'));
const WebSocket = require('ws');
const socket = new WebSocket(`${HTTP.replace('http', 'ws')}/api/v1/events`, { headers: { Authorization: `Bearer ${API_KEY}` } });
socket.on('message', (data) => {
  const text = data.toString();
  if (!process.env.ALL_FRAMES && !text.includes('speech')) return;
  console.log(JSON.stringify({ seen: Date.now(), message: JSON.parse(text) }));
});
socket.on('error', (error) => { console.error(error.message); process.exit(1); });
