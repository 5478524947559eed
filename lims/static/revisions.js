// What somebody else entered meanwhile is taken into the box beside it (lims/web/revisions.py).
function take(button) {
  const field = button.closest(".field, td"), value = button.dataset.take;
  for (const box of field.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    if (box.matches("[type=checkbox], [type=radio]")) box.checked = box.value === value; else box.value = value;
    for (const kind of ["input", "change"]) box.dispatchEvent(new Event(kind, { bubbles: true }));
    if (box.type !== "radio" || box.checked) box.focus();
  }
  button.closest(".meanwhile").remove();
}
for (const button of document.querySelectorAll("[data-take]")) {
  button.hidden = false;
  button.addEventListener("click", () => take(button));
}
