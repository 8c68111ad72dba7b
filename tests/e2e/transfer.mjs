// The browsers of two agents and a supervisor: see transfer.sh.
import assert from 'node:assert/strict';
import { HTTP, WORK, agentState, api, becomeReady, during, id, launch, newPage, shoot, signIn, signal, step, until } from './browser.mjs';

/** A browser of their own: the microphone's file is a flag of the whole browser. */
async function person(name, ready) {
  const browser = await launch({ microphone: `${WORK}/${name}_long.wav` });
  const page = await newPage(browser, { stumbled: (message) => console.log(`  ${name}: page error: ${message}`) });
  await signIn(page, name);
  if (ready) await becomeReady(page, name);
  return { name, browser, page };
}
const talking = ({ name, page }) => until(`${name} talks`, async () => (await page.getAttribute(id('call-state'), 'data-state')) === 'talking' && (await page.getAttribute(id('device'), 'data-audio')) === 'connected');
async function choose(page, target) {
  await page.click(id('transfer'));
  await page.click(`${id('transfer-form')} .ant-select`);
  await page.keyboard.type(target, { delay: 30 });
  await page.click(`.ant-select-item-option:has-text("${target}")`);
}

const everybody = [];
try {
  const alice = await person('alice', true);
  everybody.push(alice);
  signal('dial');
  const [bob, sue] = await Promise.all([person('bob', false), person('sue', false)]);
  everybody.push(bob, sue);
  await alice.page.click(id('answer'), { timeout: 30000 });
  await talking(alice);
  const call = (await api('/conversations?open=true')).items[0].id;
  await during('talk', 6, []);
  step('alice talks with the customer');

  await choose(alice.page, 'bob');
  await alice.page.click(id('consult'));
  await alice.page.waitForSelector(`${id('call-other')}[data-who="bob"][data-state="ringing"]`);
  await bob.page.click(id('answer'), { timeout: 10000 });
  await talking(bob);
  await alice.page.waitForSelector(`${id('call-other')}[data-who="bob"][data-state="aside"]`);
  assert.equal(await agentState('bob'), 'talking', 'the router knows that bob is busy');
  await during('aside', 6, [alice, bob]);
  step('bob is asked aside');

  await alice.page.click(id('join'));
  await alice.page.waitForSelector(`${id('call-other')}[data-who="bob"][data-state="joined"]`);
  await during('conference', 16, [alice]);
  await shoot(alice.page, 'conference.png');
  step('all three');

  await alice.page.click(id('hang-up'));
  await until('alice is free', async () => (await agentState('alice')) === 'wrapup');
  await until('the customer is with bob', async () => (await api(`/conversations/${call}`)).agent === 'bob');
  await sue.page.goto(`${HTTP}/floor`);
  await sue.page.click(`${id('in-progress')}[data-conversation="${call}"]`);
  await sue.page.click(id('watch-listen'));
  await until('sue listens', async () => (await sue.page.getAttribute(id('watching'), 'data-audio')) === 'connected' && (await sue.page.getAttribute(id('watching'), 'data-mode')) === 'listen');
  await bob.page.waitForSelector(id('watched'));
  await during('watched', 16, [bob, sue]);
  await shoot(sue.page, 'listening.png');
  await shoot(bob.page, 'listened-to.png');
  step('bob has the customer, sue listens');

  await sue.page.click(id('watch-whisper'));
  await until('sue whispers', async () => (await sue.page.getAttribute(id('watching'), 'data-mode')) === 'whisper');
  await during('whispered', 16, [bob]);
  await sue.page.click(id('watch-off'));
  step('sue whispers, and leaves');

  await sue.page.goto(`${HTTP}/conversations/${call}`);
  const why = await until('the conversation says why alice was chosen', () => sue.page.textContent(id('why-me', ':has-text("Why alice?")')));
  // Her level in support, and that bob was not there yet when the call came.
  assert.match(why, /level 5/i);
  assert.match(why, /bob: (offline|not ready)/);
  step('sue reads why alice was chosen');

  if (await alice.page.$(id('wrapup-done'))) await alice.page.click(id('wrapup-done'));
  await choose(bob.page, 'alice');
  await shoot(bob.page, 'transfer.png');
  await bob.page.click(id('transfer-now'));
  await until('bob is free', async () => (await agentState('bob')) !== 'talking');
  await alice.page.click(id('answer'), { timeout: 10000 });
  await talking(alice);
  await during('back', 6, []);
  step('bob transferred back to alice');
  signal('hangup');
  const whole = await until('the record shows the end', async () => {
    const one = await api(`/conversations/${call}`);
    return one.ended_at && one;
  });
  const codes = whole.entries.filter((entry) => entry.kind === 'event').map((entry) => entry.text);
  for (const code of ['consulting', 'joined', 'transferred', 'listening', 'whispering', 'watch_over', 'quality']) assert.ok(codes.includes(code), `${code} is in the record`);
  const handed = whole.entries.filter((entry) => entry.text === 'transferred').map((entry) => `${entry.detail.by} to ${entry.detail.to}, ${entry.detail.how}`);
  assert.deepEqual(handed, ['alice to bob, attended', 'bob to alice, blind']);
  assert.equal(whole.agent, 'alice');
  const ticket = await api(`/tickets/${whole.ticket_id}`);
  assert.equal(ticket.state, 'in_progress');
  const quality = whole.entries.find((entry) => entry.text === 'quality' && entry.leg === 0).detail;
  assert.ok(quality.mos > 3.5 && quality.lost_percent < 5, JSON.stringify(quality));
  const speakers = new Set(whole.entries.filter((entry) => entry.kind === 'speech').map((entry) => entry.author ?? entry.speaker));
  step(`the record: ${handed.join('; ')}; ticket ${ticket.id}; heard by name: ${[...speakers].join(', ')}; the customer's line: MOS ${quality.mos}`);
} catch (error) {
  await Promise.allSettled(everybody.map((one) => shoot(one.page, `transfer-failed-${one.name}.png`)));
  throw error;
} finally {
  signal('dial');
  signal('hangup');
  await Promise.all(everybody.map((one) => one.browser.close()));
}
