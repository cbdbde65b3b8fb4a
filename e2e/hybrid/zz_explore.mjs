import { Stage } from './stage.mjs';
import * as step from '../harness/steps.mjs';
import { copyFile } from 'node:fs/promises';
const stage = await Stage.set();
try {
  const phone = await stage.phone();
  const desk = await stage.desk();
  const { page } = desk;
  await page.goto('/signin');
  console.log(await page.evaluate(async () => JSON.stringify(await PublicKeyCredential.getClientCapabilities())));
  const box = step.box(page, step.IDENTIFIER);
  console.log('focused', await box.evaluate((e) => document.activeElement === e), await box.getAttribute('autocomplete'));
  await new Promise((r) => setTimeout(r, 1500));
  await copyFile(await stage.screen.picture('a'), '/tmp/w/h6-a.png');
  await box.click();
  await new Promise((r) => setTimeout(r, 1500));
  await copyFile(await stage.screen.picture('b'), '/tmp/w/h6-b.png');
  await page.keyboard.press('ArrowDown');
  await new Promise((r) => setTimeout(r, 1500));
  await copyFile(await stage.screen.picture('c'), '/tmp/w/h6-c.png');
  await page.keyboard.press('Enter');
  await new Promise((r) => setTimeout(r, 2500));
  await copyFile(await stage.screen.picture('d'), '/tmp/w/h6-d.png');
  console.log(await phone.look('/tmp/w/h6-d.png'));
} finally { await stage.close(); }
