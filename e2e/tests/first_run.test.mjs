/** The first start on an empty database: the first administrator (IN-1 to IN-3). */
import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { look, onBothDatabases, picture, scenario } from '../harness/index.mjs';
import * as step from '../harness/steps.mjs';

onBothDatabases('IN-1 to IN-3 the printed pass makes the first administrator, with two passkeys', async (stage) => {
  const first = await stage.server.firstAdministrator();
  assert.equal((await stat(first.passFile)).mode & 0o777, 0o600, 'only its owner reads the pass');
  assert.ok(!stage.server.log.includes(first.pass), 'and the log never has it');
  const desk = await stage.desktop();
  const { page } = desk;
  await page.goto('/setup');
  await step.says(page, /bound to localhost/);
  await look(desk, 'IN-1');
  await picture(desk, 'set-up');
  await step.control(page, 'Enter the pass').click();
  await step.at(page, '/signin/tap');
  const identifier = step.box(page, step.IDENTIFIER);
  if (await identifier.count() > 0) await identifier.fill(first.email);
  await step.box(page, step.PASS).fill(first.pass);
  await step.button(page, 'Sign in').click();

  await step.at(page, '/setup');
  await look(desk, 'IN-2-person');
  await step.button(page, 'Next').click();
  await page.waitForFunction(() => document.title.startsWith('Error:'));
  await look(desk, 'IN-2-person-empty');
  await step.box(page, 'Your name').fill('Root Admin');
  await step.box(page, 'Your email address').fill('root@example.com');
  await step.button(page, 'Next').click();
  await step.says(page, 'First passkey');
  await look(desk, 'IN-3-none');
  await step.control(page, 'Add sign-in method').click();
  await step.addPasskey(desk, { name: 'Laptop' });
  await page.goto('/setup');
  await look(desk, 'IN-3-one');
  await step.addSecondPasskey(desk, 'Blue key');
  await page.goto('/setup');
  await look(desk, 'IN-3-two');
  const users = await stage.server.command('user', 'list');
  assert.deepEqual(users.map((/** @type {any} */ user) => [user.email, user.role]), [['root@example.com', 'administrator']]);

  // The pass is spent: nobody becomes administrator with it again.
  await step.signOut(desk);
  const other = await stage.desktop();
  await step.enterPass(other, 'root@example.com', first.pass);
  await step.says(other.page, /worked once/);
  await step.signInByAutofill(desk);
});

scenario('IN the first administrator arises once: a restart prints no second pass while the first one works', async (stage) => {
  const first = await stage.server.firstAdministrator();
  await stage.newUser();
  await stage.server.restart();
  assert.equal(stage.server.ready.firstAdministrator, undefined);
  const desk = await stage.desktop();
  await step.enterPass(desk, first.email, first.pass);
  await step.at(desk.page, '/setup');
});

scenario('the demonstration: the printed pass leads to a passkey', async (stage) => {
  const ana = stage.server.ready.demo.find((/** @type {any} */ person) => person.name === 'Ana Meier');
  const desk = await stage.desktop();
  await step.enterPass(desk, ana.email, ana.pass);
  await step.at(desk.page, '/welcome');
  await step.addPasskey(desk);
  await step.signOut(desk);
  await step.signInByAutofill(desk);
}, { demo: true });
