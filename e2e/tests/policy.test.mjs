/** Method policy and strengths (T11): what a change would do to everybody, before anybody is locked out. */
import assert from 'node:assert/strict';

import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { look, scenario } from '../harness/index.mjs';
import { PASSWORD } from '../harness/methods.mjs';
import * as step from '../harness/steps.mjs';

/** @typedef {import('../harness/index.mjs').Stage} Stage */
/** @typedef {import('../harness/browser.mjs').Visitor} Visitor */
/** @typedef {import('playwright-core').Page} Page */

const PASSWORDS_ON = { settings: { KEYWARD_PASSWORDS_ENABLED: 'true', KEYWARD_PASSWORDS_ALONE_REGISTERS: 'true' } };

/** An administrator at their desk. @param {Stage} stage */
async function desk(stage) {
  const person = await stage.newUser();
  await stage.server.command('role', 'set', person.email, 'administrator');
  const visitor = await stage.desktop();
  await step.settleIn(visitor, person, { name: 'Work laptop' });
  return { person, visitor, page: visitor.page };
}

/** PO-2: opens a part from PO-1. @param {Page} page @param {string} name */
async function open(page, name) {
  await page.goto('/admin/policy');
  await page.getByRole('rowheader').getByRole('link', { name, exact: true }).click();
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
}

/** From a form to PO-3, done. @param {Page} page */
async function check(page) {
  await step.button(page, 'Save and check impact').click();
  await computed(page);
}

/** @param {Page} page */
async function computed(page) {
  await step.at(page, '/admin/policy/impact');
  await page.getByRole('heading', { level: 1, name: 'If you apply this' }).waitFor();
}

/** Applies what PO-3 shows. @param {Page} page @param {{ word?: string, date?: string, comment?: string }} [typed] */
async function apply(page, { word, date, comment } = {}) {
  if (word) await step.box(page, /^Type LOCK OUT/).fill(word);
  if (comment) await step.box(page, /^Comment/).fill(comment);
  if (date) {
    await page.getByRole('radio', { name: /^Report only/ }).check();
    await page.locator('#date').fill(date);
  }
  await step.button(page, 'Apply').click();
}

/** @param {Page} page */
async function confirm(page) {
  await step.button(page, 'Confirm with your passkey').click();
  await step.at(page, '/admin/policy');
}

/** People by the hundreds, several at a time. @param {Stage} stage @param {number} count */
async function seed(stage, count) {
  const people = Array.from({ length: count }, (_, n) => n);
  const add = async () => {
    for (let n = people.pop(); n !== undefined; n = people.pop()) {
      await stage.server.addUser(`person${n}@example.com`, `Person ${n}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, add));
}

scenario('T11 policy: an AAGUID in use is removed, and the exact people are shown first', async (stage) => {
  const { page, visitor } = await desk(stage);
  const luca = await stage.newUser();
  const key = await stage.securityKey();
  await step.settleIn(key, luca, { place: 'securityKey', name: 'My key' });
  await stage.server.command('pass', 'revoke', luca.email);
  const [passkey] = await stage.server.command('passkey', 'list', luca.email);
  const aaguid = passkey.aaguid;

  await page.goto('/admin/policy');
  await look(visitor, 'PO-1');
  await open(page, 'Passkeys');
  await look(visitor, 'PO-2-passkeys');
  await step.link(page, 'default').click();
  await page.getByLabel('Passkeys that stay where they were made').uncheck();
  await step.button(page, 'Save draft').click();
  await step.says(page, /Your draft is saved/);
  await step.link(page, 'Add profile').click();
  await look(visitor, 'PO-2-profile');
  await step.button(page, 'Save draft').click();
  await step.says(page, /Nothing was saved/);
  await look(visitor, 'PO-2-wrong');
  await step.box(page, 'Name').fill('keys');
  await page.getByLabel('Passkeys that stay where they were made').check();
  await step.box(page, 'Not these models').fill(aaguid);
  await check(page);

  await step.says(page, /1 WOULD BE LOCKED OUT/);
  await look(visitor, 'PO-3-locked-out');
  await step.link(page, 'People who would be locked out').click();
  const row = page.locator('#list tbody tr');
  assert.equal(await row.count(), 1);
  assert.match(await row.innerText(), new RegExp(`${luca.name}.*${luca.email}.*not allowed any more`, 's'));
  await look(visitor, 'PO-3-list');
  const [file] = await Promise.all([page.waitForEvent('download'), step.link(page, 'Export CSV').click()]);
  const csv = await readFile(await file.path(), 'utf8');
  assert.match(csv, new RegExp(`"${luca.email}","${luca.name}","locked-out","model"`));

  await apply(page, { word: 'LOCK OUT 2' });
  await step.says(page, /the words are not the ones below/);
  await look(visitor, 'PO-3-wrong-word');
  await apply(page, { word: 'lock out 1', comment: 'Recalled model' });
  await look(visitor, 'PO-3-confirming');
  await confirm(page);
  await step.says(page, /The policy is applied/);
  await look(visitor, 'PO-1-applied');

  await key.authenticator.touch(false);
  await key.page.goto('/signin');
  await key.authenticator.touch(true);
  await step.button(key.page, step.WITH_PASSKEY).click();
  await key.page.locator('#outcome:not([hidden])').waitFor();

  await step.button(page, 'Undo version 1').click();
  await step.says(page, /The version is undone/);
  await step.link(page, 'Versions').click();
  await look(visitor, 'PO-4');
  await step.link(page, 'Version 1').click();
  await step.says(page, /Recalled model/);
  await look(visitor, 'PO-4-version');
  await step.button(page, 'Restore this version').click();
  await computed(page);
  await step.says(page, /1 WOULD BE LOCKED OUT/);
});

scenario('T11 policy: numbers of 500 people, report only, stale, conflict', async (stage) => {
  const { page, visitor } = await desk(stage);
  // With the first administrator, this one, and five who have nothing but a password, 500.
  await seed(stage, 493);
  const left = [];
  for (let n = 0; n < 5; n += 1) {
    const person = await stage.newUser();
    await stage.server.commandWith(`${PASSWORD}\n`, 'password', 'set', person.email);
    await stage.server.command('pass', 'revoke', person.email);
    left.push(person.email);
  }
  await open(page, 'Passwords');
  await page.getByRole('radio', { name: /^Nobody/ }).check();
  await check(page);
  await step.says(page, /1 keeps signing in as today/);
  await step.says(page, /5 WOULD BE LOCKED OUT/);
  const numbers = await page.locator('ul.impact').innerText();
  assert.equal([...numbers.matchAll(/^(\d+) /gm)].reduce((sum, [, n]) => sum + Number(n), 0), 500, numbers);
  await look(visitor, 'PO-3-500');

  // People change between the check and the passkey: the numbers are new, and nothing was applied.
  await apply(page, { word: 'LOCK OUT 5' });
  await page.locator('#confirming').waitFor();
  await stage.server.issuePass(left[0] ?? '');
  await step.button(page, 'Confirm with your passkey').click();
  await step.says(page, /something about people changed meanwhile/);
  await step.says(page, /4 WOULD BE LOCKED OUT/);
  await look(visitor, 'PO-3-stale');

  const later = new Date(Date.now() + 14 * 86_400_000).toISOString().slice(0, 10);
  await apply(page, { date: later, word: 'LOCK OUT 4' });
  await confirm(page);
  await step.says(page, /only reported on until its date/);
  await step.says(page, /Version 1 is only reported on/);
  await look(visitor, 'PO-1-report-only');
  await step.link(page, 'What would it do today?').click();
  await page.getByRole('heading', { level: 1, name: 'If you apply this' }).waitFor();
  await look(visitor, 'PO-3-today');

  // Somebody else applies a version while a draft is open.
  await open(page, 'Authenticator codes');
  await page.getByRole('radio', { name: /^Nobody/ }).check();
  await step.button(page, 'Save draft').click();
  await step.says(page, /Your draft is saved/);
  const shown = await stage.server.command('policy', 'show');
  const document = typeof shown === 'string' ? shown : shown.document;
  const file = path.join(stage.server.folder, 'policy.toml');
  await writeFile(file, document.replace(/^android = \d+/m, 'android = 15'));
  await stage.server.command('policy', 'apply', file);
  await page.goto('/admin/policy/impact');
  await step.says(page, /Somebody else has applied a version/);
  await look(visitor, 'PO-3-conflict');
  await step.link(page, 'Compare both changes').click();
  await look(visitor, 'PO-3-merge');
  await step.button(page, 'Make one draft and check it').click();
  await computed(page);

  await apply(page);
  await page.locator('#confirming').waitFor();
  await confirm(page);
  await step.says(page, /The policy is applied/);
}, PASSWORDS_ON);

scenario('T11 policy: nobody locks out himself, and text is refused at its place', async (stage) => {
  const { page, visitor } = await desk(stage);
  await open(page, 'Passkeys');
  await page.getByRole('radio', { name: /^Nobody/ }).check();
  await check(page);
  await step.says(page, /you would lock yourself out/);
  await step.says(page, /no administrator would keep a way in/);
  assert.equal(await step.button(page, 'Apply').count(), 0);
  await look(visitor, 'PO-3-blocked');
  await page.goto('/admin/policy/text');
  await look(visitor, 'PO-text');
  const area = page.getByLabel('Document (TOML)');
  await area.fill('[passwords]\nfor = "evrybody"\n');
  await step.button(page, 'Save draft').click();
  await step.says(page, /This is no policy/);
  await step.says(page, /At line 2/);
  await look(visitor, 'PO-text-refused');
  await page.goto('/admin/policy');
  await step.button(page, 'Throw the draft away').click();
  await step.says(page, /The draft is gone/);
});

scenario('T11 strengths: matrix, preview, where it is asked for, removal', async (stage) => {
  const { page, visitor, person } = await desk(stage);
  await page.goto('/admin/strengths');
  await look(visitor, 'AS-1');
  await step.link(page, 'Add strength').click();
  await look(visitor, 'AS-2-new');
  await step.box(page, 'Name').fill('vault');
  await step.button(page, 'Save draft').click();
  await step.says(page, /Tick at least one combination/);
  await look(visitor, 'AS-2-wrong');
  await page.getByRole('checkbox', { name: 'Password alone' }).check();
  await step.button(page, 'Save draft').click();
  await step.says(page, /Nobody could satisfy it/);
  await page.getByRole('checkbox', { name: 'A pass that works once' }).check();
  await step.box(page, 'Person, by login name').fill(person.email);
  await step.button(page, 'Show preview').click();
  await step.says(page, new RegExp(`${person.name} could use`));
  assert.match(await page.locator('ul.ways').innerText(), /Work laptop.*is not enough/s);
  await page.getByRole('checkbox', { name: 'A passkey that nothing phishable bound' }).check();
  await step.button(page, 'Show preview').click();
  await page.locator('ul.ways li.yes').first().waitFor();
  await look(visitor, 'AS-2-preview');
  await step.button(page, 'Save draft').click();
  await step.link(page, 'vault').waitFor();
  await step.link(page, 'Required strengths').click();
  await page.getByLabel('Applications').selectOption('vault');
  await step.button(page, 'Save draft').click();
  await page.goto('/admin/strengths/vault');
  await step.says(page, /It is in use, and cannot be removed/);
  await look(visitor, 'AS-2-in-use');
});

scenario('T14 T11 by keyboard only', async (stage) => {
  const { page } = await desk(stage);
  await page.goto('/admin/policy');
  await step.tabTo(page, step.link(page, 'Recovery codes'));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Recovery codes' }).waitFor();
  await step.tabTo(page, page.getByRole('radio', { name: 'Everybody' }));
  await page.keyboard.press('ArrowUp');
  assert.equal(await page.getByRole('radio', { name: /^Nobody/ }).isChecked(), true);
  await step.tabTo(page, step.button(page, 'Save and check impact'));
  await page.keyboard.press('Enter');
  await computed(page);
  await step.tabTo(page, step.button(page, 'Apply'));
  await page.keyboard.press('Enter');
  await page.locator('#confirming').waitFor();
  await step.tabTo(page, step.button(page, 'Confirm with your passkey'));
  await page.keyboard.press('Enter');
  await step.at(page, '/admin/policy');
  await step.says(page, /The policy is applied/);
});
