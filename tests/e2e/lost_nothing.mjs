// 300 customers, their providers, and the count afterwards: see lost_nothing.sh.
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Agent, createServer, request as httpRequest } from 'node:http';
import { join } from 'node:path';

const { HTTP, API_KEY, WORK, STANDIN, COUNT } = process.env;
const CUSTOMERS = 300;
const EACH = Math.ceil(Number(COUNT) / CUSTOMERS);
const seconds = () => Math.floor(Date.now() / 1000);
const hmac = (text, form = 'hex') => createHmac('sha256', 's3cret').update(text).digest(form);
const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const sha1 = (...parts) => createHash('sha1').update(parts.sort().join('')).digest('hex');

// A seed, so that a run can be had again.
let seed = Number(process.env.SEED ?? Date.now() % 1e9);
console.log(`  seed ${seed}`);
const chance = () => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return seed / 2 ** 32; };

const out = new Map();
createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
    const body = Buffer.concat(chunks).toString();
    const at = request.url.split('?')[0];
    if (at === '/cgi-bin/stable_token') return response.end('{"access_token":"T","expires_in":7200}');
    // The other side is at times away, and at times the answer is lost although the message arrived.
    const luck = chance();
    if (luck < 0.1) return response.writeHead(503).end();
    const message = JSON.parse(body);
    const key = at === '/out' ? message.id : `wechat ${message.touser} ${message.text.content}`;
    out.set(key, (out.get(key) ?? 0) + 1);
    if (luck < 0.15 && at === '/out') return request.destroy();
    return response.end('{"errcode":0}');
  });
}).listen(Number(STANDIN), '127.0.0.1');

const agent = new Agent({ keepAlive: true, maxSockets: 100 });
/** Posts; `cut`: the connection is lost somewhere on the way. The status, or nothing. */
function post(path, headers, body, cut = false) {
  return new Promise((done) => {
    const url = new URL(HTTP + path);
    const request = httpRequest({ agent: cut ? undefined : agent, host: url.hostname, port: url.port, path, method: 'POST', headers: { ...headers, 'Content-Length': Buffer.byteLength(body) } }, (response) => {
      response.resume().on('end', () => done(response.statusCode)).on('error', () => done());
    });
    request.on('error', () => done());
    request.setTimeout(20000, () => request.destroy());
    request.end(body);
    if (cut) setTimeout(() => { request.destroy(); done(); }, chance() * 20);
  });
}
const roads = [
  (customer, n, cut) => {
    const body = JSON.stringify({ id: `${customer}-${n}`, from: customer, text: `${customer} ${n}` });
    const time = seconds();
    return post('/hooks/sms', { 'X-Voxdesk-Signature': `t=${time},v1=${hmac(`${time}.${body}`)}` }, body, cut);
  },
  (customer, n, cut) => {
    const signed = `${base64url({ alg: 'HS256' })}.${base64url({ sub: customer, exp: seconds() + 600 })}`;
    const headers = { Authorization: `Bearer ${signed}.${hmac(signed, 'base64url')}`, 'Content-Type': 'application/json', 'Idempotency-Key': `m-${n}` };
    return post('/api/v1/app/shop/messages', headers, JSON.stringify({ text: `${customer} ${n}` }), cut);
  },
  (customer, n, cut) => {
    const [timestamp, nonce] = [String(seconds()), String(n)];
    const query = new URLSearchParams({ signature: sha1('s3cret', timestamp, nonce), timestamp, nonce });
    const body = `<xml><FromUserName>${customer}</FromUserName><CreateTime>1</CreateTime><MsgType>text</MsgType><Content>${customer} ${n}</Content><MsgId>${customer}-${n}</MsgId></xml>`;
    return post(`/hooks/gzh?${query}`, {}, body, cut);
  },
];
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const began = Date.now();
let confirmed = 0;
let requests = 0;
let kills = 0;
async function writes(customer, road) {
  for (let n = 0; n < EACH; n += 1) {
    const send = (cut) => { requests += 1; return road(customer, n, cut); };
    if (chance() < 0.33) await send(true);
    const twice = chance() < 0.2 ? send(false) : undefined;
    for (;;) {
      const status = await send(false);
      if (status === 200 || status === 201) break;
      assert.ok(status === undefined || status === 429 || status === 503 || status === 500, `status ${status}`);
      await pause(200 + chance() * 300);
    }
    await twice;
    confirmed += 1;
    if ((kills === 0 && confirmed > 0.3 * CUSTOMERS * EACH) || (kills === 1 && confirmed > 0.7 * CUSTOMERS * EACH)) {
      kills += 1;
      writeFileSync(join(WORK, 'kill'), '');
    }
  }
}
await Promise.all(Array.from({ length: CUSTOMERS }, (_, n) => writes(`customer-${n}`, roads[n % roads.length])));
const took = (Date.now() - began) / 1000;
assert.equal(kills, 2);
console.log(`  ${confirmed} messages confirmed in ${took.toFixed(1)} s with ${requests} requests and two kills`);

async function api(path) {
  const response = await fetch(`${HTTP}/api/v1${path}`, { headers: { Authorization: `Bearer ${API_KEY}` } });
  assert.ok(response.ok, `${path}: ${response.status}`);
  return response.json();
}
const found = new Map();
const conversations = [];
for (let after = ''; after !== null;) {
  const list = await api(`/conversations?limit=200${after && `&after=${encodeURIComponent(after)}`}`);
  conversations.push(...list.items.map((one) => one.id));
  after = list.next;
}
let greetings = 0;
for (const id of conversations) {
  const { entries } = await api(`/conversations/${id}`);
  for (const entry of entries.filter((one) => one.kind === 'message')) {
    if (entry.speaker === 'system') { greetings += 1; continue; }
    const [customer, n] = entry.text.split(' ');
    found.set(customer, [...(found.get(customer) ?? []), Number(n)]);
  }
}
assert.equal(conversations.length, CUSTOMERS, 'one conversation a customer');
for (let n = 0; n < CUSTOMERS; n += 1) assert.deepEqual(found.get(`customer-${n}`), Array.from({ length: EACH }, (_, at) => at), `customer-${n}: once and in order`);
for (let tries = 0; out.size < greetings && tries < 300; tries += 1) await pause(200);
assert.equal(out.size, greetings, 'every message of ours arrived under its one id');
console.log(`  ${[...found.values()].flat().length} in the record, each once and in order; ${out.size} greetings left under their own ids (${[...out.values()].reduce((a, b) => a + b, 0)} arrivals, repeats carry the id)`);
process.exit(0);
