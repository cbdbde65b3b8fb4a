/** People and groups in the console: AU-1 to AU-4, AT-1's actions, and what is refused. */
import { look, scenario } from '../harness/index.mjs';
import * as step from '../harness/steps.mjs';

/** Somebody of that role, signed in. @param {any} stage @param {string} role */
async function worker(stage, role) {
  const person = await stage.newUser();
  await stage.server.command('role', 'set', person.email, role);
  const visitor = await stage.desktop();
  await step.settleIn(visitor, person);
  return { person, visitor };
}

scenario('AU-1 to AU-4: a person is found, added, changed, put into a group, deleted and brought back', async (stage) => {
  const { person: self, visitor: desk } = await worker(stage, 'administrator');
  const { page } = desk;
  await page.goto('/admin/groups');
  await look(desk, 'groups-none');
  await page.getByLabel('Name of the group').fill('Staff');
  await step.button(page, 'Add group').click();
  await page.getByRole('heading', { level: 1, name: 'Staff' }).waitFor();
  await look(desk, 'group');

  await page.goto('/admin/users/new');
  await look(desk, 'AU-3');
  await page.getByLabel('Name', { exact: true }).fill('Bea Huber');
  await page.getByLabel('Signs in as').fill('bea@example.com');
  await page.getByLabel('Group').selectOption('Staff');
  await step.button(page, 'Add').click();
  await page.getByRole('heading', { level: 1, name: 'Bea Huber' }).waitFor();
  await step.says(page, 'Issue a pass next');
  await look(desk, 'AT-1');

  await step.link(page, 'Profile').click();
  await look(desk, 'AU-2');
  await page.getByLabel('Department').fill('Purchasing');
  await step.button(page, 'Save').click();
  await step.says(page, 'Bea Huber was changed');
  await page.getByLabel('What the person may do to others').selectOption('helpdesk');
  await step.button(page, 'Change role').click();
  await step.says(page, 'has another role');
  await step.button(page, 'Delete').click();
  await step.says(page, 'can be brought back until');
  await look(desk, 'AU-2-deleted');
  await step.button(page, 'Bring back').click();
  await step.says(page, 'was brought back');

  await page.goto('/admin/users?show=never-signed-in');
  await step.says(page, 'Bea Huber');
  await look(desk, 'AU-1');
  await page.goto('/admin/users?q=nobody');
  await step.says(page, 'Nobody matches');

  await page.goto(`/admin/users/${self.id}`);
  await step.says(page, 'This is your own account');

  await page.goto('/admin/users/import');
  await look(desk, 'AU-4');
  await page.getByLabel('Or paste it here').fill('login,name,groups\ncarl@example.com,Carl,Nobody\n');
  await step.button(page, 'Look at it first').click();
  await step.says(page, 'There is no group Nobody');
  await look(desk, 'AU-4-wrong');
  await page.getByLabel('Or paste it here').fill('login,name,groups\ncarl@example.com,Carl,Staff\nbea@example.com,Bea,\n');
  await step.button(page, 'Look at it first').click();
  await look(desk, 'AU-4-plan');
  await step.button(page, 'Import').click();
  await step.says(page, '1 person was added');
});

scenario('AT-1: require new registration takes every passkey, and an administrator is out of reach', async (stage) => {
  const ana = await stage.newUser();
  const laptop = await stage.desktop();
  await step.settleIn(laptop, ana);
  const boss = await stage.newUser();
  await stage.server.command('role', 'set', boss.email, 'administrator');
  const { visitor: desk } = await worker(stage, 'authentication-administrator');
  const { page } = desk;
  await page.goto(`/admin/users/${ana.id}/methods`);
  await step.button(page, 'Require new registration').click();
  await step.says(page, 'All sign-in methods');
  await step.says(page, 'No passkeys.');
  await laptop.page.goto('/me/security');
  await step.signedOutWithReason(laptop);
  await page.goto(`/admin/users/${ana.id}/activity`);
  await look(desk, 'AU-2-activity');
  await page.goto(`/admin/users/${ana.id}/sessions`);
  await step.says(page, 'Signed in nowhere');
  await page.goto(`/admin/users/${boss.id}/methods`);
  if (await step.button(page, 'Require new registration').count()) throw new Error('upwards');
});
