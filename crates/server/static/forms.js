// @ts-check
// Forms: sent once, kept while offline; a pass is shown in its groups.

for (const form of document.querySelectorAll("form[method=post]")) {
  if (!(form instanceof HTMLFormElement)) continue;
  form.addEventListener("submit", (event) => {
    // Scripts of the page that send it themselves, or not at all, have spoken already.
    if (event.defaultPrevented) return;
    if (!navigator.onLine || form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-disabled", "true");
  });
}

// Back to a page that the browser kept: its forms may be sent again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) {
    if (form instanceof HTMLFormElement) delete form.dataset.sent;
  }
  for (const button of document.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
});

/**
 * Capital letters in groups of four; the server takes any spelling.
 * @param {string} value
 * @returns {string}
 */
export function grouped(value) {
  const plain = value.normalize("NFKC").toUpperCase().replace(/[^A-Z0-9]/g, "");
  return plain.match(/.{1,4}/g)?.join("-") ?? "";
}

const pass = document.getElementById("pass");
if (pass instanceof HTMLInputElement) {
  const group = () => {
    pass.value = grouped(pass.value);
  };
  pass.addEventListener("change", group);
  pass.addEventListener("paste", () => setTimeout(group));
}
