// @ts-check
// A pass that is shown once: copying, showing large, printing; and after two minutes it is veiled, for whoever passes by.

/** How long it is seen without anybody asking for it. */
const SEEN = 120_000;

const said = document.getElementById("copied");
const unveil = document.getElementById("unveil");
const large = document.getElementById("large");
let timer = 0;

/** @param {boolean} veiled */
function veil(veiled) {
  document.body.classList.toggle("veiled", veiled);
  if (unveil) unveil.hidden = !veiled;
  if (said) said.textContent = veiled ? said.dataset.veiled ?? "" : "";
  if (veiled && large instanceof HTMLDialogElement) large.close();
  clearTimeout(timer);
  if (!veiled) timer = setTimeout(() => veil(true), SEEN);
}

/**
 * @param {string} id
 * @param {(button: HTMLButtonElement) => void} work
 */
function button(id, work) {
  const found = document.getElementById(id);
  if (!(found instanceof HTMLButtonElement)) return;
  found.hidden = false;
  found.addEventListener("click", () => work(found));
}

if (navigator.clipboard) {
  button("copy", async (copy) => {
    try {
      await navigator.clipboard.writeText(document.getElementById("issued")?.textContent?.trim() ?? "");
      if (said) said.textContent = copy.dataset.copied ?? "";
    } catch {
      // What is not copied can still be read.
    }
  });
}
button("larger", () => {
  if (large instanceof HTMLDialogElement) large.showModal();
});
button("print", () => globalThis.print());
button("unveil", () => veil(false));
veil(false);

// Kept by the browser for going back: what was shown once is not shown again.
addEventListener("pageshow", (event) => {
  if (event.persisted) veil(true);
});

export {};
