/** A passkey on the phone as the computer sees it (T5), by the browser's own code (T6), and the wizard around both (T4). */
import assert from 'node:assert/strict';
import { look, scenario } from '../harness/index.mjs';
import * as step from '../harness/steps.mjs';
import * as phone from '../harness/phone.mjs';
import * as wizard from '../harness/wizard.mjs';

/** @typedef {import('../harness/index.mjs').Stage} Stage */
/** @typedef {import('../harness/browser.mjs').Visitor} Visitor */

/** Somebody who has a passkey on the computer, at the code; the phone signs in itself. @param {Stage} stage */
async function atCode(stage) {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  await step.settleIn(desk, ana, { name: 'Laptop' });
  const address = await wizard.toCode(desk);
  return { ana, desk, page: desk.page, address };
}

/** Somebody new, at the code; the number is typed here. @param {Stage} stage */
async function atNumberCode(stage) {
  const ana = await stage.newUser('once');
  const desk = await stage.desktop();
  await step.signInWithPass(desk, ana);
  const address = await wizard.toCode(desk);
  return { ana, desk, page: desk.page, address };
}

/** A phone that took the code up and shows its number. @param {Stage} stage @param {string} address */
async function atNumber(stage, address) {
  const handy = await phone.takePhone(stage);
  await phone.scan(handy, address);
  await phone.goOn(handy);
  return { handy, number: await phone.numberOn(handy) };
}

/** A phone that took the code up and signed in. @param {Stage} stage @param {string} address @param {string} pass */
async function signedIn(stage, address, pass) {
  const handy = await phone.takePhone(stage);
  await phone.scan(handy, address);
  await phone.goOn(handy);
  await phone.signInByPass(handy, pass);
  return handy;
}

/** @param {string} number */
const another = (number) => (number === '99' ? '10' : String(Number(number) + 1));

/** @param {Visitor} desk @param {string} number */
async function type(desk, number) {
  await step.box(desk.page, /Number that your phone shows/).fill(number);
  await step.button(desk.page, 'Confirm').click();
}

scenario('T5 the whole way by the link: read from the screen, the phone signs in, the computer goes on by itself', async (stage) => {
  const { ana, desk, page, address } = await atCode(stage);
  assert.match(address, /^http:\/\/localhost:\d+\/a\/e\/[\w-]{22}$/);
  assert.ok(address.length <= 90);
  await look(desk, 'W-5b-created');
  const handy = await phone.takePhone(stage);
  await phone.scan(handy, address);
  await phone.goOn(handy);
  await wizard.told(desk, /Signing in on the phone/);
  await step.says(page, /Chrome on Android at the address 127\.0\.0\.1 opened the code/);
  await look(desk, 'W-5b-signing-in');
  await phone.signInByPass(handy, ana.pass);
  await wizard.told(desk, /Confirmed\. Continue on the phone/);
  await phone.create(handy);
  await step.at(page, /\/name$/);
  await step.says(page, /Your passkey is created/);
  await look(desk, 'W-6-phone');
  await step.button(page, 'Next').click();
  await step.at(page, /\/try$/);
  await step.says(page, /On your phone, press/);
  await look(desk, 'W-7-phone');
  await phone.tryIt(handy);
  await step.says(page, /It works/);
  await page.goto('/me/security');
  assert.equal(await page.locator('.passkey').count(), 2);
});

scenario('T5 the number: wrong once, then right, and the first passkey is on the phone', async (stage) => {
  const { desk, page, address } = await atNumberCode(stage);
  await look(desk, 'W-5b-created-number');
  const { handy, number } = await atNumber(stage, address);
  await wizard.told(desk, /Type the number/);
  await look(desk, 'W-5b-approve');
  await type(desk, '');
  await step.says(page, /Type the number that your phone shows/);
  await look(desk, 'W-5b-number-empty');
  await type(desk, another(number));
  await step.says(page, /2 tries left/);
  assert.match(await page.title(), /^Error:/);
  await look(desk, 'W-5b-number-wrong');
  await type(desk, number);
  await wizard.told(desk, /Confirmed/);
  await look(desk, 'W-5b-approved');
  await phone.create(handy);
  await step.at(page, /\/name$/);
  await step.button(page, 'Next').click();
  await phone.tryIt(handy);
  await step.says(page, /It works/);
});

scenario('T5 three wrong numbers stop it; it can be started again', async (stage) => {
  const { desk, page, address } = await atNumberCode(stage);
  const { number } = await atNumber(stage, address);
  for (const left of [/2 tries left/, /1 try left/, /For safety we stopped/]) {
    await type(desk, another(number));
    await step.says(page, left);
  }
  await look(desk, 'W-5b-number-locked');
  await step.button(page, 'Start again').click();
  await wizard.told(desk, /Here is a new code.*Waiting for your phone/);
  assert.notEqual(await wizard.readCode(desk), address);
  await look(desk, 'W-5b-renewed');
});

scenario('T5 the phone declines', async (stage) => {
  const { desk, page, address } = await atCode(stage);
  const handy = await phone.takePhone(stage);
  await phone.scan(handy, address);
  await step.button(handy.page, phone.NOT_MINE).click();
  await wizard.told(desk, /The phone declined/);
  await look(desk, 'W-5b-declined');
  await step.link(page, 'Another way').click();
  await step.at(page, '/me/security/add/phone/how');
});

scenario('T5 a third device opens the code: it is turned away and the computer is told', async (stage) => {
  const { desk, page, address } = await atCode(stage);
  const handy = await phone.takePhone(stage);
  await phone.scan(handy, address);
  await phone.goOn(handy);
  await wizard.told(desk, /Signing in/);
  const thief = await phone.takePhone(stage, { agent: 'iphone' });
  const { pathname } = new URL(address);
  await thief.page.goto(pathname);
  const goOn = step.button(thief.page, phone.CONTINUE);
  if (await goOn.count() > 0) await goOn.click();
  await step.says(page, /Another device tried to open this code/);
  await wizard.told(desk, /Signing in/);
  await look(desk, 'W-5b-claimed');
});

scenario('T5 the computer stops it, and offers the ways again', async (stage) => {
  const { desk, page, address } = await atCode(stage);
  const handy = await phone.takePhone(stage);
  await phone.scan(handy, address);
  await phone.goOn(handy);
  await wizard.told(desk, /Signing in/);
  await step.button(page, 'This is not my phone: stop').click();
  await step.at(page, '/me/security/add/phone/how');
  await handy.page.goto(new URL(address).pathname);
  assert.equal(await step.button(handy.page, phone.CREATE).count(), 0);
  await page.goBack();
  await wizard.told(desk, /You stopped it/);
  await look(desk, 'W-5b-stopped');
});

scenario('T5 the prompt on the phone is closed and opened again', async (stage) => {
  const { ana, desk, page, address } = await atCode(stage);
  const handy = await signedIn(stage, address, ana.pass);
  await handy.authenticator.verifies(false);
  await step.button(handy.page, phone.CREATE).click();
  await wizard.told(desk, /prompt on the phone was closed/);
  await look(desk, 'W-5b-phone-cancelled');
  await handy.authenticator.verifies(true);
  await phone.create(handy);
  await step.at(page, /\/name$/);
});

scenario('T5 a phone that has one already', async (stage) => {
  const { ana, desk, page, address } = await atCode(stage);
  const handy = await signedIn(stage, address, ana.pass);
  await phone.create(handy);
  await step.at(page, /\/name$/);
  const next = await wizard.toCode(desk);
  await phone.scan(handy, next);
  await phone.goOn(handy);
  // What its pass allowed is done: the phone confirms with the passkey that it has by now.
  await step.button(handy.page, 'Use your passkey').click();
  const create = step.button(handy.page, phone.CREATE);
  await create.waitFor();
  await create.click();
  await wizard.told(desk, /already has a passkey for you/);
  await look(desk, 'W-5b-duplicate');
  await step.link(page, 'Try it instead').click();
  await step.at(page, /\/try$/);
});

scenario('T5 the code stays the same when the page is loaded again, and in a second tab', async (stage) => {
  const { desk, page, address } = await atCode(stage);
  await page.reload();
  assert.equal(await wizard.readCode(desk), address);
  const tab = await desk.secondTab();
  await tab.page.goto(desk.path);
  assert.equal(await wizard.readCode(tab), address);
  const handy = await phone.takePhone(stage);
  await phone.scan(handy, address);
  await phone.goOn(handy);
  await wizard.told(desk, /Signing in/);
  await wizard.told(tab, /Signing in/);
  await page.reload();
  await wizard.told(desk, /Signing in/);
});

scenario('T5 the computer is signed out meanwhile', async (stage) => {
  const { desk, address } = await atCode(stage);
  const tab = await desk.secondTab();
  await tab.page.goto('/me/security');
  await step.signOut(tab);
  await wizard.told(desk, /You were signed out on this computer/);
  await look(desk, 'W-5b-ended');
  const handy = await phone.takePhone(stage);
  await handy.page.goto(new URL(address).pathname);
  assert.equal(await step.button(handy.page, phone.CREATE).count(), 0);
  await step.link(desk.page, 'Sign in again').click();
  await step.at(desk.page, '/signin');
});

scenario('T5 G-13 events are held back: the page asks instead', async (stage) => {
  const { ana, desk, page } = await atCode(stage);
  // Something in between swallows the stream: it neither answers nor ends.
  await page.route('**/events', () => {});
  await page.reload();
  const address = await wizard.readCode(desk);
  const handy = await phone.takePhone(stage);
  await phone.scan(handy, address);
  await phone.goOn(handy);
  await wizard.status(desk).filter({ hasText: /Signing in/ }).waitFor({ timeout: 40_000 });
  await phone.signInByPass(handy, ana.pass);
  await phone.create(handy);
  await step.at(page, /\/name$/);
});

scenario('T5 a browser without EventSource asks from the start', async (stage) => {
  const { desk, page } = await atCode(stage);
  await desk.context.addInitScript(() => { Reflect.deleteProperty(globalThis, 'EventSource'); });
  await page.reload();
  const address = await wizard.readCode(desk);
  const handy = await phone.takePhone(stage);
  await phone.scan(handy, address);
  await phone.goOn(handy);
  await wizard.told(desk, /Signing in/);
});

scenario('T5 a computer without scripts sees the same, by loading again', async (stage) => {
  const ana = await stage.newUser('once');
  const desk = await stage.noJs();
  const { page } = desk;
  await step.signInWithPass(desk, ana);
  const address = await wizard.toCode(desk);
  await look(desk, 'W-5b-no-script');
  const { handy, number } = await atNumber(stage, address);
  await wizard.told(desk, /Type the number/);
  await look(desk, 'W-5b-approve-no-script');
  await type(desk, number);
  await wizard.told(desk, /Confirmed/);
  await phone.create(handy);
  await wizard.told(desk, /Passkey created/);
  await step.link(page, 'Next').click();
  await step.at(page, /\/name$/);
  await step.box(page, 'Name').fill('My phone');
  await step.button(page, 'Next').click();
  await step.at(page, /\/try$/);
});

scenario('T5 the code to type, the link to copy, and the address beside the picture', async (stage) => {
  const { desk, page, address } = await atCode(stage);
  assert.match(await page.locator('#typed').textContent() ?? '', /^[A-Z0-9]{3}-[A-Z0-9]{3}$/);
  await step.says(page, /localhost:\d+\/a/);
  await desk.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await step.button(page, 'Copy link').click();
  await wizard.told(desk, /The link is copied/);
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), address);
});

/** Somebody new at W-4, in a browser that says that it has Bluetooth. @param {Stage} stage @param {import('../harness/authenticator.mjs').Kind} authenticator */
async function atBrowserCode(stage, authenticator) {
  const ana = await stage.newUser();
  const desk = await stage.desktop({ authenticator });
  await desk.context.addInitScript(() => {
    const api = /** @type {any} */ (PublicKeyCredential);
    const real = api.getClientCapabilities.bind(api);
    api.getClientCapabilities = async () => ({ ...(await real()), hybridTransport: true });
  });
  await step.signInWithPass(desk, ana);
  await wizard.toHow(desk, 'iPhone or iPad');
  await desk.page.getByRole('radio', { name: wizard.BY_BROWSER }).check();
  await step.button(desk.page, 'Next').click();
  await step.at(desk.page, '/me/security/add/phone-browser/create');
  await step.says(desk.page, /camera of your iPhone or iPad/);
  return { ana, desk, page: desk.page };
}

scenario('T6 by the browser\'s own code: created on the phone', async (stage) => {
  const { desk, page } = await atBrowserCode(stage, 'hybridPhone');
  await look(desk, 'W-5c');
  await step.button(page, 'Show the browser\'s code').click();
  await step.at(page, /\/name$/);
  assert.equal(await page.getByText('saved on this computer').count(), 0);
  await step.button(page, 'Next').click();
  await step.at(page, /\/try$/);
  await step.button(page, 'Try it now').click();
  await step.says(page, /It works/);
});

scenario('T6 no phone answers: what may be wrong, and the link way instead', async (stage) => {
  const { desk, page } = await atBrowserCode(stage, 'computer');
  await desk.authenticator.unplug();
  await step.shortenPrompt(desk, '/me/security/add/begin', 1500);
  await step.button(page, 'Show the browser\'s code').click();
  await step.says(page, /could not reach a phone|Did the phone not connect/);
  await look(desk, 'W-5c-none');
  await step.button(page, 'Use the link way instead').click();
  await wizard.told(desk, /Waiting for your phone/);
});

scenario('T6 without Bluetooth the card says so and cannot be chosen', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  await step.signInWithPass(desk, ana);
  await wizard.toHow(desk);
  await step.says(desk.page, /has no Bluetooth/);
  assert.ok(await desk.page.getByRole('radio', { name: wizard.BY_BROWSER }).isDisabled());
  assert.ok(await desk.page.getByRole('radio', { name: wizard.BY_LINK }).isChecked());
});

scenario('T6 the computer saved it instead of the phone: accepted, and said', async (stage) => {
  const { desk, page } = await atBrowserCode(stage, 'computer');
  await step.changeReply(desk, '/me/security/add/begin', (body) => {
    body.options.authenticatorSelection.authenticatorAttachment = 'platform';
    body.options.hints = ['client-device'];
  });
  await step.button(page, 'Show the browser\'s code').click();
  await step.at(page, /\/name$/);
  await step.says(page, /saved on this computer, not on the phone/);
  await look(desk, 'W-6-saved-here');
  await step.link(page, 'Add the phone').click();
  await step.at(page, '/me/security/add');
  assert.ok(await page.getByRole('radio', { name: wizard.ON_PHONE }).isChecked());
});

scenario('T4 the phone is recommended while there is none; every step leads back; Security info offers to go on', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const { page } = desk;
  await step.signInWithPass(desk, ana);
  await page.goto('/me/security/add');
  assert.ok(await page.getByRole('radio', { name: wizard.ON_PHONE }).isChecked());
  await step.says(page, 'Recommended');
  await wizard.toHow(desk);
  await page.goto('/me/security');
  await step.says(page, /You were adding a passkey on your phone/);
  await look(desk, 'SEC-1-resume-phone');
  await step.link(page, 'Continue').click();
  await step.at(page, '/me/security/add/phone/how');
  for (const path of ['/me/security/add/phone/which', '/me/security/add/phone/check', '/me/security/add']) {
    await step.link(page, 'Back').click();
    await step.at(page, path);
  }
  assert.ok(await page.getByRole('radio', { name: wizard.ON_PHONE }).isChecked());
});

scenario('T4 on a phone the first choice is this phone', async (stage) => {
  const ana = await stage.newUser();
  const handy = await phone.takePhone(stage);
  await step.signInWithPass(handy, ana);
  await handy.page.goto('/me/security/add');
  await handy.page.getByRole('radio', { name: 'Passkey on this phone' }).check();
  await look(handy, 'W-1-on-phone');
  await step.button(handy.page, 'Next').click();
  await step.says(handy.page, /Create a passkey on this phone/);
  await look(handy, 'W-5a-on-phone');
  await step.button(handy.page, 'Create passkey').click();
  await step.at(handy.page, /\/name$/);
});

scenario('T4 "I am on the phone now" and an older phone lead where they should', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const { page } = desk;
  await step.signInWithPass(desk, ana);
  await page.goto('/me/security/add/phone/check');
  await page.getByText('My phone is older').click();
  await look(desk, 'W-2-older');
  await step.link(page, 'Use a security key').click();
  await step.at(page, '/me/security/add');
  assert.ok(await page.getByRole('radio', { name: 'Security key' }).isChecked());
  await page.goto('/me/security/add/phone/which');
  await step.button(page, 'Next').click();
  await step.says(page, /Choose your phone/);
  await look(desk, 'W-3-missing');
  await page.getByRole('radio', { name: 'I am on the phone now' }).check();
  await step.button(page, 'Next').click();
  await step.at(page, '/me/security/add/this-computer/create');
});
