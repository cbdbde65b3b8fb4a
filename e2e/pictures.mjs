/**
 * Takes the guide's pictures and writes its pages: `KEYWARD_BIN=… node pictures.mjs`, from this folder.
 *
 * Pictures go to docs/user/pictures, where the program embeds them; docs/user/guide.*.md is written from /help/passkeys. After
 * new pictures the program is built again.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { closeBrowser } from './harness/browser.mjs';
import { Stage } from './harness/index.mjs';
import { Server } from './harness/server.mjs';
import { GUIDE, walk } from './harness/guide.mjs';
import { docs, guideInMarkdown, PICTURES } from './harness/guide_pages.mjs';

mkdirSync(PICTURES, { recursive: true });
/** @type {Set<string>} */
const kept = new Set();
for (const language of /** @type {const} */ (['en', 'de'])) {
  const server = await Server.start(GUIDE);
  const stage = new Stage(server);
  try {
    await walk(stage, language, async (name, picture) => {
      writeFileSync(`${PICTURES}/${name}.png`, picture);
      kept.add(`${name}.png`);
      console.log(`${name}.png ${picture.length}`);
    });
    writeFileSync(`${docs}/guide.${language}.md`, await guideInMarkdown(stage, language));
  } catch (error) {
    await stage.report();
    throw error;
  } finally {
    await stage.close(true);
    await server.close();
  }
}
for (const old of readdirSync(PICTURES)) {
  if (!kept.has(old)) rmSync(`${PICTURES}/${old}`);
}
await closeBrowser();
