/** The phone's pages: its half of the way by the link (T1.2, T1.3, T5), and the companion by itself (T7). */
import assert from 'node:assert/strict';
import { look, scenario } from '../harness/index.mjs';
import * as step from '../harness/steps.mjs';
import * as phone from '../harness/phone.mjs';
import * as wizard from '../harness/wizard.mjs';

/** @typedef {import('../harness/index.mjs').Stage} Stage */
/** @typedef {import('../harness/browser.mjs').Visitor} Visitor */

/** Policy without the number: whoever begins, the phone signs in itself. */
const SIGN_IN_ONLY = { settings: { KEYWARD_PHONES_NUMBER: 'false' } };

/** Somebody new at a computer, with the code on the screen. @param {Stage} stage @param {'multi' | 'once'} [kind] */
async function atCode(stage, kind = 'multi') {
  const ana = await stage.newUser(kind);
  const desk = await stage.desktop();
  await step.signInWithPass(desk, ana);
  const address = await wizard.toCode(desk);
  return { ana, desk, address };
}

/** The same, with a phone that has taken it up. @param {Stage} stage @param {Parameters<typeof phone.takePhone>[1]} [options] */
async function opened(stage, options) {
  const begun = await atCode(stage);
  const handy = await phone.takePhone(stage, options);
  await phone.scan(handy, begun.address);
  await phone.goOn(handy);
  return { ...begun, handy, page: handy.page };
}

/** The same, with the number typed: the phone may create the passkey. @param {Stage} stage */
async function approved(stage) {
  const begun = await opened(stage);
  await type(begun.desk, await phone.numberOn(begun.handy));
  await step.button(begun.page, phone.CREATE).and(begun.page.locator('#create')).waitFor();
  return begun;
}

/** @param {Visitor} desk @param {string} number */
async function type(desk, number) {
  await step.box(desk.page, /Number that your phone shows/).fill(number);
  await step.button(desk.page, 'Confirm').click();
}

scenario('T1.2 a pass for many uses: the phone signs in itself and creates the passkey', async (stage) => {
  const { ana, desk, address } = await atCode(stage);
  const handy = await phone.takePhone(stage);
  await phone.scan(handy, address);
  await step.says(handy.page, /ana•••@example\.com/);
  await step.says(handy.page, /Only continue if you started this yourself/);
  const prominence = await handy.page.evaluate(() => ['claim', 'decline'].map((action) => {
    const button = document.querySelector(`form[action$="/${action}"] button`);
    if (!button) return '';
    const { width, height } = button.getBoundingClientRect();
    const { color, backgroundColor, fontWeight } = getComputedStyle(button);
    return [width, height, color, backgroundColor, fontWeight].join(' ');
  }));
  assert.equal(prominence[0], prominence[1], 'going on and saying no are of the same prominence');
  await look(handy, 'PH-1');
  await phone.goOn(handy);
  await step.at(handy.page, '/signin/method');
  await step.says(handy.page, /ana•••@example\.com/);
  assert.ok(!(await handy.page.content()).includes(ana.email), 'who holds the code has proven nothing yet');
  await phone.scan(handy, address);
  await step.says(handy.page, /sign in here too/);
  await look(handy, 'PH-2');
  await step.button(handy.page, 'Sign in').click();
  await phone.signInByPass(handy, ana.pass);
  await wizard.told(desk, /Confirmed\. Continue on the phone/);
  await look(handy, 'PH-5');
  await step.says(handy.page, /Save it in another app/);
  await phone.create(handy);
  await look(handy, 'PH-7');
  await step.at(desk.page, /\/name$/);
  await phone.tryIt(handy);
  await step.says(handy.page, /Your phone is ready/);
  await look(handy, 'PH-8');
  await step.link(handy.page, 'Open Authenticator').click();
  await step.says(handy.page, /Tried/);
  await look(handy, 'PH-0-home');
  const [made] = await handy.authenticator.credentials();
  assert.ok(made?.isResidentCredential && made.backupState);
}, SIGN_IN_ONLY);

scenario('T1.3 a pass for one use: the number of the phone is typed on the computer', async (stage) => {
  const { desk, address } = await atCode(stage, 'once');
  const handy = await phone.takePhone(stage);
  await phone.scan(handy, address);
  await phone.goOn(handy);
  const number = await phone.numberOn(handy);
  assert.match(number, /^[1-9]\d$/);
  assert.ok(await step.button(handy.page, phone.CREATE).isDisabled(), 'no passkey before the number was typed');
  await look(handy, 'PH-3');
  await type(desk, number);
  await handy.page.locator('#create').waitFor();
  await phone.create(handy);
  await step.at(desk.page, /\/name$/);
  await phone.tryIt(handy);
  await step.says(handy.page, /Your phone is ready/);
  assert.equal((await handy.authenticator.credentials()).length, 1);
});

scenario('T5 wrong number three times: both screens stop', async (stage) => {
  const { desk, handy, page } = await opened(stage);
  const number = await phone.numberOn(handy);
  const wrong = number === '99' ? '10' : String(Number(number) + 1);
  for (const left of [/2 tries left/, /1 try left/]) {
    await type(desk, wrong);
    await step.says(desk.page, left);
    assert.equal(await phone.numberOn(handy), number, 'the number stays');
  }
  await type(desk, wrong);
  await step.says(page, /For safety we stopped/);
  await look(handy, 'PH-E4');
});

scenario('T5 declined on the phone', async (stage) => {
  const { desk, address } = await atCode(stage);
  const handy = await phone.takePhone(stage);
  await phone.scan(handy, address);
  await step.button(handy.page, phone.NOT_MINE).click();
  await step.says(handy.page, /We stopped it/);
  await look(handy, 'PH-E5');
  await wizard.told(desk, /declined/);
});

scenario('T5 a third browser opens the code: it gets nothing, and the computer says so', async (stage) => {
  const { desk, address } = await opened(stage);
  const third = await phone.takePhone(stage);
  await phone.scan(third, address);
  await step.says(third.page, /already opened on another device/);
  await look(third, 'PH-E2');
  await step.says(desk.page, /Another device tried/);
});

scenario('T5 the computer stops while the phone waits', async (stage) => {
  const { desk, handy, page } = await opened(stage);
  await step.button(desk.page, /This is not my phone/).click();
  await step.says(page, /Your computer stopped this/);
  await look(handy, 'PH-E3');
});

scenario('T5 the prompt on the phone is closed, then it works', async (stage) => {
  const { desk, handy, page } = await approved(stage);
  await handy.authenticator.touch(false);
  await step.button(page, phone.CREATE).click();
  await step.button(page, 'Cancel').click();
  await wizard.told(desk, /was closed/);
  await handy.authenticator.verifies(false);
  await handy.authenticator.touch(true);
  await step.button(page, phone.CREATE).click();
  await step.says(page, /screen lock is on/);
  await look(handy, 'PH-E13');
  await handy.authenticator.verifies(true);
  await phone.create(handy);
  await step.at(desk.page, /\/name$/);
});

scenario('T5 a phone that has the passkey already uses the one that is there', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  await step.settleIn(desk, ana, { name: 'Laptop' });
  const address = await wizard.toCode(desk);
  const handy = await phone.takePhone(stage);
  await phone.scan(handy, address);
  await phone.goOn(handy);
  await phone.signInByPass(handy, ana.pass);
  await desk.authenticator.copyTo(handy.authenticator);
  await step.button(handy.page, phone.CREATE).click();
  await step.says(handy.page, /This phone has your passkey already/);
  await look(handy, 'PH-E10');
  await wizard.told(desk, /already has a passkey/);
  await step.button(handy.page, phone.TRY).click();
  await step.at(handy.page, '/a/');
  await step.says(handy.page, ana.email);
});

scenario('T5 somebody else is signed in on the phone', async (stage) => {
  const lou = await stage.newUser();
  const { ana, desk, address } = await atCode(stage);
  const handy = await phone.takePhone(stage);
  await step.signInWithPass(handy, lou);
  await phone.scan(handy, address);
  await step.button(handy.page, phone.CONTINUE).click();
  await step.says(handy.page, /This is for another account/);
  await look(handy, 'PH-E12');
  await wizard.told(desk, /not as you/);
  await step.button(handy.page, 'Sign in with the other account').click();
  await phone.signInByPass(handy, ana.pass);
  await phone.create(handy);
  await step.at(desk.page, /\/name$/);
}, SIGN_IN_ONLY);

scenario('T5 signed in on the phone as the same person: a touch of the passkey is enough', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  await step.settleIn(desk, ana, { name: 'Laptop' });
  const address = await wizard.toCode(desk);
  const handy = await phone.takePhone(stage);
  await desk.authenticator.copyTo(handy.authenticator);
  await step.signInByAutofill(handy);
  await phone.scan(handy, address);
  await phone.goOn(handy);
  await step.says(handy.page, /Confirm that it's you/);
  await look(handy, 'PH-2-confirm');
  await step.button(handy.page, 'Use your passkey').click();
  await step.says(handy.page, /Create your passkey/);
  await wizard.told(desk, /Confirmed\. Continue on the phone/);
});

scenario('T5 the phone is offline while saving: it tries again by itself', async (stage) => {
  const { desk, handy, page } = await approved(stage);
  handy.watch.expect(/ERR_INTERNET_DISCONNECTED/);
  await page.route('**/finish', (route) => route.abort('internetdisconnected'));
  await step.button(page, phone.CREATE).click();
  await step.says(page, /could not store it yet/);
  await look(handy, 'PH-E14');
  await page.unroute('**/finish');
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await step.says(page, /Your passkey is saved/);
  await step.at(desk.page, /\/name$/);
  assert.deepEqual(handy.authenticator.deleted, [], 'nothing was deleted');
});

scenario('T5 offline for too long and then refused: the phone is asked to forget the passkey', async (stage) => {
  const begun = await opened(stage);
  const { desk, handy, page } = begun;
  const number = await phone.numberOn(handy);
  await page.clock.install();
  await type(desk, number);
  await page.reload();
  await page.locator('#create').waitFor();
  handy.watch.expect(/ERR_INTERNET_DISCONNECTED/);
  await page.route('**/finish', (route) => route.abort('internetdisconnected'));
  await step.button(page, phone.CREATE).click();
  await step.says(page, /could not store it yet/);
  await page.clock.runFor(130_000);
  await step.says(page, /offline for too long/);
  await step.button(desk.page, /This is not my phone/).click();
  await step.at(desk.page, '/me/security/add/phone/how');
  const deleted = new Promise((resolve) => { handy.devtools.once('WebAuthn.credentialDeleted', resolve); });
  await page.unroute('**/finish');
  await page.clock.runFor(10_000);
  await step.says(page, /was not added to your account/);
  await deleted;
  assert.equal((await handy.authenticator.credentials()).length, 0, 'no orphan');
});

scenario('T5 a reply that is lost loses no passkey', async (stage) => {
  const { handy, page } = await approved(stage);
  handy.watch.expect(/ERR_CONNECTION_RESET.*finish/);
  const { dealt } = await step.loseReply(handy, '/finish');
  await step.button(page, phone.CREATE).click();
  await dealt;
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await step.says(page, /Your passkey is saved/);
  assert.equal((await handy.authenticator.credentials()).length, 1);
});

scenario('T5 a code that was used is gone for everybody else', async (stage) => {
  const { handy, address } = await approved(stage);
  await phone.create(handy);
  const other = await phone.takePhone(stage);
  const answer = await other.page.goto(new URL(address).pathname);
  assert.equal(answer?.status(), 410);
  await phone.scan(handy, address);
  await step.says(handy.page, /Your passkey is saved/);
});

scenario('T5 a code that never was', async (stage) => {
  const handy = await phone.takePhone(stage);
  const answer = await handy.page.goto('/a/e/AAAAAAAAAAAAAAAAAAAAAA');
  assert.equal(answer?.status(), 410);
  await step.says(handy.page, /This code has ended/);
  await look(handy, 'PH-E1');
});

scenario('T7 not signed in: a code is typed, or a passkey signs in', async (stage) => {
  const { ana, desk } = await atCode(stage);
  const code = (await desk.page.locator('#typed').textContent() ?? '').trim();
  const handy = await phone.takePhone(stage);
  await handy.page.goto('/a');
  await step.at(handy.page, '/a/');
  await step.says(handy.page, /Sign in to add this phone/);
  assert.equal(await handy.page.locator('#install').count(), 0, 'the home screen is not offered before a passkey works');
  await look(handy, 'PH-0');
  await step.box(handy.page, phone.CODE).fill('QQQ-QQQ');
  await step.button(handy.page, phone.CONTINUE).click();
  await step.says(handy.page, /not right, or it has ended/);
  await look(handy, 'PH-0-wrong');
  await step.box(handy.page, phone.CODE).fill(code.toLowerCase().replace('-', ' '));
  await step.button(handy.page, phone.CONTINUE).click();
  await step.says(handy.page, /ana•••@example\.com/);
  await phone.goOn(handy);
  await phone.signInByPass(handy, ana.pass);
  await phone.create(handy);
  await step.link(handy.page, 'Go on without trying').click();
  await step.says(handy.page, /Not tried yet/);
  await step.signOut(handy);
  await handy.page.goto('/a/');
  await step.button(handy.page, step.WITH_PASSKEY).click();
  await step.says(handy.page, /Passkeys created on this phone/);
  await step.says(handy.page, /Tried/);
}, SIGN_IN_ONLY);

scenario('T7 inside another app: nothing is taken up, and the way out is shown', async (stage) => {
  const { desk, address } = await atCode(stage);
  const handy = await phone.takePhone(stage, { agent: 'webView' });
  const path = await phone.scan(handy, address);
  await step.says(handy.page, /Open this page in your browser/);
  assert.equal(await step.button(handy.page, phone.CONTINUE).isVisible(), false);
  const open = await step.link(handy.page, 'Open in Chrome').getAttribute('href');
  assert.equal(open, `intent://${new URL(address).host}${path}#Intent;scheme=http;package=com.android.chrome;end`);
  await look(handy, 'PH-E6');
  const apple = await phone.takePhone(stage, { agent: 'iosWebView' });
  await phone.scan(apple, address);
  assert.match(await step.link(apple.page, 'Open in Safari').getAttribute('href') ?? '', /^x-safari-http:/);
  await step.button(apple.page, 'Copy the link').click();
  await apple.page.locator('#copied').filter({ hasText: /./ }).waitFor();
  // Nobody has it: the real browser can still take it up.
  const real = await phone.takePhone(stage);
  await phone.scan(real, address);
  await phone.goOn(real);
  await phone.numberOn(real);
  await step.says(desk.page, /Chrome on Android/);
});

scenario('T7 a phone without a screen lock', async (stage) => {
  const { desk, handy, page } = await opened(stage, { authenticator: 'none' });
  await step.says(page, /Turn on a screen lock/);
  await look(handy, 'PH-E7');
  await wizard.told(desk, /screen lock/);
});

scenario('T7 a browser that is too old, and one that only looks so', async (stage) => {
  const begun = await atCode(stage);
  const old = await phone.takePhone(stage);
  await old.context.addInitScript(() => { Reflect.deleteProperty(globalThis, 'PublicKeyCredential'); });
  await phone.scan(old, begun.address);
  await phone.goOn(old);
  await step.says(old.page, /This browser cannot create passkeys/);
  await look(old, 'PH-E8');
  await wizard.told(begun.desk, /too old/);
  await step.button(begun.desk.page, /stop/).click();
  const address = await wizard.toCode(begun.desk);
  const iphone = await phone.takePhone(stage, { agent: 'oldIphone' });
  await phone.scan(iphone, address);
  await phone.goOn(iphone);
  await step.says(iphone.page, /seems to run iOS 15/);
  await phone.numberOn(iphone);
});

scenario('T7 the home screen: a valid manifest, a worker that keeps nothing private, a page without a network', async (stage) => {
  const { ana, handy, page } = await approved(stage);
  await phone.create(handy);
  await phone.tryIt(handy);
  await step.link(page, 'Open Authenticator').click();
  await step.says(page, /Keep this page at hand/);
  const { url, errors, data } = await handy.devtools.send('Page.getAppManifest');
  assert.match(url, /\/a\/manifest\.webmanifest$/);
  assert.deepEqual(errors, []);
  const manifest = JSON.parse(data ?? '');
  assert.deepEqual([manifest.id, manifest.start_url, manifest.scope, manifest.display], ['/a/', '/a/', '/a/', 'standalone']);
  const { installabilityErrors } = await handy.devtools.send('Page.getInstallabilityErrors');
  assert.deepEqual(installabilityErrors.map((error) => error.errorId).filter((id) => id !== 'in-incognito'), []);

  await page.evaluate(async () => { await navigator.serviceWorker.ready; });
  for (const path of ['/a/', '/me/security', '/a/']) await page.goto(path);
  const kept = await page.evaluate(async () => {
    const found = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const response = await cache.match(request);
        found.push({ path: new URL(request.url).pathname, text: await response?.text() ?? '' });
      }
    }
    return found;
  });
  const pages = kept.filter(({ path }) => !path.startsWith('/static/'));
  assert.deepEqual(pages.map(({ path }) => path), ['/a/offline']);
  for (const { path, text } of kept) assert.ok(!text.includes(ana.email) && !text.includes(ana.name), `${path} names somebody`);

  handy.watch.expect(/ERR_INTERNET_DISCONNECTED/);
  await handy.context.setOffline(true);
  await page.goto('/a/');
  await step.says(page, /Your passkey is still on this phone/);
  assert.ok(!(await page.content()).includes(ana.email));
  await look(handy, 'PH-0-offline');
  await handy.context.setOffline(false);
  await step.link(page, 'Try again').click();
  await step.says(page, /Passkeys created on this phone/);
});

scenario('T7 on an iPhone the home screen is explained', async (stage) => {
  const ana = await stage.newUser();
  const handy = await phone.takePhone(stage, { agent: 'iphone' });
  await step.signInWithPass(handy, ana);
  await handy.page.goto('/me/security/add');
  await handy.page.getByRole('radio', { name: /Passkey on this phone/ }).check();
  await step.button(handy.page, 'Next').click();
  await step.at(handy.page, /\/create$/);
  await step.button(handy.page, phone.CREATE).click();
  await step.at(handy.page, /\/name$/);
  await step.button(handy.page, 'Next').click();
  await step.at(handy.page, /\/try$/);
  await phone.tryIt(handy);
  await handy.page.goto('/a/');
  await step.says(handy.page, /In Safari tap the share button/);
});

scenario('T7 without scripts the page says what it needs', async (stage) => {
  const { address } = await atCode(stage);
  const handy = await phone.takePhone(stage, { javaScript: false, authenticator: 'none' });
  await phone.scan(handy, address);
  await step.says(handy.page, /Passkeys need JavaScript/);
  await phone.goOn(handy);
  await phone.numberOn(handy);
});
