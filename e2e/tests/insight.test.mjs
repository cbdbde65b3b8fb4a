/** The console's overview, the sign-in log (AL-1, AL-2) and the reports. */
import assert from 'node:assert/strict';

import { look, scenario } from '../harness/index.mjs';
import * as step from '../harness/steps.mjs';

/** @typedef {import('../harness/index.mjs').Stage} Stage */

/** Somebody of that role at their desk. @param {Stage} stage @param {string} role */
async function desk(stage, role) {
  const person = await stage.newUser();
  await stage.server.command('role', 'set', person.email, role);
  const visitor = await stage.desktop();
  await step.settleIn(visitor, person, { name: 'Work laptop' });
  return { person, visitor, page: visitor.page };
}

scenario('the overview counts people and sign-ins in the background', async (stage) => {
  const { visitor, page } = await desk(stage, 'administrator');
  const stranger = await stage.desktop();
  const ana = await stage.newUser();
  await step.enterPass(stranger, ana.email, await stage.foreignPass());
  await page.goto('/admin');
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  // Counted once a minute at most; the first counting may have been before anybody had a passkey.
  await page.getByRole('table', { name: 'From the invitation to no password' }).waitFor();
  await page.getByText('pass_wrong').waitFor();
  await look(visitor, 'overview');
  await step.link(page, 'Who is ready to lose a device?').click();
  await page.getByRole('rowheader', { name: ana.email }).waitFor();
  await look(visitor, 'report');
  await page.getByRole('link', { name: ana.email }).click();
  await step.says(page, 'Add a passkey.');
  await look(visitor, 'readiness');
});

scenario('AL-1 and AL-2: filters in the address, an entry step by step, CSV', async (stage) => {
  const { person, visitor, page } = await desk(stage, 'administrator');
  const ana = await stage.newUser();
  const stranger = await stage.desktop();
  await step.enterPass(stranger, ana.email, await stage.foreignPass());
  await page.goto('/admin/log');
  await page.getByRole('heading', { level: 1, name: 'Sign-in log' }).waitFor();
  await look(visitor, 'AL-1');
  await page.getByLabel('Result').selectOption('failure');
  await page.getByLabel('Person').fill(ana.email);
  await step.button(page, 'Filter').click();
  assert.equal(new URL(page.url()).searchParams.get('result'), 'failure');
  assert.equal(await page.locator('#rows tr').count(), 1);
  await look(visitor, 'AL-1-filtered');
  const [download] = await Promise.all([page.waitForEvent('download'), step.link(page, 'Download as CSV').click()]);
  assert.equal(download.suggestedFilename(), 'sign-ins.csv');
  await page.locator('#rows a').first().click();
  await step.says(page, 'It was wrong');
  await step.says(page, 'Step by step');
  await look(visitor, 'AL-2');
  await page.goto('/admin/log?address=nonsense!');
  await step.says(page, /was not understood/);
  await look(visitor, 'AL-1-wrong');
  await page.goto(`/admin/log?user=${encodeURIComponent(person.email)}&method=passkey`);
  await page.locator('#rows tr').first().waitFor();
});

scenario('AL-1 follows live until it is paused', async (stage) => {
  const { page } = await desk(stage, 'administrator');
  const ana = await stage.newUser();
  await page.goto('/admin/log?result=failure');
  // Something must be there for the list to be one.
  const stranger = await stage.desktop();
  await step.enterPass(stranger, ana.email, await stage.foreignPass());
  await page.reload();
  await step.button(page, 'Follow live').click();
  await step.says(page, 'New entries appear at the top.');
  await step.enterPass(stranger, ana.email, await stage.foreignPass());
  await page.locator('#rows tr').nth(1).waitFor();
  await step.button(page, 'Pause').click();
  await step.says(page, /^Paused\./);
});

scenario('without a script the log can be read and filtered', async (stage) => {
  const { page, visitor } = await desk(stage, 'reader');
  await page.goto('/admin/log');
  await step.says(page, /addresses of people in a shortened form/);
  const cookies = await visitor.page.context().cookies();
  const plain = await stage.desktop({ javaScript: false });
  await plain.page.context().addCookies(cookies);
  await plain.page.goto('/admin/log');
  await plain.page.getByLabel('Result').selectOption('success');
  await plain.page.getByRole('button', { name: 'Filter' }).click();
  assert.equal(await plain.page.getByRole('button', { name: 'Follow live' }).count(), 0);
  await plain.page.locator('#rows tr').first().waitFor();
});
