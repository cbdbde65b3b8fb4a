// @ts-check
// The computer's side of a passkey that is created on the phone: the page is told what happens, by events where they
// come through, else by asking.

import { go } from "./ui.js";

/**
 * @typedef {object} Told
 * @property {boolean} ok
 * @property {number} version
 * @property {string} view
 * @property {string} text
 * @property {string} device
 * @property {number} level
 * @property {boolean} anotherTried
 * @property {boolean} lost
 * @property {string | null} next
 * @property {string | null} tryInstead
 * @property {boolean} last
 */

/** Without an event for so long, something between us and the server holds them back (G-13). */
const SILENCE = 20_000;
const ASK_EVERY = 3_000;
/** A passkey was created: long enough to read it. */
const GO_ON_AFTER = 1_500;

/**
 * Tells `apply` of every state, until one is the last.
 * @param {string} path of the events; beside it lies `stage`, which answers once
 * @param {(told: Told) => void} apply
 */
export function follow(path, apply) {
  let over = false;
  /** @type {EventSource | undefined} */
  let source;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let silence;

  /** @param {unknown} data */
  const take = (data) => {
    if (over) return;
    const told = /** @type {Told} */ (data);
    if (!told.ok) {
      // The session of this page is over, or the code is unknown by now: the server says what is left to do.
      over = true;
      location.reload();
      return;
    }
    apply(told);
    if (told.last) {
      over = true;
      source?.close();
      clearTimeout(silence);
    }
  };

  const ask = async () => {
    source?.close();
    clearTimeout(silence);
    while (!over) {
      try {
        const answer = await fetch(path.replace(/events$/, "stage"), { headers: { Accept: "application/json" }, credentials: "same-origin" });
        if (answer.ok) take(await answer.json());
      } catch {
        // Offline: the page says so by itself, and the next question may get through.
      }
      await new Promise((resolve) => { setTimeout(resolve, ASK_EVERY); });
    }
  };

  if (typeof EventSource !== "function") {
    ask();
    return;
  }
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(ask, SILENCE);
  };
  heard();
  source = new EventSource(path);
  source.addEventListener("alive", heard);
  source.addEventListener("stage", (event) => {
    heard();
    take(JSON.parse(event.data));
  });
  source.addEventListener("error", () => {
    // Closed for good: refused, or answered by something that is not us. Otherwise the browser tries again by itself.
    if (source?.readyState === 2 && !over) ask();
  });
}

/** @param {string} id @returns {HTMLElement | null} */
const part = (id) => document.getElementById(id);

/** @param {HTMLElement} live @param {Told} told */
function show(live, told) {
  const before = live.dataset.view;
  live.dataset.view = told.view;
  for (const element of live.querySelectorAll("[data-views]")) {
    if (element instanceof HTMLElement) element.hidden = !(element.dataset.views ?? "").split(" ").includes(told.view);
  }
  for (const line of live.querySelectorAll("[data-level]")) {
    if (!(line instanceof HTMLElement)) continue;
    const done = Number(line.dataset.level) <= told.level;
    line.classList.toggle("done", done);
    const word = line.querySelector("[data-done]");
    if (word instanceof HTMLElement) word.hidden = !done;
  }
  const another = part("another");
  if (another) another.hidden = !told.anotherTried;
  const lost = part("lost");
  if (lost) lost.hidden = !told.lost;
  const device = part("device");
  if (device) device.textContent = told.device;
  part("qr")?.classList.toggle("over", told.view === "expired");
  const status = part("status");
  // Only what is new is said: the page may have said more than the stage when it came.
  if (status && live.dataset.text !== told.text) status.textContent = told.text;
  live.dataset.text = told.text;
  const problem = ["trouble", "over", "expired", "ended"].includes(told.view);
  const turn = part("turn");
  if (turn) turn.className = `banner ${problem ? "warn" : told.view === "done" ? "ok" : "info"}`;
  for (const [id, path] of [["go-on", told.next], ["try-instead", told.tryInstead]]) {
    const link = part(id ?? "");
    if (link instanceof HTMLAnchorElement && path) link.href = path;
  }
  if (before !== told.view) move(told, status);
}

/**
 * The focus goes where something is to be done, unless the person is doing something already.
 * @param {Told} told
 * @param {HTMLElement | null} status
 */
function move(told, status) {
  const at = document.activeElement;
  const busy = at instanceof HTMLElement && at !== document.body && at.id !== "heading" && at.offsetParent !== null;
  if (told.view === "number" && !busy) part("number")?.focus();
  else if (["over", "expired", "ended"].includes(told.view) && !busy) status?.focus();
  if (told.view === "done" && told.next) setTimeout(() => go(told.next), GO_ON_AFTER);
}

/** @param {HTMLElement} live */
function start(live) {
  let version = -1;
  if (live.dataset.last !== "true") {
    follow(`/me/security/add/phone/${live.dataset.id}/events`, (told) => {
      // What is asked for may overtake what was sent.
      if (told.version < version) return;
      version = told.version;
      show(live, told);
    });
  } else if (live.dataset.view === "done") {
    const next = part("go-on")?.getAttribute("href");
    setTimeout(() => go(next), GO_ON_AFTER);
  }
  const minute = new Date(live.dataset.ends ?? "").getTime() - 60_000 - Date.now();
  if (minute > 0) {
    setTimeout(() => {
      const status = part("status");
      if (status && live.dataset.view === "code") status.textContent = live.dataset.oneMinute ?? "";
    }, minute);
  }
  const copy = part("copy");
  copy?.addEventListener("click", async () => {
    const status = part("status");
    try {
      await navigator.clipboard.writeText(copy.dataset.link ?? "");
      if (status) status.textContent = copy.dataset.copied ?? "";
    } catch {
      // The browser does not let us; the address stands beside.
    }
  });
}

const live = document.getElementById("live");
if (live) start(live);
