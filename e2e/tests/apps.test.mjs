/** Applications in the console: added by template, changed, tried, turned off, removed; and what people see of them. */
import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import { look, scenario } from '../harness/index.mjs';
import * as step from '../harness/steps.mjs';

/** A red square as PNG. @param {number} size */
function png(size) {
  const table = Array.from({ length: 256 }, (_, n) => {
    let value = n;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    return value >>> 0;
  });
  const crc = (/** @type {Buffer} */ bytes) => {
    let value = 0xffffffff;
    for (const byte of bytes) value = (table[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
    return (value ^ 0xffffffff) >>> 0;
  };
  const chunk = (/** @type {string} */ kind, /** @type {Buffer} */ body) => {
    const named = Buffer.concat([Buffer.from(kind), body]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(body.length, 0);
    ends.writeUInt32BE(crc(named), 4);
    return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(size * 3, Buffer.from([200, 20, 20]))]);
  const body = deflateSync(Buffer.concat(Array.from({ length: size }, () => row)));
  const magic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([magic, chunk('IHDR', head), chunk('IDAT', body), chunk('IEND', Buffer.alloc(0))]);
}

scenario('Applications: added by template, changed, tried, turned off and removed', async (stage) => {
  const person = await stage.newUser();
  await stage.server.command('role', 'set', person.email, 'administrator');
  const desk = await stage.desktop();
  await step.settleIn(desk, person);
  const { page } = desk;
  await page.goto('/admin/apps');
  await step.says(page, /There are no applications/);
  await look(desk, 'apps-none');

  // By keyboard alone: to the button, to a template, through the form.
  await step.link(page, 'New application').focus();
  await page.keyboard.press('Enter');
  await step.says(page, /Which application is it/);
  await look(desk, 'apps-choose');
  await step.link(page, 'Grafana').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'New application: Grafana' }).waitFor();
  await step.box(page, 'Address').focus();
  await page.keyboard.type('javascript:alert(1)');
  await page.keyboard.press('Enter');
  await step.says(page, /Write an address such as/);
  await look(desk, 'apps-wrong');
  await step.box(page, 'Address').fill('https://grafana.example.com');
  await page.keyboard.press('Enter');
  await step.says(page, /Add this application\?/);
  await look(desk, 'apps-review');
  await step.button(page, 'Add the application').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Grafana is added' }).waitFor();
  await look(desk, 'apps-made');
  const secret = (await page.locator('#issued').innerText()).trim();
  assert.match(secret, /^kws_/);
  assert.ok((await page.locator('#paste-1').innerText()).includes(`client_secret = ${secret}`));

  await step.link(page, 'Open the application').click();
  await step.says(page, /The secret was shown once/);
  await look(desk, 'apps-overview');
  assert.ok(!(await page.content()).includes(secret), 'shown once');

  await step.link(page, 'Access').click();
  await step.says(page, /Only their members get in/);
  await look(desk, 'apps-access');
  await step.box(page, 'Groups').fill('Nobody');
  await step.button(page, 'Check').click();
  await step.says(page, /There is no group/);
  await step.box(page, 'Groups').fill('');
  await page.getByRole('radio', { name: 'Once; new scopes ask again' }).check();
  await step.button(page, 'Check').click();
  await step.button(page, 'Save the change').waitFor();
  await look(desk, 'apps-change');
  await step.button(page, 'Save the change').click();
  await step.says(page, /Grafana was changed/);

  await step.link(page, 'Picture').click();
  await step.says(page, /It has no picture/);
  await look(desk, 'apps-picture');
  await page.getByLabel('Picture', { exact: true }).setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: png(300) });
  await step.button(page, 'Use this picture').click();
  await step.says(page, /The picture of Grafana was changed/);
  await page.getByRole('img', { name: 'Picture of Grafana' }).waitFor();

  await step.link(page, 'Try it').click();
  await step.button(page, 'Sign in as myself').click();
  await step.says(page, /You would be asked what the application may see/);
  await look(desk, 'apps-tried-consent');
  await step.link(page, 'Access').click();
  await page.getByRole('radio', { name: /No: the organisation has decided/ }).check();
  await step.button(page, 'Check').click();
  await step.button(page, 'Save the change').click();
  await step.says(page, /Grafana was changed/);
  await step.link(page, 'Try it').click();
  await step.button(page, 'Sign in as myself').click();
  await step.says(page, /The tokens said this/);
  await step.says(page, /"auth_time"/);
  await look(desk, 'apps-tried');

  await page.getByRole('navigation', { name: 'Parts of the application' }).getByRole('link', { name: 'Overview' }).click();
  await step.button(page, 'Turn off').click();
  await step.says(page, /Grafana is turned off/);
  await step.button(page, 'Remove the application').click();
  await step.says(page, /Grafana was removed/);
  await step.link(page, 'Signing keys').click();
  await step.says(page, /Tokens are signed with these keys/);
  await look(desk, 'apps-keys');

  await page.goto('/me/apps');
  await step.says(page, /No application has access/);
  await look(desk, 'access-none');
});
