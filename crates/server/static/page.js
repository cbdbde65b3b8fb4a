// @ts-check
// Every page: where the focus goes, and the small comforts.

import "./time.js";
import "./offline.js";
import "./forms.js";

// After a step the focus is at what the step led to: a problem, a new card, else the heading. A page that was opened
// from outside keeps the browser's own start, and a text box that asked for the focus keeps it.
const problem = document.getElementById("problem");
const marked = document.querySelector("[data-marked]");
const typing = document.activeElement instanceof HTMLInputElement;
const stepped = document.referrer.startsWith(location.origin);
if (problem) {
  problem.focus();
} else if (!typing && !location.hash && stepped) {
  const target = marked ?? document.getElementById("heading");
  if (target instanceof HTMLElement) target.focus({ preventScroll: target !== marked });
}

// The language menu closes when something else is meant.
for (const menu of document.querySelectorAll("details.menu")) {
  if (!(menu instanceof HTMLDetailsElement)) continue;
  document.addEventListener("click", (event) => {
    if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
}
