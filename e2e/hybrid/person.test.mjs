/**
 * The same with a person at the phone, who reads what is asked and answers on a terminal; and what Keyward's pages say
 * to whom it does not work for.
 */
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import * as step from '../harness/steps.mjs';
import * as asking from './asking.mjs';
import { PASSPHRASE } from './phone.mjs';
import { Stage } from './stage.mjs';

/** @type {asking.World} */
const world = /** @type {any} */ ({});
/** @type {Stage} */
let stage;
/** @type {import('./phone.mjs').Phone} */
let phone;
/** @type {import('./desk.mjs').Desk} */
let desk;

before(async () => {
  world.stage = stage = await Stage.set();
  world.phone = phone = await stage.personsPhone();
  world.desk = desk = await stage.desk();
});

after(async () => stage?.close());

const scenario = asking.scenario.bind(undefined, world);

/** Whether the page has an answer. */
const settled = () => desk.page.evaluate(() => /** @type {any} */ (globalThis).settled);

/** Has the code scanned, and returns once the person is asked. */
async function untilAsked() {
  const program = phone.startOnTerminal(await stage.code(phone));
  await program.heard(/Approve\?/);
  return program;
}

scenario('the person reads site, account and who asks before anything is done, and says no', async () => {
  await asking.ask(world, 'create', asking.creation());
  const program = await untilAsked();
  const [shown] = program.log.split('Approve?');
  assert.match(String(shown), /localhost \(it calls itself "Page"\) wants to create a passkey for ana \(Ana\)\.\s+ANOTHER DEVICE asks for this/);
  assert.equal(await settled(), false);
  program.say('n\n');
  assert.equal(await program.exited, 1);
  assert.match(program.log, /ctap_0x27/);
  assert.deepEqual(await asking.came(desk), { error: 'NotAllowedError' });
  assert.deepEqual(await phone.list(), []);
});

scenario('the person says yes and proves who they are', async () => {
  await asking.ask(world, 'create', asking.creation());
  const program = await untilAsked();
  program.say('y\n');
  await program.heard(/Passphrase of the vault/);
  assert.equal(await settled(), false, 'yes alone is not enough');
  program.say(`${PASSPHRASE}\n`);
  assert.equal(await program.exited, 0, program.log);
  assert.ok((await asking.came(desk)).id.length > 0);
  const [passkey, ...others] = await phone.list();
  assert.deepEqual([others.length, JSON.stringify(passkey).includes('localhost')], [0, true]);
});

scenario('a wrong passphrase is no', async () => {
  await asking.ask(world, 'get', asking.assertion());
  const program = await untilAsked();
  program.say('y\n');
  for (const round of [1, 2, 3]) {
    await program.heard(new RegExp(`(Passphrase of the vault[^]*){${round}}`));
    program.say('something else\n');
  }
  assert.equal(await program.exited, 1);
  assert.match(program.log, /ctap_0x/);
  assert.deepEqual(await asking.came(desk), { error: 'NotAllowedError' });
});

scenario('Keyward says what to do where the person said no on the phone', async () => {
  const { page } = desk;
  await stage.server.addUser('ben.huber@example.com', 'Ben Huber');
  const { pass } = await stage.server.issuePass('ben.huber@example.com');
  await step.enterPass(/** @type {any} */ (desk), 'ben.huber@example.com', pass);
  await step.at(page, /^\/(welcome|me\/security)$/);
  await page.goto('/me/security/add/phone-browser/create?phone=android');
  await step.button(page, 'Show the browser\'s code').click();
  const program = await untilAsked();
  program.say('n\n');
  assert.equal(await program.exited, 1);
  // The browser tells no page why; what it was takes the person on.
  await step.says(page, /[Nn]o passkey was created.*Bluetooth|Bluetooth.*[Nn]o passkey was created/);
  await step.button(page, 'Use the link way instead').click();
  await step.at(page, /^\/me\/security\/add\/phone\/[^/]+$/);
});

scenario('the relay goes while the person is asked: the question is withdrawn', async () => {
  await asking.ask(world, 'get', asking.assertion());
  const program = await untilAsked();
  await stage.relay.program.end();
  assert.equal(await program.exited, 1);
  assert.match(program.log, /The other side has given up/);
  assert.match(program.log, /client_gone|relay_broken/);
  assert.deepEqual(await asking.came(desk), { error: 'NotAllowedError' });
});

scenario('where the relay is gone, the phone says so', async () => {
  await asking.ask(world, 'get', asking.assertion());
  const program = phone.startOnTerminal(await stage.code(phone));
  assert.equal(await program.exited, 1);
  assert.match(program.log, /relay_unreachable/);
  await asking.stop(desk);
});
