// @ts-check
// What the forms about people need beside confirm.js: the target of a confirmation that a field decides, and a chosen file
// that becomes the text to be sent.

for (const form of document.querySelectorAll("form[data-target-from]")) {
  if (!(form instanceof HTMLFormElement)) continue;
  const field = document.getElementById(form.dataset.targetFrom ?? "");
  if (!(field instanceof HTMLSelectElement)) continue;
  const prefix = form.dataset.targetPrefix ?? "";
  const follow = () => {
    form.dataset.target = prefix + field.value;
  };
  field.addEventListener("change", follow);
  follow();
}

for (const part of document.querySelectorAll("[data-file-into]")) {
  if (!(part instanceof HTMLElement)) continue;
  const chooser = part.querySelector("input[type=file]");
  const text = document.getElementById(part.dataset.fileInto ?? "");
  if (!(chooser instanceof HTMLInputElement) || !(text instanceof HTMLTextAreaElement)) continue;
  part.hidden = false;
  chooser.addEventListener("change", async () => {
    const file = chooser.files?.[0];
    if (file) text.value = await file.text();
  });
}
