// The browser's half of keys.sh: a key is made, used and revoked; an import is tried out and taken in.
import assert from 'node:assert/strict';
import { join } from 'node:path';

import { HTTP, SCREENSHOTS, WORK, api, field, id, launch, newPage, signIn, speak, step, until } from './browser.mjs';

const errors = [];
const browser = await launch();
const page = await newPage(browser, { height: 1000, stumbled: (message) => errors.push(message) });
await signIn(page, 'admin');
await page.goto(`${HTTP}/settings`);
const keys = page.locator(id('api-keys'));
await page.click(id('key-add'));
await page.fill(field('key-name'), 'crm');
for (const name of ['Read tickets', 'Open and change tickets']) await keys.getByLabel(name, { exact: true }).check();
await page.locator(id('key-form')).screenshot({ path: join(SCREENSHOTS, 'api-key-form-en.png') });
await page.press(field('key-name'), 'Enter');
const token = await page.inputValue(field('key-token'));
assert.match(token, /^vdk_[\w-]{43}$/);
await page.click(id('key-token-done'));
step('a key is made, its token shown once');

const as = async (path, body) => {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', 'Idempotency-Key': 'order-17' };
  const response = await fetch(`${HTTP}/api/v1${path}`, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers });
  return [response.status, await response.json(), response.headers];
};
const [made, ticket] = await as('/tickets', { subject: 'Lost parcel' });
const [again, same, headers] = await as('/tickets', { subject: 'Lost parcel' });
assert.deepEqual([made, again, same.id, headers.get('idempotency-replayed')], [201, 201, ticket.id, 'true']);
assert.ok(Number(headers.get('ratelimit-remaining')) > 0);
const [refused, why] = await as('/conversations');
assert.deepEqual([refused, why.error.code, why.error.field], [403, 'scope_missing', 'conversations:read']);
step('it does what its scopes name, once under a key, and nothing else');

await page.reload();
const row = page.locator(id('key-row', '[data-key="crm"]'));
await until('the last use is seen', async () => !(await row.textContent()).includes('Never'));
await keys.scrollIntoViewIfNeeded();
await keys.screenshot({ path: join(SCREENSHOTS, 'api-keys-en.png') });
await speak(page, '中文');
await keys.screenshot({ path: join(SCREENSHOTS, 'api-keys-zh.png') });
await speak(page, 'English');
await row.locator(id('key-revoke')).click();
await page.click(id('key-revoke-sure'));
await until('it is gone', async () => (await row.count()) === 0);
const [shut] = await as('/tickets');
assert.equal(shut, 401);
const audit = (await api('/audit?limit=20')).items.filter((one) => one.key.startsWith('api_key.'));
assert.deepEqual(audit.map((one) => [one.by, one.before !== null, one.after !== null]), [['admin', true, false], ['admin', false, true]]);
step('revoked, it does nothing; both are in the audit trail');

const imports = page.locator(id('imports'));
const outcome = imports.locator(id('import-outcome'));
await page.setInputFiles(id('import-file'), join(WORK, 'customers.csv'));
await page.click(id('import-try'));
await until('it is told what would happen', async () => (await outcome.textContent()).includes('Nothing was changed. New: 2, there already: 0, cannot be used: 1.'));
assert.ok((await imports.textContent()).includes('nonsense'));
await imports.screenshot({ path: join(SCREENSHOTS, 'import-en.png') });
await speak(page, '中文');
await imports.screenshot({ path: join(SCREENSHOTS, 'import-zh.png') });
await speak(page, 'English');
await page.click(id('import-do'));
await until('it is taken in', async () => (await outcome.textContent()).startsWith('New: 2, there already: 0'));
await page.click(id('import-do'));
await until('the second time nothing is new', async () => (await outcome.textContent()).startsWith('New: 0, there already: 2'));
step('an import is tried out, taken in, and taken in once');
await browser.close();
assert.deepEqual(errors, []);
