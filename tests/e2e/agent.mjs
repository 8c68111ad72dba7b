// The agent's and the customer's browser: see agent.sh.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { HTTP, INTEROP, api, becomeReady, during, field, id, launch, newPage, pause, shoot, signIn, signal, signalled, step, until } from './browser.mjs';

async function lines(page, speaker, kind) {
  return page.$$eval(`${id('line')}[data-speaker="${speaker}"]${kind ? `[data-kind="${kind}"]` : ''}`, (all) => all.map((line) => line.textContent));
}
const settled = (page, speaker) => page.$$eval(id('line', `[data-speaker="${speaker}"][data-kind="speech"][data-final="true"]`), (all) => all.length);
/** Text appears while somebody speaks, and their next settled line comes after it. */
async function interim(page, speaker) {
  const before = await until(`${speaker}: text while they speak`, async () => {
    const count = await settled(page, speaker);
    const said = await page.$$eval(id('line', `[data-speaker="${speaker}"][data-final="false"] .line-text`), (all) => all.map((line) => line.textContent).join(' '));
    return said.trim() !== '' && { count };
  }, 30000);
  await until(`${speaker}: it settles`, async () => (await settled(page, speaker)) > before.count, 30000);
}
/** How many of these words appear in the text. */
const found = (text, words) => words.filter((word) => text.toLowerCase().includes(word));
const CALLER = ['order', 'parcel', 'monday', 'boxes', 'open', 'lamp', 'broken'];
const AGENT = ['waiting', 'name', 'alice', 'happy', 'help', 'number', 'order', 'lamps', 'damaged'];

const browser = await launch({ microphone: `${INTEROP}/media/agent_long_48000.wav` });
try {
  let page = await newPage(browser);
  const state = () => page.getAttribute(id('call-state'), 'data-state');
  const alice = () => ({ name: 'agent', page });
  await signIn(page, 'alice');
  await becomeReady(page, 'alice');
  step('alice is signed in and ready');

  signal('dial');
  await page.waitForSelector(id('offer-card'), { timeout: 30000 });
  assert.match(await page.textContent(id('offer-queue')), /support/i);
  step(`it rings: ${(await page.textContent(id('offer-caller'))).trim()}`);
  await pause(6000); // so that the caller hears what follows the key
  await page.click(id('answer'));
  await until('the call is connected', async () => (await state()) === 'talking');
  step('answered');
  await Promise.all([during('talk', 10, [alice()]), interim(page, 'customer'), interim(page, 'agent')]);
  step('what is said is on the page before it settles');
  await until("the customer's words are on the page", async () => found((await lines(page, 'customer', 'speech')).join(' '), CALLER).length >= 3, 30000);
  await until("the agent's words are on the page", async () => found((await lines(page, 'agent', 'speech')).join(' '), AGENT).length >= 3, 30000);
  step('both sides are transcribed');
  await page.waitForSelector(id('ticket-panel'));
  await shoot(page, 'agent-call.png');
  await page.fill(field('note-input'), 'The red lamp is on its way.');
  await page.click(id('note-add'));
  await until('the note is on the page', async () => (await page.textContent(id('ticket-panel'))).includes('The red lamp is on its way.'));

  const pressed = (name) => page.getAttribute(id(name), 'aria-pressed');
  await page.click(id('mute'));
  await until('muted', async () => (await pressed('mute')) === 'true');
  await pause(700); // what was on its way is heard
  await during('muted', 4);
  assert.equal(await page.$(id('no-audio')), null, 'who is muted is not missing');
  await page.click(id('mute'));
  await until('unmuted', async () => (await pressed('mute')) === 'false');
  await during('unmuted', 5);
  step('muted, and unmuted');
  await page.click(id('hold'));
  await until('held', async () => (await state()) === 'held');
  await pause(700);
  await during('held', 5, [alice()]);
  await page.click(id('hold'));
  await until('resumed', async () => (await state()) === 'talking');
  await pause(300);
  await during('resumed', 5, [alice()]);
  step('held, and resumed');
  await page.click(id('keypad'));
  for (const key of ['4', '7', 'hash']) { await page.click(id(`key-${key}`)); await pause(300); }
  await page.keyboard.press('Escape');
  step('keys pressed');

  await page.reload();
  let gone = Date.now();
  // "Within seconds", on a machine that is busy with all of this.
  const back = async (what) => {
    await until(`the call is back after ${what}`, async () => (await state()) === 'talking' && (await page.getAttribute(id('device'), 'data-audio')) === 'connected', 8000);
    step(`back after ${what}: ${((Date.now() - gone) / 1000).toFixed(1)} s`);
    await pause(500);
  };
  await back('a reload');
  await during('reloaded', 6, [alice()]);

  // The process of the tab dies: nobody says goodbye.
  await page.goto('chrome://crash').catch(() => undefined);
  const { id: inHand } = (await api('/conversations?open=true')).items[0];
  await until('the caller is parked', async () => (await api(`/conversations/${inHand}`)).entries.filter((e) => e.text === 'parked').length === 2, 8000);
  await pause(500);
  await during('crashed', 5);
  page = await page.context().newPage();
  gone = Date.now();
  await page.goto(HTTP);
  await back('a crash of the tab');
  await during('returned', 6, [alice()]);

  const silent = id('no-audio', '[data-side="customer"]');
  signal('freeze');
  await page.waitForSelector(silent, { timeout: 8000 });
  signal('thaw');
  await page.waitForSelector(silent, { state: 'detached', timeout: 5000 });
  step('no audio from the customer: said, and taken back');
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
  const events = call.entries.filter((e) => e.kind === 'event').map((e) => e.text);
  const times = (code) => events.filter((one) => one === code).length;
  assert.ok(times('parked') === 2 && times('returned') === 2, `reload and crash are in the record: ${events}`);
  assert.ok(times('held') === 1 && times('resumed') === 1, 'the hold is in the record');
  assert.ok(times('no_audio:customer') === 1 && times('audio_back:customer') === 1, `the silence is in the record, with its side: ${events}`);
  assert.equal(times('no_audio:agent'), 0, 'and nobody else was silent');
  assert.ok(call.entries.some((e) => e.kind === 'event' && e.text === 'offered' && JSON.parse(typeof e.detail === 'string' ? e.detail : JSON.stringify(e.detail)).why), 'the offer says why');
  for (const entry of call.entries.filter((e) => e.kind === 'speech')) assert.ok(entry.end_ms > entry.start_ms, 'speech has times');
  const ticket = await api(`/tickets/${call.ticket_id}`);
  assert.ok(JSON.stringify(ticket).includes(call.id), 'the ticket knows its conversation');
  assert.equal(ticket.state, 'in_progress', 'somebody is on it');
  const notes = (await Promise.all(ticket.conversations.map((one) => api(`/conversations/${one}`)))).flatMap((one) => one.entries).filter((e) => e.kind === 'note');
  assert.deepEqual(notes.map((e) => [e.author, e.text]), [['alice', 'The red lamp is on its way.']], "the ticket's conversation has the note");
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
  // Files: a picture that is pasted, a document that is dropped, a program that is refused.
  const png = await page.screenshot({ clip: { x: 0, y: 0, width: 320, height: 120 } });
  await page.evaluate((bytes) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], '截图 1.png', { type: 'image/png' }));
    document.querySelector('form.composer textarea').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    const files = new DataTransfer();
    files.items.add(new File(['label of the parcel'], 'label.txt', { type: 'text/plain' }));
    for (const kind of ['dragover', 'drop']) document.querySelector('form.composer').dispatchEvent(new DragEvent(kind, { dataTransfer: files, bubbles: true, cancelable: true }));
  }, png.toString('base64'));
  await page.setInputFiles(id('attach-input'), { name: 'setup.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('MZ') });
  await page.waitForSelector(id('attached', '[data-state="failed"]'));
  await until('both are uploaded', async () => (await page.locator(id('attached', '[data-state="ready"]')).count()) === 2);
  await shoot(page, 'composer-files.png');
  await page.locator(id('attached', '[data-state="failed"]')).getByRole('button').click();
  await page.click(id('send'));
  await page.waitForFunction(() => document.querySelector('[data-testid="file-picture"]')?.naturalWidth === 320);
  await until('the customer sees the picture', () => shop.locator(`${id('chat-file')} img`).evaluate((picture) => picture.naturalWidth === 320));
  const kept = shop.waitForEvent('download');
  await shop.locator(id('chat-file'), { hasText: 'label.txt' }).click();
  assert.equal(readFileSync(await (await kept).path(), 'utf8'), 'label of the parcel');
  step('a pasted picture and a dropped document reached the customer; a program was refused before it was sent');
  await shoot(shop, 'customer-chat.png');
  await shoot(page, 'agent-chat-files.png');
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
  for (const name of ['dial', 'freeze', 'thaw', 'hangup']) if (!signalled(name)) signal(name);
  await browser.close();
}
