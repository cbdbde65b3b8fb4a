// @ts-check
// A check of policy that takes its time: how far it is, until the page can be drawn.

/** How often the page asks, in milliseconds. */
const ASK_EVERY = 1000;

const status = document.getElementById("computed");
const bar = document.getElementById("progress");

/** @param {string} path */
async function follow(path) {
  for (;;) {
    await new Promise((resolve) => { setTimeout(resolve, ASK_EVERY); });
    try {
      const answer = await fetch(path, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      const told = await answer.json();
      if (!told.ok || told.over) {
        location.reload();
        return;
      }
      if (bar instanceof HTMLProgressElement) {
        bar.max = Math.max(told.total, 1);
        bar.value = told.done;
      }
      if (status) status.textContent = told.text;
    } catch {
      // Offline: the page says so by itself, and the next question may get through.
    }
  }
}

if (status?.dataset.stage) follow(status.dataset.stage);

export {};
