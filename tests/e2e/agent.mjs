// The agent's and the customer's browser: see agent.sh.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { HTTP, INTEROP, WORK, api, becomeReady, id, launch, newPage, pause, record, shoot, signIn, signal, signalled, step, until } from './browser.mjs';

async function lines(page, speaker, kind) {
  return page.$$eval(`${id('line')}[data-speaker="${speaker}"]${kind ? `[data-kind="${kind}"]` : ''}`, (all) => all.map((line) => line.textContent));
}
/** How many of these words appear in the text. */
const found = (text, words) => words.filter((word) => text.toLowerCase().includes(word));
const CALLER = ['order', 'parcel', 'monday', 'boxes', 'open', 'lamp', 'broken'];
const AGENT = ['waiting', 'name', 'alice', 'happy', 'help', 'number', 'order', 'lamps', 'damaged'];

const browser = await launch({ microphone: `${INTEROP}/media/agent_long_48000.wav` });
try {
  const page = await newPage(browser);
  await signIn(page, 'alice');
  await becomeReady(page, 'alice');
  step('alice is signed in and ready');

  signal('dial');
  await page.waitForSelector(id('offer-card'), { timeout: 30000 });
  assert.match(await page.textContent(id('offer-queue')), /support/i);
  step(`it rings: ${(await page.textContent(id('offer-caller'))).trim()}`);
  await pause(6000); // so that the caller hears what follows the key
  await page.click(id('answer'));
  await until('the call is connected', async () => (await page.getAttribute(id('call-state'), 'data-state')) === 'talking');
  step('answered');
  await record(page, 14, join(WORK, 'agent_heard.wav'));
  await until("the customer's words are on the page", async () => found((await lines(page, 'customer', 'speech')).join(' '), CALLER).length >= 3, 30000);
  await until("the agent's words are on the page", async () => found((await lines(page, 'agent', 'speech')).join(' '), AGENT).length >= 3, 30000);
  step('both sides are transcribed');
  await page.waitForSelector(id('ticket-panel'));
  await shoot(page, 'agent-call.png');

  await page.reload();
  const reloaded = Date.now();
  await until('the call is back after the reload', async () => (await page.getAttribute(id('call-state'), 'data-state')) === 'talking', 15000);
  step(`back after ${((Date.now() - reloaded) / 1000).toFixed(1)} s`);
  await pause(1000);
  await record(page, 12, join(WORK, 'agent_heard_again.wav'));
  signal('hangup');
  const conversations = await until('the record shows the end', async () => {
    const list = await api('/conversations');
    return list.items[0]?.ended_at && list.items;
  });
  const call = await until('all speech is settled', async () => {
    const whole = await api(`/conversations/${conversations[0].id}`);
    const said = (speaker) => whole.entries.filter((e) => e.kind === 'speech' && e.speaker === speaker && e.final).map((e) => e.text).join(' ');
    return found(said('customer'), CALLER).length >= 4 && found(said('agent'), AGENT).length >= 4 && whole;
  }, 30000);
  assert.equal(call.channel, 'voice');
  assert.equal(call.queue, 'support');
  assert.equal(call.agent, 'alice');
  assert.ok(call.ticket_id, 'the call has a ticket');
  assert.ok(call.entries.some((e) => e.kind === 'digit' && e.text === '2'), 'the key is in the record');
  assert.ok(call.entries.some((e) => e.kind === 'event' && e.text === 'parked') && call.entries.some((e) => e.text === 'returned'), 'the reload is in the record');
  assert.ok(call.entries.some((e) => e.kind === 'event' && e.text === 'offered' && JSON.parse(typeof e.detail === 'string' ? e.detail : JSON.stringify(e.detail)).why), 'the offer says why');
  for (const entry of call.entries.filter((e) => e.kind === 'speech')) assert.ok(entry.end_ms > entry.start_ms, 'speech has times');
  const ticket = await api(`/tickets/${call.ticket_id}`);
  assert.ok(JSON.stringify(ticket).includes(call.id), 'the ticket knows its conversation');
  assert.equal(ticket.state, 'in_progress', 'somebody is on it');
  step(`the record: ${call.entries.length} entries, ticket ${call.ticket_id} ${ticket.state}`);
  if (await page.$(id('wrapup-done'))) await page.click(id('wrapup-done'));

  const shop = await newPage(browser, { width: 1200, height: 800 });
  await shop.goto(`${HTTP}/demo`);
  await shop.click(id('chat-bubble'));
  await shop.fill(id('chat-input'), 'Hello, where is my parcel?');
  await shop.click(id('chat-send'));
  await page.waitForSelector(id('offer-card'), { timeout: 30000 });
  await page.click(id('answer'));
  await until('the agent sees the message', async () => (await lines(page, 'customer', 'message')).some((line) => line.includes('where is my parcel')));
  await page.fill(`${id('composer')} textarea, textarea${id('composer')}`, 'It is on its way and arrives today.');
  await page.click(id('send'));
  await until('the customer sees the answer', async () => (await shop.$$eval(`${id('chat-line')}[data-speaker="agent"]`, (all) => all.map((line) => line.textContent))).some((line) => line.includes('on its way')));
  step('a chat from /demo came to the same agent and was answered');
  await shoot(shop, 'customer-chat.png');
  await shop.reload();
  await until('the chat survives a reload', async () => {
    if (!(await shop.isVisible(id('chat-input')))) await shop.click(id('chat-bubble'));
    return (await shop.$$eval(id('chat-line'), (all) => all.map((line) => line.textContent).join(' '))).includes('on its way');
  });
  const chat = (await api('/conversations')).items.find((c) => c.channel === 'chat');
  assert.ok(chat.ticket_id, 'the chat has a ticket in the same list');
  const tickets = (await api('/tickets')).items.map((t) => t.id);
  assert.ok(tickets.includes(chat.ticket_id) && tickets.includes(call.ticket_id), 'one list holds both tickets');
  step(`chat ticket ${chat.ticket_id} beside call ticket ${call.ticket_id}`);
} finally {
  if (!signalled('dial')) signal('dial');
  signal('hangup');
  await browser.close();
}
