/** What holds on every page: without scripts, in German, headers and cookies, small windows. */
import assert from 'node:assert/strict';
import { look, scenario } from '../harness/index.mjs';
import * as step from '../harness/steps.mjs';

scenario('G-1 without scripts every page can be read, a pass signs in, and passkeys say what they need', async (stage) => {
  const ana = await stage.newUser();
  const walker = await stage.noJs();
  const { page } = walker;
  await page.goto('/signin');
  await step.says(page, /Passkeys need JavaScript/);
  assert.equal(await step.button(page, step.WITH_PASSKEY).isVisible(), false, 'no button that does nothing');
  await look(walker, 'SI-1-nojs');
  await step.box(page, step.IDENTIFIER).fill(ana.email);
  await step.button(page, 'Next').click();
  await step.at(page, '/signin/method');
  await look(walker, 'SI-2-nojs');
  await step.link(page, 'I have a temporary access pass').click();
  await step.at(page, '/signin/tap');
  await look(walker, 'SI-3-nojs');
  await step.box(page, step.PASS).fill(ana.pass);
  await step.button(page, 'Sign in').click();
  await step.at(page, '/welcome');
  await look(walker, 'WN-1-nojs');
  await page.goto('/me/security/add');
  await page.getByRole('radio', { name: step.PLACES.computer }).check();
  await step.button(page, 'Next').click();
  await step.at(page, /\/create$/);
  await step.says(page, /Passkeys need JavaScript/);
  await look(walker, 'W-5a-nojs');
  for (const [path, status] of /** @type {const} */ ([['/help', 200], ['/me/security', 200], ['/me/sessions', 403]])) {
    const answer = await page.goto(path);
    assert.equal(answer?.status(), status, path);
    await look(walker, `${path.slice(1).replaceAll('/', '-')}-nojs`);
  }
  await step.signOut(walker);
  await look(walker, 'signed-out-nojs');
});

scenario('German: the whole way in the other language, remembered', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const { page } = desk;
  await page.goto('/signin');
  await chooseGerman(page);
  await page.waitForFunction(() => document.documentElement.lang.startsWith('de'));
  assert.equal(desk.path, '/signin', 'back on the page it came from');
  await look(desk, 'SI-1-de');
  await page.goto('/signin/tap');
  await page.getByRole('textbox').first().waitFor();
  await look(desk, 'SI-3-de');
  const fields = page.getByRole('textbox');
  if (await fields.count() > 1) await fields.first().fill(ana.email);
  await fields.last().fill(ana.pass);
  await fields.last().press('Enter');
  await step.at(page, '/welcome');
  await look(desk, 'WN-1-de');
  for (const path of ['/me/security', '/me/security/add', '/me/security/add/this-computer/create', '/me/sessions', '/help']) {
    await page.goto(path);
    assert.match(await page.locator('html').getAttribute('lang') ?? '', /^de/);
    const text = await page.locator('body').innerText();
    assert.doesNotMatch(text, /\b(Sign in|Sign out|Next|Security info|Add sign-in method|Create passkey|Temporary access pass|Cancel|Help)\b/, `${path} is German`);
    await look(desk, `${path.slice(1).replaceAll('/', '-')}-de`);
  }
});

scenario('German by the browser alone', async (stage) => {
  await stage.newUser();
  const desk = await stage.desktop({ locale: 'de-CH' });
  await desk.page.goto('/signin');
  assert.match(await desk.page.locator('html').getAttribute('lang') ?? '', /^de/);
});

scenario('cookies are __Host-, Secure, HttpOnly, SameSite=Lax, and no page can read them', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  await step.settleIn(desk, ana);
  const cookies = await desk.context.cookies();
  const names = cookies.map((cookie) => cookie.name);
  assert.ok(names.includes('__Host-keyward-session') && names.includes('__Host-keyward-browser'), names.join());
  for (const cookie of cookies) {
    assert.match(cookie.name, /^__Host-keyward-/);
    assert.deepEqual([cookie.secure, cookie.httpOnly, cookie.sameSite, cookie.path], [true, true, 'Lax', '/'], cookie.name);
  }
  assert.equal(await desk.page.evaluate(() => document.cookie), '');
});

scenario('what is served beside the pages', async (stage) => {
  const { origin } = stage.server;
  const endpoints = await (await fetch(`${origin}/.well-known/passkey-endpoints`)).json();
  assert.ok(endpoints.enroll.startsWith(origin) && endpoints.manage.startsWith(origin), JSON.stringify(endpoints));
  const related = await fetch(`${origin}/.well-known/webauthn`);
  assert.match(related.headers.get('content-type') ?? '', /^application\/json/);
  assert.ok(Array.isArray((await related.json()).origins));
  for (const path of ['/healthz', '/readyz']) assert.equal((await fetch(origin + path)).status, 200, path);
  const missing = await fetch(`${origin}/no/such/page`, { headers: { accept: 'text/html' } });
  assert.equal(missing.status, 404);
  assert.match(missing.headers.get('content-security-policy') ?? '', /default-src 'none'/);
});

scenario('a page of another site cannot act: no state changes by a cross-site post, none by GET', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  await step.settleIn(desk, ana);
  const cookie = (await desk.context.cookies()).map((one) => `${one.name}=${one.value}`).join('; ');
  for (const headers of /** @type {Record<string, string>[]} */ ([{ 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, { origin: 'https://evil.example' }])) {
    const answer = await fetch(`${stage.server.origin}/signout`, {
      method: 'POST', redirect: 'manual', headers: { ...headers, cookie, 'content-type': 'application/x-www-form-urlencoded' },
    });
    assert.equal(answer.status, 403);
  }
  for (const path of ['/signout', '/me/sessions/revoke-others']) {
    assert.equal((await fetch(stage.server.origin + path, { headers: { cookie }, redirect: 'manual' })).status, 405, path);
  }
  await desk.page.goto('/me/security');
  await desk.page.getByRole('heading', { level: 1, name: 'Security info' }).waitFor();
});

scenario('private pages without a session lead to signing in', async (stage) => {
  await stage.newUser();
  const desk = await stage.desktop();
  for (const path of ['/me/security', '/me/security/add', '/me/sessions', '/welcome']) {
    await desk.page.goto(path);
    await step.at(desk.page, '/signin');
  }
});

scenario('a missing page says so in plain words', async (stage) => {
  await stage.newUser();
  const desk = await stage.desktop();
  await desk.page.goto('/no/such/page');
  await look(desk, 'not-found');
});

/** @param {import('playwright-core').Page} page */
async function chooseGerman(page) {
  const picker = page.getByRole('combobox', { name: /language/i });
  if (await picker.count() > 0) {
    await picker.selectOption({ label: 'Deutsch' });
    await page.getByRole('button', { name: /language|change/i }).click();
    return;
  }
  const menu = page.locator('summary').filter({ hasText: /English|Language/ });
  if (await menu.count() > 0) await menu.first().click();
  await step.control(page, 'Deutsch').click();
}
