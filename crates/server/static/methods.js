// @ts-check
// Small comforts of the pages about passwords and codes. Without them everything works the same.

// Showing a password, to those who want to see it.
for (const button of document.querySelectorAll("[data-reveal]")) {
  if (!(button instanceof HTMLButtonElement)) continue;
  const box = document.getElementById(button.dataset.reveal ?? "");
  if (!(box instanceof HTMLInputElement)) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = box.type === "text";
    box.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
  });
  // A password manager keeps what is sent as a password only.
  box.form?.addEventListener("submit", () => {
    box.type = "password";
    button.setAttribute("aria-pressed", "false");
  });
}

// Caps Lock, as long as somebody types.
const caps = document.getElementById("password-caps");
for (const box of document.querySelectorAll("[data-caps]")) {
  box.addEventListener("keyup", (event) => {
    if (!(event instanceof KeyboardEvent) || !caps) return;
    const said = event.getModifierState("CapsLock") ? caps.dataset.capsText ?? "" : "";
    if (caps.textContent !== said) caps.textContent = said;
  });
  box.addEventListener("blur", () => {
    if (caps) caps.textContent = "";
  });
}

// Copying and printing what is shown once.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!(button instanceof HTMLButtonElement) || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const from = document.getElementById(button.dataset.copy ?? "");
    const codes = [...(from?.querySelectorAll("code") ?? [])];
    const lines = (codes.length > 0 ? codes : [from]).map((part) => part?.textContent?.trim() ?? "");
    const said = document.getElementById("copied");
    try {
      await navigator.clipboard.writeText(lines.join("\n"));
      if (said) said.textContent = button.dataset.copied ?? "";
    } catch {
      // What is not copied can still be read.
    }
  });
}
const printer = document.querySelector("[data-print]");
if (printer instanceof HTMLButtonElement) {
  printer.hidden = false;
  printer.addEventListener("click", () => globalThis.print());
}

// Whether the page is left on purpose.
let leaving = false;

// A download is no step: its form may be sent again.
for (const form of document.querySelectorAll("form[data-again]")) {
  form.addEventListener("submit", () => {
    leaving = true;
    setTimeout(() => {
      leaving = false;
      if (form instanceof HTMLFormElement) delete form.dataset.sent;
      for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
    });
  });
}

// Leaving before saying that the codes are kept: the browser asks.
const kept = document.querySelector("form[data-leave]");
if (kept) {
  kept.addEventListener("submit", () => {
    leaving = true;
  });
  addEventListener("beforeunload", (event) => {
    if (!leaving) event.preventDefault();
  });
}

export {};
