/** The first start on an empty database: the first administrator (IN-1 to IN-3). */
import assert from 'node:assert/strict';
import { look, picture, onBothDatabases, scenario } from '../harness/index.mjs';
import * as step from '../harness/steps.mjs';

onBothDatabases('IN-1 to IN-3 the printed pass makes the first administrator, with two passkeys', async (stage) => {
  const pass = await stage.server.firstAdministratorPass();
  const desk = await stage.desktop();
  const { page } = desk;
  await page.goto('/');
  await step.at(page, /^\/(setup|signin|signin\/tap)$/);
  await look(desk, 'first-visit');
  await stage.server.redeemFirstPass(desk, pass);
  await step.at(page, '/setup');
  await step.says(page, /localhost/);
  await look(desk, 'IN-1');
  await picture(desk, 'set-up');
  await step.box(page, 'Your name').fill('Root Admin');
  await step.box(page, 'Your email address').fill('root@example.com');
  await step.button(page, 'Next').click();
  await look(desk, 'IN-2');
  await step.addPasskey(desk, { name: 'Laptop' });
  await page.goto('/setup');
  await look(desk, 'IN-2-one');
  await step.addSecondPasskey(desk, 'Blue key');
  await page.goto('/setup');
  await look(desk, 'IN-3');
  const [user] = await stage.server.command('user', 'list');
  assert.equal(user.email, 'root@example.com');
  assert.equal(user.role, 'administrator');

  // The pass is spent, and no second administrator can arise from it.
  await step.signOut(desk);
  const other = await stage.desktop();
  await other.page.goto('/setup');
  await step.at(other.page, /^\/signin/);
});

scenario('IN a restart before the set-up is finished keeps it open; after it, no pass is printed', async (stage) => {
  await stage.server.firstAdministratorPass();
  await stage.newUser();
  await stage.server.restart();
  const answer = await fetch(`${stage.server.origin}/readyz`);
  assert.equal(answer.status, 200);
});
