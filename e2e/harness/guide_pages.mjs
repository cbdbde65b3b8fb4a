/** The guide as Markdown, read from the page in the product: one source for both. */
import { fileURLToPath } from 'node:url';

/** @typedef {import('./index.mjs').Stage} Stage */

export const docs = fileURLToPath(new URL('../../docs/user', import.meta.url));
export const PICTURES = `${docs}/pictures`;

/** @param {Stage} stage @param {'en' | 'de'} language @returns {Promise<string>} */
export async function guideInMarkdown(stage, language) {
  const reader = await stage.desktop({ locale: language });
  await reader.page.goto(`/help/passkeys?lang=${language}`);
  const heading = await reader.page.locator('h1').innerText();
  const body = await reader.page.evaluate(toMarkdown);
  return `<!-- Written by e2e/pictures.mjs from /help/passkeys. -->\n# ${heading}\n\n${body}`;
}

/** Runs in the page. */
function toMarkdown() {
  /** @param {Element} element @param {string} indent */
  const inside = (element, indent) => {
    let out = '';
    for (const child of element.childNodes) {
      if (child instanceof HTMLImageElement) {
        out += `\n\n${indent}![${child.alt}](pictures/${new URL(child.src).pathname.split('/').at(-1)})`;
      } else {
        out += (child.textContent ?? '').replace(/\s+/g, ' ');
      }
    }
    return out.trim();
  };
  let out = '';
  for (const element of document.querySelectorAll('.guide h2, .guide h3, .guide p, .guide ol, .guide ul')) {
    const tag = element.tagName;
    if (tag === 'H2') out += `## ${inside(element, '')}\n\n`;
    else if (tag === 'H3') out += `### ${inside(element, '')}\n\n`;
    else if (tag === 'P') out += `${inside(element, '')}\n\n`;
    else {
      let number = element instanceof HTMLOListElement ? element.start : 0;
      for (const item of element.children) {
        const mark = tag === 'OL' ? `${number}. ` : '- ';
        number += 1;
        out += `${mark}${inside(item, ' '.repeat(mark.length))}\n`;
      }
      out += '\n';
    }
  }
  return `${out.trim()}\n`;
}
