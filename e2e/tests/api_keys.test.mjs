/** Keys of programs in the console: made once, shown once, used, revoked. */
import assert from 'node:assert/strict';
import { look, scenario } from '../harness/index.mjs';
import * as step from '../harness/steps.mjs';

/** What the API answers to that key. @param {import('../harness/index.mjs').Stage} stage @param {string} key */
async function people(stage, key) {
  return fetch(`${stage.server.origin}/api/v1/users`, { headers: { authorization: `Bearer ${key}` } });
}

scenario('API keys: checked, confirmed, shown once, used and revoked', async (stage) => {
  const person = await stage.newUser();
  await stage.server.command('role', 'set', person.email, 'administrator');
  const desk = await stage.desktop();
  await step.settleIn(desk, person);
  const { page } = desk;
  await page.goto('/admin/keys');
  await step.says(page, /There are no keys/);
  await look(desk, 'keys-none');
  await step.link(page, 'New key').click();
  await look(desk, 'keys-new');
  await step.box(page, 'What it is for').fill('HR import');
  await step.button(page, 'Check').click();
  await step.says(page, /Choose what the key may do/);
  await look(desk, 'keys-wrong');
  await page.getByRole('checkbox', { name: 'users.read' }).check();
  await step.button(page, 'Check').click();
  await page.getByRole('heading', { level: 1, name: 'Make this key?' }).waitFor();
  await look(desk, 'keys-review');
  await step.button(page, 'Make the key').click();
  await page.getByRole('heading', { level: 1, name: 'The key is made' }).waitFor();
  await look(desk, 'keys-made');
  const key = (await page.locator('#issued').innerText()).trim();
  await desk.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await step.button(page, 'Copy').click();
  await step.says(page, /Copied/);
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), key);
  assert.equal((await people(stage, key)).status, 200);

  await page.goto('/admin/keys');
  await look(desk, 'keys');
  assert.ok(!(await page.content()).includes(key), 'shown once');
  await step.button(page, 'Revoke the key HR import').click();
  await step.says(page, /revoked/);
  assert.equal((await people(stage, key)).status, 401);
});
