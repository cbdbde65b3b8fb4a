/** The guide's pictures and pages are those of today's pages; the letter is one page of paper. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { GUIDE, walk } from '../harness/guide.mjs';
import { docs, guideInMarkdown, PICTURES } from '../harness/guide_pages.mjs';
import { look, scenario } from '../harness/index.mjs';
import * as step from '../harness/steps.mjs';

const OUT = fileURLToPath(new URL('../out', import.meta.url));
const AGAIN = 'take them again: node pictures.mjs, then build the program';

for (const language of /** @type {const} */ (['en', 'de'])) {
  scenario(`guide: the pictures in ${language} show today's pages`, async (stage) => {
    /** @type {string[]} */
    const stale = [];
    /** @type {Set<string>} */
    const taken = new Set();
    await walk(stage, language, async (name, picture) => {
      taken.add(`${name}.png`);
      const differing = unlike(`${PICTURES}/${name}.png`, picture);
      if (differing > 0.005) {
        writeFileSync(path.join(OUT, `guide-${name}.png`), picture);
        stale.push(`${name}: ${(differing * 100).toFixed(2)} % differ`);
      }
    });
    assert.deepEqual(stale, [], AGAIN);
    const committed = readdirSync(PICTURES).filter((name) => name.endsWith(`.${language}.png`));
    assert.deepEqual(committed.filter((name) => !taken.has(name)), [], 'pictures that the walk does not take');
    for (const name of committed) assert.ok(statSync(`${PICTURES}/${name}`).size <= 60_000, `${name} is too large`);
    const written = readFileSync(`${docs}/guide.${language}.md`, 'utf8');
    assert.equal(await guideInMarkdown(stage, language), written, AGAIN);
  }, GUIDE);
}

/** Which part of a committed picture differs, from 0 to 1. @param {string} file @param {Buffer} picture */
function unlike(file, picture) {
  if (!existsSync(file)) return 1;
  const [old, now] = [PNG.sync.read(readFileSync(file)), PNG.sync.read(picture)];
  if (old.width !== now.width || old.height !== now.height) return 1;
  return pixelmatch(old.data, now.data, undefined, old.width, old.height, { threshold: 0.1 }) / (old.width * old.height);
}

scenario('guide: it can be read by everybody, in four languages, on a phone and on paper', async (stage) => {
  await stage.newUser();
  const reader = await stage.desktop();
  const { page } = reader;
  for (const language of ['en', 'de', 'fr', 'it']) {
    await page.goto(`/help/passkeys?lang=${language}`);
    assert.equal(await page.locator('html').getAttribute('lang'), language);
    assert.equal(await page.locator('.guide h2').count() >= 7, true);
    const loaded = await page.evaluate(async () => {
      const pictures = [...document.querySelectorAll('img')];
      for (const one of pictures) one.loading = 'eager';
      await Promise.all(pictures.map((one) => one.decode()));
      return pictures.filter((one) => one.naturalWidth > 0 && one.alt !== '').length === pictures.length && pictures.length;
    });
    assert.equal(loaded, 20, `${language}: pictures`);
    await look(reader, `help-passkeys-${language}`);
  }
}, GUIDE);

scenario('T1.10 the letter is one page of A4, opens the sign-in with the name filled in, and the name leaves the address', async (stage) => {
  const ana = await stage.newUser();
  const file = path.join(stage.server.folder, 'letter.html');
  const issued = await stage.server.command('pass', 'issue', ana.email, '--letter', file);
  assert.equal(statSync(file).mode & 0o777, 0o600, 'nobody else reads it');
  const html = readFileSync(file, 'utf8');
  assert.ok(html.includes(issued.pass) && html.includes(ana.email));
  await assert.rejects(stage.server.command('pass', 'issue', ana.email, '--letter', file), /No pass was issued/, 'it overwrites nothing');
  const desk = await stage.desktop();
  await desk.page.setContent(html);
  const paper = await desk.page.pdf({ preferCSSPageSize: true });
  assert.equal(pagesOf(paper), 1, 'one page');
  await desk.page.goto(`/signin#u=${encodeURIComponent(ana.email)}`);
  await step.box(desk.page, step.IDENTIFIER).waitFor();
  assert.equal(await step.box(desk.page, step.IDENTIFIER).inputValue(), ana.email);
  assert.equal(new URL(desk.page.url()).hash, '', 'the name is gone from the address');
  // Opening it, and even the form with the pass in it, uses nothing up.
  await desk.page.goto('about:blank');
  await desk.page.goto(`/signin/tap#u=${encodeURIComponent(ana.email)}&t=${issued.pass}`);
  await step.box(desk.page, step.PASS).waitFor();
  assert.equal(new URL(desk.page.url()).hash, '');
  const other = await stage.desktop();
  await step.signInWithPass(other, ana, issued.pass);
});

scenario('the blank letter is one page of A4 in each language', async (stage) => {
  await stage.newUser();
  const desk = await stage.desktop();
  for (const language of ['en', 'de', 'fr', 'it']) {
    await desk.page.goto(`/help/letter?lang=${language}`);
    assert.equal(pagesOf(await desk.page.pdf({ format: 'A4' })), 1, language);
  }
  await look(desk, 'help-letter');
});

/** @param {Buffer} paper a PDF */
function pagesOf(paper) {
  return paper.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
}

scenario('every page leads to its own help, and every help page stands', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  await desk.page.goto('/signin');
  await step.link(desk.page, 'Help').click();
  await step.at(desk.page, '/help/sign-in');
  await look(desk, 'help-sign-in');
  await step.settleIn(desk, ana);
  for (const [from, to] of /** @type {const} */ ([['/me/security', '/help/security'], ['/me/sessions', '/help/sessions'], ['/me/security/add', '/help/add'], ['/me/history', '/help/history']])) {
    await desk.page.goto(from);
    await step.link(desk.page, 'Help').first().click();
    await step.at(desk.page, to);
  }
});

scenario('the language of the account is kept, and goes with the person to another browser', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  await step.settleIn(desk, ana);
  await desk.page.goto('/me/language');
  await look(desk, 'language');
  await desk.page.getByRole('radio', { name: 'Italiano' }).check();
  await step.button(desk.page, 'Save').click();
  await desk.page.waitForFunction(() => document.documentElement.lang === 'it');
  const other = await stage.desktop({ locale: 'de-CH', authenticator: 'none' });
  const issued = await stage.server.issuePass(ana.email);
  await other.page.goto('/signin/tap');
  assert.equal(await other.page.locator('html').getAttribute('lang'), 'de', 'nobody is known there yet');
  await other.page.locator('#identifier').fill(ana.email);
  await other.page.locator('#pass').fill(issued.pass);
  await other.page.locator('main form button.primary').click();
  await step.at(other.page, /^\/(welcome|me\/security)$/);
  assert.equal(await other.page.locator('html').getAttribute('lang'), 'it');
});
