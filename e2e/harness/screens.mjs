/** Looking at a screen: accessibility in light and dark, one heading, a title, reflow at 320 px, pictures. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const out = fileURLToPath(new URL('../out', import.meta.url));
const pictures = fileURLToPath(new URL('../../docs/user/pictures', import.meta.url));
mkdirSync(out, { recursive: true });

/** WCAG 2.0 to 2.2, levels A and AA, and axe's own advice; the size of targets is off unless asked for. */
const AXE = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  rules: { 'target-size': { enabled: true } },
};

/** Screens that this process has looked at. @type {Set<string>} */
const seen = new Set();

/**
 * Judges the screen that the page shows, once for each name in a process.
 * @param {import('./browser.mjs').Visitor} visitor
 * @param {string} name stable screen id and state, for example `SI-3-wrong`
 */
export async function look(visitor, name) {
  const { page } = visitor;
  await page.waitForLoadState('load');
  if (seen.has(name)) return;
  seen.add(name);
  const size = page.viewportSize() ?? { width: 1280, height: 800 };
  const frame = await page.evaluate(() => ({
    headings: document.querySelectorAll('h1').length,
    heading: document.querySelector('h1')?.textContent?.trim() ?? '',
    title: document.title,
    untranslated: document.documentElement.innerHTML.match(/⟦[^⟧]*⟧/)?.[0],
  }));
  assert.equal(frame.headings, 1, `${name}: headings of the first level`);
  assert.ok(frame.heading !== '' && frame.title.includes(frame.heading), `${name}: title "${frame.title}" of "${frame.heading}"`);
  assert.equal(frame.untranslated, undefined, `${name}: a text is missing`);
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    await page.emulateMedia({ colorScheme });
    await shot(page, `${name}.${colorScheme}`);
    if (visitor.javaScript) await accessible(visitor, `${name} ${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 320, height: 720 });
  await shot(page, `${name}.320`);
  const wide = await page.evaluate(overflowing);
  await page.setViewportSize(size);
  assert.deepEqual(wide, [], `${name}: wider than 320 px`);
}

/** A picture for the handbook, when `KEYWARD_PICTURES=1`. @param {import('./browser.mjs').Visitor} visitor @param {string} name */
export async function picture(visitor, name) {
  if (process.env['KEYWARD_PICTURES'] !== '1') return;
  mkdirSync(pictures, { recursive: true });
  const { page } = visitor;
  const size = page.viewportSize() ?? { width: 1280, height: 800 };
  await page.setViewportSize({ width: 880, height: 640 });
  await page.screenshot({ path: path.join(pictures, `${name}.png`), caret: 'initial' });
  await page.setViewportSize(size);
}

/** @param {import('playwright-core').Page} page @param {string} name */
async function shot(page, name) {
  await page.screenshot({ path: path.join(out, `${name.replaceAll(/[^\w.-]/g, '_')}.png`), fullPage: true, caret: 'initial' });
}

/** What axe finds on the page as it is. @param {import('./browser.mjs').Visitor} visitor @param {string} where */
export async function accessible(visitor, where) {
  await visitor.devtools.send('Runtime.evaluate', { expression: axeSource });
  const answer = await visitor.devtools.send('Runtime.evaluate', {
    expression: `axe.run(document, ${JSON.stringify(AXE)}).then((found) => found.violations.map((violation) =>
      violation.id + ': ' + violation.help + ': ' + violation.nodes.map((node) => node.target + ' ' + node.failureSummary).join(' | ')))`,
    awaitPromise: true, returnByValue: true,
  });
  assert.equal(answer.exceptionDetails, undefined, `${where}: axe itself failed`);
  assert.deepEqual(answer.result.value, [], `${where}: axe`);
}

/** What sticks out of the window, in words. Runs in the page. */
function overflowing() {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.body.querySelectorAll('*')]
    .filter((element) => element.getBoundingClientRect().right > width + 1)
    .map((element) => `${element.tagName.toLowerCase()}.${element.className} ${Math.round(element.getBoundingClientRect().right)} px`)
    .slice(0, 8);
}
