// A program that is told what happens, as channels.mjs uses it: it checks each signature, refuses now and then, and keeps what it took in the order in which it came.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { HTTP, ROOT, api, field, id, newPage, pause, shoot, signIn, speak, until } from './browser.mjs';

const seconds = () => Math.floor(Date.now() / 1000);
const KINDS = ['conversation_opened', 'conversation_assigned', 'conversation_ended', 'ticket_done', 'entry_message', 'ticket_for'];

/** The receiving program; `answer` belongs into the server that stands in for everybody. */
export const receiver = {
  secret: '',
  refuse: 0,
  gone: false,
  /** Every request that was signed rightly, also those that were refused. */
  asked: [],
  /** What it took, each id once. */
  took: new Map(),
  answer(headers, body) {
    const [, time, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(headers['x-voxdesk-signature'] ?? '') ?? [];
    assert.ok(Math.abs(seconds() - Number(time)) < 60, 'the signature has the time of now');
    assert.equal(mac, createHmac('sha256', this.secret).update(`${time}.${body}`).digest('hex'), 'signed with the secret that was shown once');
    const event = JSON.parse(body);
    assert.equal(headers['idempotency-key'], event.id);
    this.asked.push(event);
    if (this.gone) return [410, { error: 'moved away' }];
    if (event.kind !== 'test' && this.refuse-- > 0) return [503, {}];
    if (!this.took.has(event.id)) this.took.set(event.id, event);
    return [200, { ok: true }];
  },
  of: (conversation, kind) => [...receiver.took.values()].filter((one) => one.conversation === conversation && one.kind === kind),
};

/** An administrator adds the hook in the browser; the page. */
export async function subscribed(browser, url, stumbled) {
  const page = await newPage(browser, { height: 1000, stumbled });
  await signIn(page, 'admin');
  await page.goto(`${HTTP}/settings`);
  await page.click(id('hook-add'));
  await page.fill(field('hook-url'), 'http://169.254.169.254/latest/meta-data');
  for (const name of ['Message written', 'Conversation got its ticket']) await page.getByLabel(name, { exact: true }).check();
  await page.click(id('hook-save'));
  await page.waitForSelector('text=not among the hosts');
  await page.fill(field('hook-url'), url);
  await page.locator(id('hook-form')).scrollIntoViewIfNeeded();
  await pause(400);
  await shoot(page, 'event-hooks-form-en.png');
  // Return sends a form, as everywhere.
  await page.press(field('hook-url'), 'Enter');
  receiver.secret = await page.inputValue(field('hook-secret'));
  assert.match(receiver.secret, /^whsec_[\w-]{43}$/);
  await pause(300);
  await shoot(page, 'event-hooks-secret-en.png');
  await page.click(id('hook-secret-done'));
  await page.click(id('hook-test'));
  await page.waitForSelector('text=The test was sent: Delivered');
  assert.deepEqual(receiver.asked.map((one) => one.kind), ['test']);
  const [hook] = (await api('/event-hooks')).items;
  assert.deepEqual([...hook.kinds].sort(), [...KINDS].sort());
  assert.ok(!JSON.stringify(hook).includes('whsec_'), 'the secret is not shown again');
  return page;
}

/** What came is what is in the record of this conversation: in order, none missing, none twice. */
export async function toldOf(conversation) {
  const { entries } = await api(`/conversations/${conversation}`);
  const messages = entries.filter((entry) => entry.kind === 'message').map((entry) => [entry.seq, entry.text]);
  await until('the receiver has every message', () => receiver.of(conversation, 'entry_message').length >= messages.length, 30000);
  const told = receiver.of(conversation, 'entry_message').map((one) => [one.change.entry.seq, one.change.entry.text]);
  assert.deepEqual(told, messages);
  assert.equal(receiver.of(conversation, 'conversation_opened').length, 1);
  assert.equal(receiver.of(conversation, 'ticket_for').length, 1);
  assert.equal(receiver.of(conversation, 'conversation_assigned')[0].change.agent, 'alice');
  const order = [...receiver.took.values()].filter((one) => one.kind !== 'test').map((one) => one.seq);
  assert.deepEqual(order, [...order].sort((a, b) => a - b), 'in the order of the record');
  return messages.length;
}

/** A receiver that says it is gone is left alone until a person lets it go on; then it gets what it missed. `happen` makes something happen. */
export async function parkedAndBack(page, happen) {
  receiver.gone = true;
  const before = receiver.took.size;
  await happen();
  await until('it is parked', async () => (await api('/event-hooks')).items[0].state === 'parked');
  await page.reload();
  await page.locator(id('hook-state', '[data-state="parked"]')).scrollIntoViewIfNeeded();
  await page.click(id('hook-deliveries'));
  await page.waitForSelector(id('delivery-row', '[data-state="failed"]'));
  await pause(400);
  await shoot(page, 'event-hooks-parked-en.png');
  await speak(page, '中文');
  await page.waitForSelector('text=已挂起');
  await pause(400);
  await shoot(page, 'event-hooks-parked-zh.png');
  await speak(page, 'English');
  receiver.gone = false;
  await page.click(id('hook-running'));
  await page.waitForSelector(id('hook-state', '[data-state="active"]'));
  await until('what it missed arrives', () => receiver.took.size > before);
  // One that was told is told again by a button, under its id.
  const row = page.locator(id('delivery-row', '[data-state="sent"]')).first();
  const sequence = Number(await row.getAttribute('data-sequence'));
  const times = () => receiver.asked.filter((one) => one.seq === sequence).length;
  const once = times();
  await row.locator(id('hook-replay')).click();
  await until('it was sent again', () => times() > once);
  assert.equal(new Set(receiver.asked.filter((one) => one.seq === sequence).map((one) => one.id)).size, 1);
}

/** The receiver of the integrator's guide, as it is printed there, with a hook of its own; what it prints. */
export async function guideReceiver(port) {
  const code = /```python\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, 'docs/guide/integrator.md'), 'utf8'))[1];
  const { secret } = await api('/event-hooks', { url: `http://127.0.0.1:${port}/`, kinds: ['entry_message'] });
  const running = spawn('python3', ['-c', code], { env: { ...process.env, HOOK_SECRET: secret, PORT: String(port) }, stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  running.stdout.on('data', (chunk) => { printed += chunk; });
  process.on('exit', () => running.kill());
  return { lines: () => printed.split('\n').filter((line) => line !== '') };
}
