// @ts-check
// Pages of an application that waits: an answer that the browser posts by itself, and a button that no hurried click hits.

/** Whoever lures somebody into a double click shows this page only between its two clicks. */
const SETTLE = 800;

for (const form of document.querySelectorAll("form[data-send]")) {
  if (form instanceof HTMLFormElement) form.submit();
}

let timer = 0;

/** From the moment that the page is looked at, its buttons that grant something wait. */
function settle() {
  clearTimeout(timer);
  const buttons = document.querySelectorAll("button[data-settle]");
  for (const button of buttons) if (button instanceof HTMLButtonElement) button.disabled = true;
  timer = setTimeout(() => {
    for (const button of buttons) if (button instanceof HTMLButtonElement) button.disabled = false;
  }, SETTLE);
}

if (document.querySelector("button[data-settle]")) {
  settle();
  addEventListener("focus", settle);
  addEventListener("pageshow", (event) => {
    if (event.persisted) settle();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") settle();
  });
}

export {};
