// @ts-check
// The log while it grows: entries that are new are put above those that are there, until the reader pauses it.

import { local } from "./time.js";

/**
 * @typedef {object} Entry
 * @property {string} id
 * @property {string} at
 * @property {string[]} cells in the order of the table's columns, from the second one on
 * @property {string} kind of result: the style of its badge
 * @property {string} code
 */

/** So many rows stay: the page does not grow without end. */
const MOST = 200;

/** @param {Entry} entry */
function row(entry) {
  const line = document.createElement("tr");
  line.dataset.id = entry.id;
  const time = document.createElement("time");
  time.dateTime = entry.at;
  time.textContent = local(new Date(entry.at), "date-time");
  const link = document.createElement("a");
  link.href = `/admin/log/${entry.id}`;
  link.append(time);
  line.append(cell(link));
  entry.cells.forEach((words, index) => {
    line.append(index === 1 ? result(words, entry) : index === entry.cells.length - 1 ? cell(code(words)) : cell(words));
  });
  return line;
}

/** @param {string | Node} content */
function cell(content) {
  const data = document.createElement("td");
  data.append(content);
  return data;
}

/** @param {string} words */
function code(words) {
  const element = document.createElement("code");
  element.textContent = words;
  return element;
}

/** @param {string} words @param {Entry} entry */
function result(words, entry) {
  const badge = document.createElement("span");
  badge.className = `badge ${entry.kind}`;
  badge.textContent = words;
  const data = cell(badge);
  if (entry.code) data.append(" ", code(entry.code));
  return data;
}

/** @param {HTMLButtonElement} button @param {HTMLElement} rows */
function start(button, rows) {
  /** @type {EventSource | undefined} */
  let source;
  const status = document.getElementById("live-status");
  /** @param {string} words */
  const say = (words) => {
    if (status) status.textContent = words;
  };
  /** @param {Entry[]} entries newest first */
  const take = (entries) => {
    for (const entry of [...entries].reverse()) {
      if (!rows.querySelector(`[data-id="${CSS.escape(entry.id)}"]`)) rows.prepend(row(entry));
    }
    while (rows.children.length > MOST) rows.lastElementChild?.remove();
  };
  const pause = () => {
    source?.close();
    source = undefined;
    button.textContent = button.dataset.start ?? "";
  };
  const follow = () => {
    source = new EventSource(button.dataset.events ?? "");
    button.textContent = button.dataset.pause ?? "";
    say(button.dataset.on ?? "");
    source.addEventListener("stage", (event) => {
      take(JSON.parse(event.data).entries);
    });
    source.addEventListener("error", () => {
      // Closed for good: the session is over, or there is no place. Otherwise the browser tries again by itself.
      if (source?.readyState !== 2) return;
      pause();
      say(button.dataset.ended ?? "");
    });
  };
  button.addEventListener("click", () => {
    if (source) {
      pause();
      say(button.dataset.off ?? "");
    } else {
      follow();
    }
  });
  button.hidden = false;
}

const button = document.getElementById("live");
const rows = document.getElementById("rows");
if (button instanceof HTMLButtonElement && rows && typeof EventSource === "function") start(button, rows);
