// @ts-check
// Boxes for date and time mean the reader's own zone: the server learns how far it is from UTC, and the hint says so.

for (const box of document.querySelectorAll("[data-zone]")) {
  if (!(box instanceof HTMLInputElement)) continue;
  const fill = () => {
    const at = box.form?.querySelector("[type=datetime-local]");
    // On the day that is meant: clocks may change until then.
    const day = at instanceof HTMLInputElement && at.value ? new Date(at.value) : new Date();
    box.value = String(-day.getTimezoneOffset());
  };
  fill();
  box.form?.addEventListener("change", fill);
}
for (const hint of document.querySelectorAll("[data-zone-hint]")) {
  if (hint instanceof HTMLElement) hint.textContent = hint.dataset.zoneHint ?? "";
}

export {};
