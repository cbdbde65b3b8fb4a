// @ts-check
// The page's places for what a ceremony has to say. The words come from the page itself, in the reader's language.

/** @returns {Record<string, string>} */
export function texts() {
  const block = document.getElementById("texts");
  return block ? JSON.parse(block.textContent ?? "{}") : {};
}

/**
 * Says what is going on; an empty text ends it.
 * @param {string} text
 * @param {(() => void) | null} [cancel] what the button "Cancel" does meanwhile
 */
export function say(text, cancel = null) {
  const status = document.getElementById("status");
  if (status) status.textContent = text;
  const button = document.getElementById("cancel");
  if (button instanceof HTMLButtonElement) {
    button.hidden = cancel === null;
    button.onclick = cancel;
  }
}

/** Takes back what went wrong before. */
export function clear() {
  const banner = document.getElementById("outcome");
  if (banner) banner.hidden = true;
}

/**
 * Tells what went wrong, and moves the focus there.
 * @param {string} message
 */
export function fail(message) {
  say("");
  const banner = document.getElementById("outcome");
  const words = banner?.querySelector("p");
  if (!banner || !words) return;
  words.textContent = message;
  banner.hidden = false;
  banner.focus();
}

/**
 * Buttons that wait for a ceremony.
 * @param {boolean} busy
 */
export function busy(busy) {
  for (const button of document.querySelectorAll("main button")) {
    if (button.id === "cancel") continue;
    if (busy) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

/**
 * Goes to a page of ours; anything else leads home.
 * @param {unknown} path
 */
export function go(path) {
  const ours = typeof path === "string" && path.startsWith("/") && !path.startsWith("//") && !path.startsWith("/\\");
  location.assign(ours ? path : "/");
}
