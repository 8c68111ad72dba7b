// Customers on channels, their providers, and alice's browser: see channels.sh.
import assert from 'node:assert/strict';
import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { join } from 'node:path';

import { HTTP, WORK, api, field, id, launch, newPage, pause, shoot as draw, signIn, speak, step, until as patiently } from './browser.mjs';
import { guideReceiver, parkedAndBack, receiver, subscribed, toldOf } from './event_hooks.mjs';

const { STANDIN, GUIDE_PORT } = process.env;
const until = (what, check, ms = 15000) => patiently(what, check, ms);
const seconds = () => Math.floor(Date.now() / 1000);
const hmac = (secret, text, form = 'hex') => createHmac('sha256', secret).update(text).digest(form);

// The providers: what they were sent, and how they behave.
const sms = { got: [], refuse: 0, down: false };
const push = { got: [] };
const wechat = { sent: [], calls: [], token: 0, expire: false, closed: new Set() };

function checkSigned(headers, body, secret) {
  const [, time, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(headers['x-voxdesk-signature'] ?? '') ?? [];
  assert.ok(Math.abs(seconds() - Number(time)) < 60, 'the signature has the time of now');
  assert.equal(mac, hmac(secret, `${time}.${body}`));
  assert.equal(headers['idempotency-key'], JSON.parse(body).id);
}
const providers = {
  '/sms': (headers, body) => {
    checkSigned(headers, body, 's3cret-of-sms');
    if (sms.down || sms.refuse-- > 0) return [503, {}];
    sms.got.push(JSON.parse(body));
    return [202, { id: `sms-${sms.got.length}` }];
  },
  '/events': (headers, body) => receiver.answer(headers, body),
  '/push': (headers, body) => {
    checkSigned(headers, body, 'secret-of-the-app');
    push.got.push(JSON.parse(body));
    return [200, {}];
  },
  '/cgi-bin/stable_token': (_, body) => {
    const { grant_type, appid, secret, force_refresh } = JSON.parse(body);
    wechat.calls.push('token');
    if (grant_type !== 'client_credential' || appid !== 'wx0123456789' || secret !== 'secret-of-gzh') return [200, { errcode: 40125, errmsg: 'invalid appsecret' }];
    if (force_refresh || wechat.token === 0) wechat.token += 1;
    return [200, { access_token: `TOKEN-${wechat.token}`, expires_in: 7200 }];
  },
  '/cgi-bin/message/custom/send': (_, body, query) => {
    const message = JSON.parse(body);
    wechat.calls.push('send');
    if (query.get('access_token') !== `TOKEN-${wechat.token}`) return [200, { errcode: 40001, errmsg: 'invalid credential' }];
    if (wechat.expire) {
      wechat.expire = false;
      wechat.token += 1;
      return [200, { errcode: 42001, errmsg: 'access_token expired' }];
    }
    if (message.msgtype !== 'text' || typeof message.text?.content !== 'string') return [200, { errcode: 40008, errmsg: 'invalid message type' }];
    if (Buffer.byteLength(message.text.content) > 2048) return [200, { errcode: 45002, errmsg: 'content size out of limit' }];
    if (wechat.closed.has(message.touser)) return [200, { errcode: 45015, errmsg: 'response out of time limit or subscription is canceled' }];
    wechat.sent.push(message);
    return [200, { errcode: 0, errmsg: 'ok' }];
  },
};
const wrong = [];
createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
    const url = new URL(request.url, 'http://x');
    let answer = [404, {}];
    try { answer = providers[url.pathname]?.(request.headers, Buffer.concat(chunks).toString(), url.searchParams) ?? answer; } catch (error) { wrong.push(error); answer = [500, {}]; }
    response.writeHead(answer[0], { 'Content-Type': 'application/json' }).end(JSON.stringify(answer[1]));
  });
}).listen(Number(STANDIN), '127.0.0.1');

// Customers.
function texted(idOfMessage, text, { from = '+49301234567', secret = 's3cret-of-sms', time = seconds() } = {}) {
  const body = JSON.stringify({ id: idOfMessage, from, name: 'Erika', text });
  return fetch(`${HTTP}/hooks/sms`, { method: 'POST', headers: { 'X-Voxdesk-Signature': `t=${time},v1=${hmac(secret, `${time}.${body}`)}` }, body });
}
/** The provider loses the connection before the answer. */
function textedAndCutOff(idOfMessage, text) {
  const body = JSON.stringify({ id: idOfMessage, from: '+49301234567', text });
  const time = seconds();
  const url = new URL(`${HTTP}/hooks/sms`);
  return new Promise((done) => {
    const request = httpRequest({ host: url.hostname, port: url.port, path: url.pathname, method: 'POST', headers: { 'X-Voxdesk-Signature': `t=${time},v1=${hmac('s3cret-of-sms', `${time}.${body}`)}`, 'Content-Length': Buffer.byteLength(body) } });
    request.on('error', () => done()).on('response', () => { request.destroy(); done(); });
    request.end(body);
    setTimeout(() => { request.destroy(); done(); }, Math.random() * 4);
  });
}
const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
function customer(sub, secret = 'secret-of-the-app') {
  const signed = `${base64url({ alg: 'HS256', typ: 'JWT' })}.${base64url({ sub, name: 'Ann Example', exp: seconds() + 600 })}`;
  return `${signed}.${hmac(secret, signed, 'base64url')}`;
}
const inApp = (token, key, text) => fetch(`${HTTP}/api/v1/app/shop/messages`, {
  method: 'POST', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', 'Idempotency-Key': key }, body: JSON.stringify({ text }),
});
const sha1 = (...parts) => createHash('sha1').update(parts.sort().join('')).digest('hex');
/** As WeChat's servers post in safe mode. */
function byWechat(openId, inner) {
  const message = `<xml><ToUserName><![CDATA[gh_shop]]></ToUserName><FromUserName><![CDATA[${openId}]]></FromUserName><CreateTime>${seconds()}</CreateTime>${inner}</xml>`;
  const key = Buffer.from('abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG=', 'base64');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(message));
  let plain = Buffer.concat([randomBytes(16), length, Buffer.from(message), Buffer.from('wx0123456789')]);
  const fill = 32 - (plain.length % 32);
  plain = Buffer.concat([plain, Buffer.alloc(fill, fill)]);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64');
  const [timestamp, nonce] = [String(seconds()), String(Math.floor(Math.random() * 1e9))];
  const query = new URLSearchParams({ signature: sha1('token-of-gzh', timestamp, nonce), timestamp, nonce, openid: openId, encrypt_type: 'aes', msg_signature: sha1('token-of-gzh', timestamp, nonce, sealed) });
  const body = `<xml><ToUserName><![CDATA[gh_shop]]></ToUserName><Encrypt><![CDATA[${sealed}]]></Encrypt></xml>`;
  return fetch(`${HTTP}/hooks/gzh?${query}`, { method: 'POST', headers: { 'Content-Type': 'text/xml' }, body });
}
const wechatText = (text, msgId) => `<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${text}]]></Content><MsgId>${msgId}</MsgId>`;

const browser = await launch();
const errors = [];
const page = await newPage(browser, { height: 1100, stumbled: (message) => errors.push(message) });
const shoot = (name) => pause(300).then(() => draw(page, `channels-${name}.png`));
await signIn(page, 'alice');
const becomesReady = async () => {
  await page.waitForSelector(id('live-link', '[data-link="live"]'));
  if ((await page.getAttribute(id('ready-switch'), 'aria-checked')) !== 'true') await page.click(id('ready-switch'));
};
await becomesReady();
async function takes(channel) {
  const card = id('offer-card', `[data-channel="${channel}"]`);
  await page.waitForSelector(card);
  const conversation = await page.getAttribute(card, 'data-conversation');
  await page.click(`${card} ${id('answer')}`);
  await page.waitForSelector(id('in-hand', `[data-conversation="${conversation}"]`));
  return conversation;
}
const writes = async (text) => {
  await page.fill(field('composer'), text);
  await page.click(id('send'));
};
const inHand = async (conversation) => {
  await page.click(id('work-item', `[data-conversation="${conversation}"]`));
  await page.waitForSelector(id('in-hand', `[data-conversation="${conversation}"]`));
};
const entriesOf = async (conversation, speaker) => (await api(`/conversations/${conversation}`)).entries.filter((entry) => entry.kind === 'message' && entry.speaker === speaker).map((entry) => entry.text);

const hooks = await subscribed(browser, `http://127.0.0.1:${STANDIN}/events`, (message) => errors.push(message));
assert.equal(await page.evaluate(() => fetch('/api/v1/event-hooks').then((answer) => answer.status)), 403, 'for administrators alone');
const guide = await guideReceiver(GUIDE_PORT);
receiver.refuse = 1;
step('an event hook was added in the browser, its secret shown once, and its test arrived signed');

// --- SMS: signed, once, answered, again and again.
assert.equal((await texted('m0', 'x', { secret: 'wrong' })).status, 401);
assert.equal((await texted('m0', 'x', { time: seconds() - 3600 })).status, 401);
assert.equal((await fetch(`${HTTP}/hooks/nobody`, { method: 'POST', body: '{}' })).status, 404);
sms.refuse = 2;
assert.deepEqual(await (await texted('m1', 'Where is my order 4711?')).json(), { accepted: 1 });
assert.equal((await texted('m1', 'Where is my order 4711?')).status, 200);
const texting = await takes('webhook');
await page.waitForSelector(`text=Where is my order 4711?`);
await writes('It is on its way.');
await until('the answer is with the provider', () => sms.got.find((one) => one.text === 'It is on its way.'), 20000);
assert.match(sms.got[0].text, /welcome/, 'what the flow said went first');
assert.equal(sms.got[0].to, '+49301234567');
assert.deepEqual(await entriesOf(texting, 'customer'), ['Where is my order 4711?']);
await page.waitForSelector(id('delivery', '[data-state="sent"]'));
const detail = await api(`/conversations/${texting}`);
assert.deepEqual([detail.channel, detail.person.name, detail.person.addresses], ['webhook', 'Erika', ['tel:+49301234567']]);
step('a text message came once, rang at alice, and her answer left after two refusals');

// --- kill -9 with messages on their way in both directions.
sms.down = true;
for (const text of ['one', 'two', 'three']) await writes(text);
await until('they are recorded', async () => (await entriesOf(texting, 'agent')).length === 4);
const sending = [];
const confirmed = new Set();
for (let n = 0; n < 40; n += 1) {
  if (n === 10) receiver.refuse = 1;
  const message = [`k${n}`, `message ${n}`];
  // A provider sends one after the other; what is not confirmed is sent again before the next.
  if (n === 20) writeFileSync(join(WORK, 'kill'), '');
  if (n % 3 === 0) await textedAndCutOff(...message);
  if (n % 5 === 0) sending.push(texted(...message).catch(() => undefined));
  await until(`message ${n} is confirmed`, async () => (await texted(...message)).status === 200, 30000);
  confirmed.add(message[0]);
}
await Promise.all(sending);
await until('it was restarted', () => existsSync(join(WORK, 'restarted')));
const all = await entriesOf(texting, 'customer');
assert.deepEqual(all, ['Where is my order 4711?', ...Array.from({ length: 40 }, (_, n) => `message ${n}`)], 'once and in order');
sms.down = false;
await until('what was written before the kill arrives after it', () => sms.got.filter((one) => ['one', 'two', 'three'].includes(one.text)).length >= 3, 30000);
assert.deepEqual(sms.got.filter((one) => one.speaker === 'agent').map((one) => one.text), ['It is on its way.', 'one', 'two', 'three']);
assert.equal(new Set(sms.got.map((one) => one.id)).size, sms.got.length);
await becomesReady();
await until('the page has the conversation again', () => page.isVisible(id('work-item', `[data-conversation="${texting}"]`)));
step('after kill -9 all messages are there once and in order, in and out');
step(`and the event hook was told of the ${await toldOf(texting)} messages in order, each id once, ${receiver.asked.length - receiver.took.size} of them more than once`);
await parkedAndBack(hooks, () => texted('m-parked', 'Are you there?'));
const messages = await toldOf(texting);
await until('the receiver of the guide has them, too', () => guide.lines().length === messages);
step('a receiver that is gone is parked and shown so; let on, it gets what it missed, and one event again by a button');

// --- the app.
const ann = customer('c-17');
assert.equal((await inApp(customer('c-17', 'wrong'), 'k', 'x')).status, 401);
const first = await (await inApp(ann, 'key-1', 'My app says error 7.')).json();
assert.deepEqual(await (await inApp(ann, 'key-1', 'My app says error 7.')).json(), first, 'the same answer to a repeat');
assert.equal((await inApp(ann, 'key-1', 'Something else')).status, 409);
const apping = await takes('app');
assert.equal(apping, first.conversation);
await writes('Please update it.');
await until('the push service has the answer', () => push.got.find((one) => one.text === 'Please update it.'));
const pushed = push.got.find((one) => one.text === 'Please update it.');
assert.deepEqual([pushed.customer, pushed.link, pushed.conversation], ['c-17', `shop://chat/${apping}`, apping]);
const lines = await (await fetch(`${HTTP}/api/v1/app/shop/messages`, { headers: { Authorization: `Bearer ${ann}` } })).json();
assert.deepEqual(lines.items.filter((line) => line.speaker !== 'system').map((line) => line.text), ['My app says error 7.', 'Please update it.']);
const session = await (await fetch(`${HTTP}/api/v1/app/shop/session`, { method: 'POST', headers: { Authorization: `Bearer ${ann}` } })).json();
assert.equal(session.conversation, apping);
step('the app writes with its key, once; the answer is pushed with a link into the app');

// --- WeChat in safe mode.
const [timestamp, nonce] = [String(seconds()), 'n'];
const echo = await fetch(`${HTTP}/hooks/gzh?${new URLSearchParams({ signature: sha1('token-of-gzh', timestamp, nonce), timestamp, nonce, echostr: '5837' })}`);
assert.equal(await echo.text(), '5837');
const began = Date.now();
for (let again = 0; again < 3; again += 1) assert.equal(await (await byWechat('oLi_1', wechatText('订单 & <退款> 怎么办？', '9001'))).text(), 'success');
assert.ok(Date.now() - began < 5000, 'within five seconds');
const wechatting = await takes('wechat');
assert.deepEqual(await entriesOf(wechatting, 'customer'), ['订单 & <退款> 怎么办？']);
await until('the greeting was sent', () => wechat.sent.length >= 1);
assert.equal(await page.getAttribute(id('attach'), 'data-takes'), 'false', 'that no files go by WeChat is said before one is chosen');
wechat.expire = true;
await writes('请稍等，我查一下。');
await until('the answer is with WeChat', () => wechat.sent.find((one) => one.text.content === '请稍等，我查一下。'));
assert.ok(wechat.calls.filter((call) => call === 'token').length === 2, 'one token at first, one after it expired');
await byWechat('oLi_1', '<MsgType><![CDATA[image]]></MsgType><PicUrl><![CDATA[https://mmbiz.example/p.jpg]]></PicUrl><MediaId>m1</MediaId><MsgId>9002</MsgId>');
await page.waitForSelector(`${id('files')} a[href="https://mmbiz.example/p.jpg"]`);
wechat.closed.add('oLi_1');
await writes('您还在吗？');
await page.waitForSelector(id('delivery', '[data-state="failed"][data-why="wechat_window"]'));
await shoot('wechat-window-en');
await speak(page, '中文');
await page.waitForSelector('text=已超过 48 小时');
await shoot('wechat-window-zh');
await speak(page, 'English');
wechat.closed.clear();
await page.click(id('send-again'));
await until('sent again by the agent', () => wechat.sent.find((one) => one.text.content === '您还在吗？'));
step('WeChat: safe mode, a repeat is one message, an expired token is replaced, and after 48 hours the agent is told');

await inHand(texting);
await shoot('desk-en');
assert.equal(await page.$$eval(id('work-item'), (all) => new Set(all.map((one) => one.dataset.channel)).size), 3);
const tickets = await api('/tickets');
assert.deepEqual([...new Set(tickets.items.map((one) => one.channel))].sort(), ['app', 'webhook', 'wechat'], 'a ticket for each');
assert.deepEqual(wrong, []);
assert.deepEqual(errors, []);
step('three channels stand in one inbox with a ticket each');
rmSync(join(WORK, 'restarted'), { force: true });
await browser.close();
process.exit(0);
