// The desk's browsers: see desk.sh.
import assert from 'node:assert/strict';
import { HTTP, PAGES, accessible, agentState, api, field, id, launch, newPage, pause, shoot as picture, scriptBytes, signIn, speak, step, take, until } from './browser.mjs';

const shoot = async (page, name) => {
  await pause(300);
  await picture(page, `desk-${name}.png`, { fullPage: true });
};
/** The page in both languages; it ends in English. */
async function shootBoth(page, name) {
  await shoot(page, `${name}-en`);
  await speak(page, '中文');
  assert.equal(await page.getAttribute('html', 'lang'), 'zh-CN');
  const left = await page.$$eval('h1, h2, th, .nav a, button:not(.cell-link)', (all) => all.map((one) => one.textContent.trim()).filter((text) => /^[A-Z][a-z]+ [a-z]+/.test(text)));
  await shoot(page, `${name}-zh`);
  assert.deepEqual(left, [], `English left on the Chinese page ${name}`);
  await speak(page, 'English');
}

const browser = await launch();
const errors = [];
async function arrive(name) {
  const page = await newPage(browser, { height: 1200, stumbled: (message) => errors.push(`${name}: ${message}`) });
  await signIn(page, name);
  return page;
}
const state = (page) => page.getAttribute(id('ticket-state'), 'data-state');
async function move(page, to) {
  await take(page, `${id('ticket-state')} .ant-select`, ` >> ${id(`ticket-state-${to}`)}`);
  await until(`the page says ${to}`, async () => (await state(page)) === to);
}

/** Signed in already, in Chinese, whose words are more: what comes over the wire until the desk is there. */
async function firstLoad() {
  const page = await arrive('alice');
  await speak(page, '中文');
  await until('the server remembers', async () => (await page.getAttribute('html', 'lang')) === 'zh-CN');
  // A browser that has nothing of it yet, but who is signed in.
  const again = await newPage(browser, { locale: 'zh-CN' });
  await again.context().addCookies(await page.context().cookies());
  const bytes = await scriptBytes(again, `${PAGES}/desk`, id('ready-switch'));
  assert.ok(bytes > 100_000, `only ${bytes} bytes: nothing was counted`);
  assert.ok(bytes < 250_000, `${bytes} bytes of script before the desk is there`);
  await again.context().close();
  await speak(page, 'English');
  step(`the desk is there after ${Math.round(bytes / 1000)} KB of script`);
  await page.context().close();
}

async function promises() {
  const page = await arrive('admin');
  await page.click(id('nav-settings'));
  for (const priority of ['urgent', 'normal']) await page.fill(field(`first_answer_minutes-${priority}`), '1');
  await page.fill(field('resolution_minutes-normal'), '240');
  await page.click(id('sla-save'));
  const row = `${id('audit')} tbody tr`;
  await until('the audit names who, what and what it is', async () => {
    const text = await page.textContent(`${row}:has-text("sla")`);
    return text.includes('admin') && text.includes('"resolution_minutes":240');
  });
  await page.click(id('macro-add'));
  await page.fill(field('macro-name'), 'Refund promised');
  await page.fill(field('macro-reply'), 'Dear {customer}, the refund of ticket {ticket} is on its way. {agent}');
  await page.click(id('macros-save'));
  await until('the audit has the macro too', async () => (await page.$$(`${row}:has-text("macros")`)).length === 1);
  await shootBoth(page, 'settings');
  step('promises and a macro are set, and the audit says who did it');
}

const ARTICLES = [
  { key: 'refund-en', lang: 'English', title: 'How long a refund takes', body: 'A refund reaches a credit card within five working days.', ask: 'when will my money be refunded' },
  { key: 'refund-zh', lang: '中文', title: '退款多久到账', body: '退款在审核通过后五个工作日内退回原支付方式。', ask: '退款要几天' },
];
async function articles() {
  const page = await arrive('sue');
  await page.click(id('nav-knowledge'));
  for (const { key, lang, title, body } of ARTICLES) {
    await page.click(id('article-new'));
    await page.fill(field('article-key'), key);
    await page.fill(field('article-title'), title);
    await page.fill(field('article-body'), body);
    await take(page, `${id('article-form')} ${id('article-lang')}`, ` >> text=${lang}`);
    if (key === 'refund-zh') await shoot(page, 'article-en');
    await page.click(id('article-save'));
    await page.waitForSelector(id('article-row', `[data-key="${key}"]`));
  }
  for (const { key, ask } of ARTICLES) {
    await page.fill(field('knowledge-search'), ask);
    await page.keyboard.press('Enter');
    await until(`${ask} finds ${key}`, async () => (await page.getAttribute(id('found'), 'data-key')) === key);
  }
  await shootBoth(page, 'knowledge');
  step('an English and a Chinese article are found by their own words');
}

/** A customer's chat, answered with the suggested article; its ticket and customer. */
async function chat(alice) {
  const shop = await newPage(browser, { width: 1200, height: 800, locale: 'zh-CN' });
  await shop.goto(`${HTTP}/demo`);
  await shop.click(id('chat-bubble'));
  await shop.fill(id('chat-input'), '请问退款多久能到账？');
  await shop.click(id('chat-send'));
  await alice.waitForSelector(`${id('offer-card')} ${id('screen-pop')}`, { timeout: 30000 });
  await shoot(alice, 'offer-en');
  await alice.click(id('answer'));
  await until('the article is suggested first', async () => (await alice.getAttribute(id('suggestion'), 'data-key')) === 'refund-zh');
  await alice.click(id('thumb-up'));
  await alice.keyboard.press('Alt+1');
  await until('it is in the answer', async () => (await alice.inputValue(`${id('composer')} textarea, textarea${id('composer')}`)).includes('五个工作日'));
  await shootBoth(alice, 'suggestion');
  await accessible(alice, 'the desk with a chat');
  await alice.click(id('send'));
  await until('the customer reads it', async () => (await shop.$$eval(`${id('chat-line')}[data-speaker="agent"]`, (all) => all.map((line) => line.textContent))).some((line) => line.includes('五个工作日')));
  step('what the customer asked in Chinese brought the article, and it became the answer');
  await pictureOf(shop, alice);
  return (await until('the chat has a ticket', async () => (await api('/conversations')).items.find((one) => one.channel === 'chat' && one.ticket_id))).ticket_id;
}

/** The customer sends a picture and words with it; a program is refused, a file that did not arrive is tried again and comes once. */
async function pictureOf(shop, alice) {
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR4nGM4USGHFTEMLQkAW0ZXgQ0v8OkAAAAASUVORK5CYII=', 'base64');
  const attach = (...files) => shop.setInputFiles(id('chat-attach-input'), files.map((name) => ({ name, mimeType: 'application/octet-stream', buffer: png })));
  const state = (name) => shop.getAttribute(`${id('chat-attached-file')}:has-text("${name}")`, 'data-state');
  await attach('setup.exe');
  await until('the program is refused', async () => (await state('setup.exe')) === 'failed');
  await shop.route('**/files?name=*', (route) => route.abort(), { times: 1 });
  await attach('台灯.png');
  await until('it did not arrive', async () => (await state('台灯.png')) === 'failed');
  await shoot(shop, 'bubble-attached-zh');
  await shop.click(`${id('chat-attached-file')}:has-text("台灯.png") .again`);
  await until('it arrived', async () => (await state('台灯.png')) === 'ready');
  await shop.fill(id('chat-input'), '就是这盏灯');
  await shop.click(id('chat-send'));
  await alice.waitForSelector(`${id('files')} >> text=台灯.png`);
  await shop.waitForSelector(`${id('chat-line', '[data-speaker="customer"]')} ${id('chat-file')} img`);
  assert.equal((await alice.$$(`${id('files')} >> text=台灯.png`)).length, 1, 'once');
  await shoot(shop, 'bubble-picture-zh');
  await shoot(alice, 'customer-picture-en');
  step('a picture of the customer, whose first way failed, came once, with its words; a program was refused');
}

async function states(alice, ticket) {
  await alice.goto(`${PAGES}/tickets/${ticket}`);
  await until('somebody is on it', async () => (await state(alice)) === 'in_progress');
  assert.match(await alice.textContent(id('promise-first_answer')), /done/i, 'the message was the first answer');
  assert.match(await alice.textContent(id('due')), /(3|4):\d\d:\d\d left|left/, 'the clock of the solution runs');
  assert.equal(await alice.getAttribute(id('due'), 'data-state'), 'running');
  await shootBoth(alice, 'ticket');
  await move(alice, 'pending_confirmation');
  await move(alice, 'done');
  assert.equal(await alice.$(id('due')), null, 'no clock runs of a ticket that is done');
  await move(alice, 'reopened');
  await move(alice, 'in_progress');
  step(`ticket ${ticket} went through its states, the clock beside it`);
}

/** alice calls bob by name, by keyboard alone; he is told where he is, and finds the note. */
async function mentions(alice, ticket) {
  const bob = await arrive('bob');
  await bob.goto(`${PAGES}/knowledge`);
  await bob.waitForSelector(id('live-link', '[data-link="live"]'));
  await alice.goto(`${PAGES}/tickets/${ticket}`);
  await until('colleagues are offered', async () => {
    await alice.fill(field('note-input'), '');
    await alice.type(field('note-input'), 'Please look, @b', { delay: 20 });
    return alice.isVisible(id('note-name', ' >> text=@bob'));
  });
  await shoot(alice, 'mention-offered-en');
  await accessible(alice, 'colleagues offered in a note');
  await alice.keyboard.press('Enter');
  await alice.keyboard.type('能处理吗？');
  await alice.keyboard.press('Control+Enter');
  await bob.waitForSelector(id('mentions-unseen'));
  await bob.waitForSelector('text=alice called you by name in a note.');
  await bob.click(id('mentions'));
  await bob.waitForSelector(id('mention', '[data-seen="false"]'));
  await accessible(bob, 'the bell');
  await shootBoth(bob, 'mentions');
  await bob.click(id('mentions'));
  await bob.click(`${id('mention')} a`);
  await bob.waitForSelector('.line.note.lit .mention.is-me');
  assert.equal(await bob.$(id('mentions-unseen')), null, 'it was seen');
  await shoot(bob, 'mention-note-en');
  await bob.context().close();
  step('bob, called by name in a note, is told on another page and finds the note');
}

/** sue sends alice into a break and back to work; alice reads why. */
async function stateOf(alice) {
  const sue = await arrive('sue');
  await sue.click(id('nav-floor'));
  const row = id('agent', '[data-agent="alice"]');
  await sue.click(`${row} ${id('set-not-ready')}`);
  await sue.fill(field('break-reason'), '培训 Training');
  await shoot(sue, 'agent-break-en');
  await accessible(sue, 'a break with its reason');
  await sue.click(id('break-set'));
  await until('alice is not ready', async () => (await agentState('alice')) === 'not_ready');
  await until('alice reads why', async () => (await alice.textContent(id('own-break'))) === '培训 Training');
  await shootBoth(sue, 'floor-break');
  await sue.click(`${row} ${id('set-ready')}`);
  await until('alice is ready again', async () => (await agentState('alice')) === 'ready');
  await sue.context().close();
  step('a supervisor sent an agent into a break with its reason, and back to work');
}

async function merged(alice, into) {
  const { person } = await api(`/tickets/${into}`);
  const { id: second } = await api('/tickets', { subject: 'The same matter, by mail', person: person.id });
  await alice.goto(`${PAGES}/tickets/${second}`);
  await alice.fill(field('other-ticket'), String(into));
  await alice.click(id('relate'));
  await alice.waitForSelector(`${id('ticket-panel')} li a[href="/tickets/${into}"]`);
  await alice.fill(field('other-ticket'), String(into));
  await alice.click(id('merge'));
  await until('the page says where it lives on', async () => (await alice.textContent(id('ticket-panel'))).includes(`${into}`) && (await state(alice)) === 'done');
  await alice.waitForSelector(`.badges a[href="/tickets/${into}"]`);
  await shoot(alice, 'merged-en');
  step(`ticket ${second} was merged into ${into}`);
}

/** What is known of a customer; another record of the same person is merged into theirs, seen at once on a page that shows it, and split again. */
async function customers(alice, ticket) {
  const { person, conversations } = await api(`/tickets/${ticket}`);
  // The second record comes by a chat that nobody takes.
  await alice.click(id('ready-switch'));
  await until('alice takes no work', async () => (await agentState('alice')) !== 'ready');
  const other = await newPage(browser, { locale: 'en-US', stumbled: (message) => errors.push(`other: ${message}`) });
  await other.goto(`${HTTP}/demo`);
  await other.click(id('chat-bubble'));
  await other.fill(field('chat-input'), 'It is me again');
  await other.click(id('chat-send'));
  const second = await until('the second record is there', async () => (await api('/customers')).items.find((one) => one.id !== person.id && one.id > person.id));
  await alice.goto(`${PAGES}/customers/${second.id}`);
  await alice.waitForSelector(id('customer-form'));
  await alice.fill(field('customer-edit-name'), '王小芳');
  await alice.fill(field('customer-edit-note'), 'writes in 中文 and English');
  await alice.fill(field('customer-add-address'), '+49 (30) 99 88 77 66');
  await alice.press(field('customer-add-address'), 'Enter');
  await take(alice, `${id('customer-consent', '[data-to="recording"]')} .ant-select`, ' >> text=Refused');
  await alice.press(field('customer-edit-note'), 'Control+Enter');
  await until('the changes say who did it', async () => /alice/.test(await alice.textContent(id('customer-change'))));
  const kept = await api(`/customers/${second.id}`);
  assert.deepEqual([kept.name, kept.consent[0].state, kept.addresses.includes('tel:+493099887766')], ['王小芳', 'refused', true]);
  await alice.click(id('nav-customers'));
  for (const words of ['小芳', '30 9988']) {
    await alice.fill(field('customer-words'), words);
    await alice.press(field('customer-words'), 'Enter');
    await until(`${words} finds them alone`, async () => (await alice.$$eval(id('customer-row'), (all) => all.map((row) => row.dataset.customer))).join() === String(second.id));
  }
  await shootBoth(alice, 'customers');
  const watching = await arrive('sue');
  await watching.goto(`${PAGES}/conversations/${conversations[0]}`);
  await watching.waitForSelector(id('customer-name'));
  await alice.goto(`${PAGES}/customers/${second.id}`);
  await alice.fill(field('merge-words'), person.name);
  await alice.press(field('merge-words'), 'Enter');
  await alice.click(`${id('merge-found', `[data-customer="${person.id}"]`)} ${id('merge-this')}`);
  await alice.click(id('merge-yes'));
  await alice.waitForSelector(id('customer-merge'));
  await alice.waitForSelector(id('customer-ticket', `[data-ticket="${ticket}"]`));
  await until('a page that shows the conversation shows the new person', async () => (await watching.textContent(id('customer-name'))).includes('王小芳'));
  await watching.waitForSelector(id('customer-refused'));
  await watching.close();
  await shootBoth(alice, 'customer');
  await alice.click(id('split-this'));
  await alice.click(id('split-yes'));
  await until('what came along went back', async () => (await api(`/tickets/${ticket}`)).person.id === person.id);
  step('a customer was edited, found in both languages, merged with another record and split again');
  await other.close();
}

async function overdue(alice, ticket) {
  await alice.goto(`${PAGES}/tickets`);
  await alice.waitForSelector(id('ticket-row'));
  await alice.click(id('only-overdue'));
  await until('the list of overdue tickets has it', async () => {
    const rows = await alice.$$eval(id('ticket-row'), (all) => all.map((one) => one.dataset.ticket));
    return rows.length === 1 && rows[0] === String(ticket) && (await alice.getAttribute(id('due'), 'data-state')) === 'overdue';
  }, 90000);
  await shoot(alice, 'overdue-en');
  await alice.click(id('only-overdue'));
  await until('all tickets are back', async () => (await alice.$$(id('ticket-row'))).length === 3);
  await shootBoth(alice, 'tickets');
  step(`ticket ${ticket}, which nobody answered, is overdue`);
}

/** Every page in light and in dark colours, by axe; and what a person chose is there again after a reload, against the system. */
async function looks() {
  const page = await arrive('admin');
  for (const path of ['/tickets', '/tickets/1', '/conversations', '/knowledge', '/search?q=%E9%80%80%E6%AC%BE', '/floor', '/reports', '/flows', '/flows/main', '/what-if', '/settings', '/transcription', '/wallboard']) {
    await page.goto(`${PAGES}${path}`);
    await page.waitForSelector('h1');
    await until(`nothing is on its way on ${path}`, async () => !(await page.$('.loading, .ant-spin-spinning')));
    await accessible(page, path);
  }
  await page.goto(`${PAGES}/reports`);
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.click(id('account'));
  await shoot(page, 'look-en');
  await page.click(`${id('look')} >> text=Dark`);
  await until('it is dark', async () => (await ground()) !== light);
  const dark = await ground();
  await page.reload();
  await page.waitForSelector(id('chart'));
  assert.equal(await ground(), dark, 'the choice is remembered');
  await shootBoth(page, 'dark');
  await page.click(id('account'));
  await page.click(`${id('look')} >> text=System`);
  await until('it is as the system is', async () => (await ground()) === light);
  step('axe finds nothing serious on the pages, by day and by night; the chosen look is remembered');
}

try {
  await firstLoad();
  await promises();
  const { id: late } = await api('/tickets', { subject: 'A letter nobody answered', priority: 'urgent' });
  await articles();
  const alice = await arrive('alice');
  await alice.click(id('ready-switch'));
  await until('alice is ready', async () => (await agentState('alice')) === 'ready');
  await stateOf(alice);
  const ticket = await chat(alice);
  await states(alice, ticket);
  await mentions(alice, ticket);
  await merged(alice, ticket);
  await customers(alice, ticket);
  // The clock of the overdue ticket runs while the pages are looked at.
  await Promise.all([overdue(alice, late), looks()]);
  await accessible(alice, 'tickets');
  assert.deepEqual(errors, [], 'no page stumbled');
} finally {
  await browser.close();
}
