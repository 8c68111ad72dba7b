// The pictures of docs/guide: see guide.sh. A step that a page of the guide tells is taken here as it is told there.
import assert from 'node:assert/strict';
import { HTTP, INTEROP, api, becomeReady, field, id, launch, newPage, pause, shoot, signIn, signal, speak, step, take, until } from './browser.mjs';

const SIZE = { width: 1280, height: 700 };
/** The page in both languages; `again` opens what a click elsewhere closes. It ends in English. */
async function both(page, name, again = async () => {}) {
  await again();
  await pause(500);
  await shoot(page, `${name}-en.png`);
  await speak(page, '中文');
  await again();
  await pause(500);
  await shoot(page, `${name}-zh.png`);
  await speak(page, 'English');
  step(name);
}
const browser = await launch({ microphone: `${INTEROP}/media/agent_long_48000.wav` });
const said = (page, speaker) => page.$$eval(`${id('line')}[data-speaker="${speaker}"][data-kind="speech"]`, (all) => all.length);

/** The administrator promises answers in time. */
async function promises() {
  const page = await newPage(browser, SIZE);
  await signIn(page, 'admin');
  await page.click(id('nav-settings'));
  await page.fill(field('first_answer_minutes-urgent'), '15');
  await page.fill(field('first_answer_minutes-normal'), '60');
  await page.fill(field('resolution_minutes-normal'), '1440');
  await page.click(id('sla-save'));
  await until('the audit has it', async () => (await page.textContent(id('audit'))).includes('sla'));
  await both(page, 'administrator-settings');
  await page.close();
}
/** The supervisor writes what agents will be shown. */
async function article(key, lang, title, body) {
  const page = await newPage(browser, SIZE);
  await signIn(page, 'sue');
  await page.click(id('nav-knowledge'));
  await page.click(id('article-new'));
  await page.fill(field('article-key'), key);
  await page.fill(field('article-title'), title);
  await page.fill(field('article-body'), body);
  await take(page, `${id('article-form')} ${id('article-lang')}`, ` >> text=${lang}`);
  await page.click(id('article-save'));
  await page.waitForSelector(id('article-row', `[data-key="${key}"]`));
  await page.close();
}
async function call(alice) {
  signal('dial');
  await alice.waitForSelector(id('offer-card'), { timeout: 30000 });
  await both(alice, 'agent-rings');
  await alice.click(id('answer'));
  await until('alice talks', async () => (await alice.getAttribute(id('call-state'), 'data-state')) === 'talking');
  await until('both are transcribed', async () => (await said(alice, 'customer')) > 1 && (await said(alice, 'agent')) > 1, 60000);
  // Speaking another language closes it.
  const dialog = async () => {
    await pause(600);
    if (!(await alice.isVisible(id('transfer-form')))) await alice.click(id('transfer'));
    await alice.waitForSelector(id('transfer-form'));
  };
  await both(alice, 'agent-transfers', dialog);
  await alice.keyboard.press('Escape');
  const { id: conversation } = (await api('/conversations?open=true')).items[0];

  const sue = await newPage(browser, SIZE);
  await signIn(sue, 'sue');
  await sue.goto(`${HTTP}/floor`);
  await sue.click(`${id('in-progress')}[data-conversation="${conversation}"]`);
  await sue.click(id('watch-listen'));
  await until('sue listens', async () => (await sue.getAttribute(id('watching'), 'data-audio')) === 'connected');
  await pause(4000);
  await both(sue, 'supervisor-listens');
  await sue.click(id('watch-off'));
  await sue.close();

  signal('hangup');
  await until('the call is over', async () => (await api(`/conversations/${conversation}`)).ended_at);
  await alice.fill(field('note-input'), 'Sends a photo of the lamp; a new one goes out today.');
  await alice.click(id('note-add'));
  if (await alice.$(id('wrapup-done'))) await alice.click(id('wrapup-done'));
  const { ticket_id: ticket } = await api(`/conversations/${conversation}`);
  assert.ok(ticket, 'the call has a ticket');
  await alice.goto(`${HTTP}/tickets/${ticket}`);
  await alice.waitForSelector(id('ticket-panel'));
  await both(alice, 'agent-ticket');
  await alice.goto(HTTP);
}
/** A chat in each language; the suggested article becomes the answer. */
async function chat(alice, lang, { locale, asks, key, answer }) {
  const shop = await newPage(browser, { width: 900, height: 640, locale });
  await shop.goto(`${HTTP}/demo`);
  await shop.click(id('chat-bubble'));
  await shop.fill(id('chat-input'), asks);
  await shop.click(id('chat-send'));
  await alice.waitForSelector(id('offer-card'), { timeout: 30000 });
  await alice.click(id('answer'));
  await until('the article is suggested', async () => (await alice.getAttribute(id('suggestion'), 'data-key')) === key);
  if (lang === 'zh') await speak(alice, '中文');
  await pause(500);
  await shoot(alice, `agent-chats-${lang}.png`);
  await speak(alice, 'English');
  await alice.keyboard.press('Alt+1');
  await alice.click(id('send'));
  await until('the customer reads it', async () => (await shop.$$eval(`${id('chat-line')}[data-speaker="agent"]`, (all) => all.map((line) => line.textContent))).some((line) => line.includes(answer)));
  await pause(300);
  await shoot(shop, `caller-chat-${lang}.png`);
  await alice.click(id('hang-up'));
  await alice.click(id('wrapup-done'), { timeout: 5000 }).catch(() => {});
  await shop.close();
  step(`chat ${lang}`);
}

try {
  await promises();
  await article('refund-en', 'English', 'How long a refund takes', 'A refund reaches a credit card within five working days.');
  await article('refund-zh', '中文', '退款多久到账', '退款在审核通过后五个工作日内退回原支付方式。');
  const alice = await newPage(browser, SIZE);
  await signIn(alice, 'alice');
  await becomeReady(alice, 'alice');
  await call(alice);
  await alice.waitForSelector(id('ready-switch'));
  await chat(alice, 'en', { locale: 'en-US', asks: 'Hello, when will my money be refunded?', key: 'refund-en', answer: 'five working days' });
  await chat(alice, 'zh', { locale: 'zh-CN', asks: '请问退款多久能到账？', key: 'refund-zh', answer: '五个工作日' });
} finally {
  signal('dial');
  signal('hangup');
  await browser.close();
}
