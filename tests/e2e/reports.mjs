// Reports, search and wallboard: see reports.sh.
import assert from 'node:assert/strict';
import { API_KEY, HTTP, api, becomeReady, id, launch, newPage, shoot, signal, signalOf, signIn, speak, step, until } from './browser.mjs';

const ABANDONED = 6;
const browser = await launch();
const errors = [];
const page = (name, size) => newPage(browser, { ...size, stumbled: (message) => errors.push(`${name}: ${message}`) });
const wide = { width: 1440, height: 1200 };

const alice = await page('alice', wide);
await signIn(alice, 'alice');
const sue = await page('sue', wide);
await signIn(sue, 'sue');

// The wallboard, while callers wait and nobody takes them.
await sue.goto(`${HTTP}/wallboard`);
await sue.waitForSelector(id('wallboard', '[data-link="live"]'));
// Somebody is told when more than two wait.
const rules = await fetch(`${HTTP}/api/v1/settings/alerts`, {
  method: 'PUT', headers: { Authorization: `Bearer ${API_KEY}`, 'Content-Type': 'application/json' },
  body: JSON.stringify({ value: { rules: [{ what: 'waiting', limit: 2 }] } }),
});
assert.equal(rules.status, 200);
signal('looking');
const support = id('wall-queue', '[data-queue="support"]');
await until('the wallboard shows a line of callers', async () => Number(await sue.getAttribute(support, 'data-waiting')) >= 4, 30000);
await sue.waitForSelector(id('alert', '[data-queue="support"]'));
await shoot(sue, 'wallboard-en.png');
await speak(sue, '中文');
await sue.waitForSelector('text=最长等待');
await shoot(sue, 'wallboard-zh.png');
await speak(sue, 'English');
await signalOf('callers-left');
await until('the line is gone', async () => (await sue.getAttribute(support, 'data-waiting')) === '0');
step('the wallboard shows the line of callers, the alert, and that it is gone');

// A chat that is answered.
await becomeReady(alice, 'alice');
const shop = await page('customer', { locale: 'zh-CN' });
await shop.goto(`${HTTP}/demo`);
await shop.click(id('chat-bubble'));
await shop.fill(id('chat-input'), '我想申请退款，订单还没有到');
await shop.click(id('chat-send'));
await alice.waitForSelector(id('answer'), { timeout: 20000 });
await alice.click(id('answer'));
const chat = await until('alice has the chat', async () => (await api('/conversations')).items.find((one) => one.channel === 'chat' && one.agent === 'alice' && one.state === 'talking'));
step('a chat in Chinese is answered by alice');

// A word that was spoken, as it was recognised.
const call = (await api('/conversations')).items.find((one) => one.called === '1004');
const word = await until('speech is in the record', async () => {
  const said = (await api(`/conversations/${call.id}`)).entries.filter((entry) => entry.kind === 'speech');
  return said.flatMap((entry) => entry.text.match(/[a-zA-Z]{5,}/g) ?? [])[0];
}, 40000);
signal('spoken');

// The number, its rows, the conversation.
await sue.goto(`${HTTP}/reports?report=abandonment&by=queue`);
const total = id('total', '[data-figure="abandoned"]');
await until('six abandoned', async () => (await sue.getAttribute(total, 'data-value')) === String(ABANDONED));
await sue.waitForSelector(`${id('chart')} canvas`);
await shoot(sue, 'reports-abandonment-en.png', { fullPage: true });
await sue.click(id('number', '[data-figure="abandoned"][data-key="support"]'));
await sue.waitForSelector(id('opened', `[data-count="${ABANDONED}"]`));
await shoot(sue, 'reports-rows-en.png', { fullPage: true });
const file = await sue.evaluate(async (link) => (await fetch(link)).text(), await sue.getAttribute(id('report-csv'), 'href'));
const lines = file.trim().split('\n').map((line) => line.replace(/^\uFEFF/, '').split(','));
const column = lines[0].indexOf('Abandoned');
assert.equal(lines.find((line) => line[0] === 'support')[column], String(ABANDONED), file);
await sue.click(`${id('opened')} tbody tr.ant-table-row a`);
await sue.waitForSelector(`${id('line')}[data-kind="event"]`);
assert.match(sue.url(), /\/conversations\//);
await sue.goBack();
await sue.waitForSelector(id('opened', `[data-count="${ABANDONED}"]`));
await speak(sue, '中文');
await sue.waitForSelector('text=放弃前平均等待');
const left = await sue.$$eval('h1, h2, th, dt, .nav a, .report-tabs button', (all) => all.map((one) => one.textContent.trim()).filter((text) => /^[A-Z][a-z]+ [a-z]+/.test(text)));
assert.deepEqual(left, [], 'English left on the Chinese page');
await shoot(sue, 'reports-rows-zh.png', { fullPage: true });
await speak(sue, 'English');
step(`${ABANDONED} abandoned open to their ${ABANDONED} conversations, and the file says the same`);

for (const report of ['volume', 'service', 'funnel', 'agents', 'response', 'handling', 'resolution', 'satisfaction', 'transcripts', 'knowledge']) {
  await sue.click(id(`report-${report}`));
  await sue.waitForSelector(id('reports', `[data-report="${report}"]`));
  await sue.waitForSelector(report === 'knowledge' ? id('knowledge-use') : `${id('total')}, .page > p.card`);
  if (['volume', 'funnel', 'agents'].includes(report)) {
    if (report !== 'funnel') await sue.waitForSelector(`${id('chart')} canvas`);
    await shoot(sue, `reports-${report}-en.png`, { fullPage: true });
  }
}
const stages = await api(`/reports/funnel?from=2020-01-01&until=2020-01-02&zone=UTC`);
assert.equal(stages.rows.length, 0, 'nothing happened in 2020');
step('every report is shown');

// Search: the key, both languages, and the line it leads to.
await sue.click('h1');
await sue.keyboard.press('/');
await sue.waitForSelector(id('search'));
async function find(words, conversation) {
  await sue.fill(`${id('search-words')} input, input${id('search-words')}`, words);
  await sue.keyboard.press('Enter');
  await sue.waitForSelector(`${id('search-hit')}[data-conversation="${conversation}"] mark`);
}
await find(word.toLowerCase(), call.id);
await shoot(sue, 'search-en.png');
await speak(sue, '中文');
await find('申请退款', chat.id);
await shoot(sue, 'search-zh.png');
await sue.click(`${id('search-hit')}[data-conversation="${chat.id}"] a`);
await sue.waitForSelector(`${id('line')}[data-lit="true"] >> text=退款`);
await shoot(sue, 'search-found-zh.png');
await speak(sue, 'English');
step(`"${word}" that was spoken and 申请退款 that was written are found, and lead to their lines`);

await alice.goto(`${HTTP}/reports`);
await alice.waitForSelector('text=404', { timeout: 10000 }).catch(() => undefined);
assert.equal(await alice.$(id('reports')), null, 'reports are not for agents');
assert.deepEqual(errors, []);
await browser.close();
