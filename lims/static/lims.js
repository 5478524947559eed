// What the pages can do beyond HTML. Every page works without it; nothing here holds data.
const all = (what, where = document) => [...where.querySelectorAll(what)];
const make = (tag, traits) => Object.assign(document.createElement(tag), traits);
const words = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const same = (text) => text.normalize("NFC").trim().toLowerCase();
const shut = (but) => { for (const box of all("details[data-closes][open]")) if (!box.contains(but)) box.open = false; };
const offline = () => toast(document.getElementById("toasts").dataset.offline);
function toast(text) {
  const tray = document.getElementById("toasts"), slip = make("div", { className: "said said-bad" });
  const close = make("button", { type: "button", textContent: "×", ariaLabel: tray.dataset.close, onclick: () => slip.remove() });
  slip.append(make("p", { textContent: text }), close);
  tray.append(slip);
  setTimeout(() => slip.remove(), 12_000);
}

// ── Keys ────────────────────────────────────────────────────────────────────────────────────────
function keys(event) {
  const { key, target } = event, free = !target.closest?.("input, textarea, select, [contenteditable]");
  if (key === "Escape") shut();
  if (key === "Escape" && location.hash === "#menu") location.hash = "#main";
  const search = key === "/" && free && !event.ctrlKey && document.querySelector("[data-search]");
  const send = (event.ctrlKey && key === "Enter") || (event.altKey && event.code === "KeyS");
  const button = send && (target.form?.querySelector("[data-main]") ?? document.querySelector("main [data-main]"));
  if (search || button) event.preventDefault();
  if (search) search.select();
  if (button) choosing.finally(() => button.form.requestSubmit(button));
  if (key === "Enter" && !send && !event.defaultPrevented) onward(event);
}
// In a form of many rows a scanner's Enter goes to the box below, not to the server.
function onward(event) {
  const box = event.target;
  if (!box.matches?.("form[data-batch] input:not([type=submit], [type=checkbox], [type=radio])")) return;
  event.preventDefault();
  const boxes = all("input:not([type=hidden]), select, textarea, [data-main]", box.form);
  const after = boxes.slice(boxes.indexOf(box) + 1).filter((one) => one.offsetParent);
  const [, head, tail] = /^(.*\.)\d+(\..*)$/.exec(box.name) ?? [];
  const below = head && after.find((one) => one.name.startsWith(head) && one.name.endsWith(tail));
  (below ?? after[0])?.focus();
}

// ── Forms: once only, nothing lost ──────────────────────────────────────────────────────────────
function release(form) {
  delete form.dataset.busy;
  form.classList.remove("slow");
  for (const button of all("button", form)) button.removeAttribute("aria-disabled");
}
function submitting(event) {
  const form = event.target;
  if (form.getAttribute("method")?.toLowerCase() !== "post") return;
  const half = all("input", form).find((box) => box.validity.badInput);
  if (form.dataset.busy || half || (form.dataset.confirm && !confirm(form.dataset.confirm))) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return void half?.reportValidity();
  }
  form.dataset.busy = "1";
  delete form.dataset.dirty;
  for (const button of all("button", form)) button.setAttribute("aria-disabled", "true");
  setTimeout(() => form.dataset.busy && form.classList.add("slow"), 300);
  setTimeout(() => release(form), 15_000);
}

// ── A live count of pasted lines; A001..A040 counts as forty ────────────────────────────────────
const SPAN = /^([^…]*?) ?(?:\.{2,3}|…) ?([^…]*)$/, END = /^(.*?)(\d+)$/;
export function serials(line) {
  const cell = line.split(line.includes("\t") ? "\t" : ";")[0].trim(), span = SPAN.exec(cell);
  if (!span) return [cell];
  const [[, head, from], [, again, to]] = span.slice(1).map((end) => END.exec(end) ?? []);
  const n = to - from, uneven = to?.length !== from?.length && (to?.length < from?.length || to?.[0] === "0");
  if (head !== again || uneven || !(n >= 0 && n < 1000)) return null;
  return Array.from({ length: n + 1 }, (_, at) => head + String(Number(from) + at).padStart(from.length, "0"));
}
function counting(area) {
  const shown = area.parentElement.querySelector(".count"), { countLines, countTwice, countWrong } = area.dataset;
  const count = () => {
    const read = area.value.split("\n").map((line) => line.trim()).filter(Boolean).map(serials);
    const each = read.filter(Boolean).flat(), wrong = read.filter((one) => !one).length;
    const twice = each.length - new Set(each).size;
    const said = [[countLines, each.length], ...[[countTwice, twice], [countWrong, wrong]].filter(([, n]) => n)];
    shown.textContent = said.map(([text, n]) => words(text, { n })).join(" · ");
    shown.classList.toggle("is-wrong", twice + wrong > 0);
  };
  area.addEventListener("input", count);
  count();
}
// The browser may show 11/10 for 10 November: say the day in words below the box.
function dating(box) {
  const said = make("div", { className: "date-read" }), form = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "full", timeZone: "UTC" });
  const read = () => { said.textContent = box.value && box.validity.valid ? form.format(box.valueAsDate) : ""; };
  box.after(said);
  box.addEventListener("input", read);
  read();
}

// ── Lookup: type, Enter takes the first ─────────────────────────────────────────────────────────
let choosing = Promise.resolve(); // whoever types faster than the server answers is not refused for it
function lookup(box) {
  const [text, id] = all("input", box), list = box.querySelector("ul"), said = box.querySelector(".found");
  const options = () => all("[role=option]", list);
  let asked = 0, timer, active = 0;
  const show = (open) => { list.hidden = !open; text.setAttribute("aria-expanded", String(open)); };
  const stop = () => { clearTimeout(timer); asked++; show(false); };
  const point = (n) => {
    active = n;
    options().forEach((one, at) => { one.id = `${list.id}-${at}`; one.setAttribute("aria-selected", String(at === n)); });
    options()[n].scrollIntoView({ block: "nearest" });
    text.setAttribute("aria-activedescendant", `${list.id}-${n}`);
  };
  const ask = async () => {
    clearTimeout(timer);
    const mine = ++asked, url = new URL(box.dataset.lookup, location);
    url.searchParams.set("q", text.value.trim());
    const answer = await fetch(url, { headers: { "HX-Request": "true" } }).catch(offline);
    const found = answer?.ok ? await answer.text() : "";
    if (mine !== asked) return;
    list.innerHTML = found;
    const n = options().length;
    said.textContent = n ? words(box.dataset.many, { n }) : box.dataset.none;
    show(n > 0 && text === document.activeElement); // an answer that comes late covers no other box
    if (n) point(0);
  };
  const pick = (one) => {
    if (!one) return;
    [id.value, text.value] = [one.dataset.id, one.dataset.text];
    said.textContent = one.querySelector("small")?.textContent ?? "";
    stop();
    for (const kind of ["input", "change"]) id.dispatchEvent(new Event(kind, { bubbles: true }));
  };
  id.value = id.dataset.value;
  text.addEventListener("input", () => {
    stop();
    id.value = said.textContent = "";
    if (text.value.trim()) timer = setTimeout(ask, 150);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Escape") show(false);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !list.hidden) { event.preventDefault(); point((active + step + options().length) % options().length); }
    if (event.key !== "Enter" || event.ctrlKey || id.value || !text.value.trim()) return;
    event.preventDefault();
    choosing = Promise.resolve(list.hidden && ask()).then(() => pick(options()[active]));
  });
  list.addEventListener("mousedown", (event) => { event.preventDefault(); pick(event.target.closest("[role=option]")); });
  text.addEventListener("blur", () => show(false));
}

// A pick-list box that is filled already marks its text, so that typing replaces it. A click that comes
// into the box would put the caret into the text after that: it marks it again.
const PICKED = "[role=combobox], input[list]";
let entered = null;
function entering({ type, target }) {
  if (type === "mousedown") entered = target === document.activeElement ? null : target;
  if (!target.matches?.(PICKED)) return;
  if (type === "focusin") target.select();
  if (type === "click" && target === entered && target.selectionStart === target.selectionEnd) target.select();
}

// ── All pass, except…: scan, say why, Enter goes back to the scanner ────────────────────────────
function excepting(box) {
  const { fail, usual, none, marked, cleared, sum } = box.dataset;
  const form = box.closest("form"), scan = box.querySelector("input");
  const rows = () => all("tr[data-serial]", form);
  const verdict = (row) => (row.querySelector("select[data-outcome]") ?? row.querySelector("[data-outcome]:checked"))?.value;
  const paint = () => {
    rows().forEach((row) => { row.dataset.verdict = verdict(row) === usual ? "usual" : verdict(row) ?? ""; });
    const n = rows().filter((row) => row.dataset.verdict !== "usual").length;
    box.querySelector("output").textContent = words(sum, { n, rest: rows().length - n });
  };
  const give = (row, value) => {
    const list = row.querySelector("select[data-outcome]"), radio = row.querySelector(`input[data-outcome][value="${value}"]`);
    if (list) list.value = value; else radio.checked = true;
    (list ?? radio).dispatchEvent(new Event("input", { bubbles: true }));
    paint();
    row.scrollIntoView({ block: "center" });
  };
  const scanned = () => {
    const serial = scan.value.trim();
    const row = rows().find(({ dataset: { serial: own, code = "" } }) => [own, code].map(same).includes(same(serial)));
    const back = row && row.dataset.verdict !== "usual";
    if (row) give(row, back ? usual : fail);
    box.querySelector("[data-except-said]").textContent = words(row ? (back ? cleared : marked) : none, { serial });
    box.classList.toggle("is-wrong", !row);
    if (row) scan.value = ""; else scan.select();
    if (row && !back) row.querySelector("[data-reason]")?.focus();
  };
  form.addEventListener("keydown", (event) => {
    const said = event.target.matches("[data-reason]");
    if (event.key !== "Enter" || event.ctrlKey || !(said || event.target === scan)) return;
    event.preventDefault();
    if (said) scan.focus(); else if (scan.value.trim()) scanned();
  });
  form.addEventListener("change", paint);
  box.hidden = false;
  paint();
}

// ── Ticks, printing, tables on a phone ──────────────────────────────────────────────────────────
function picking(top) {
  const form = top.closest("form") ?? document, heads = [top, ...all("[data-pick-part]", form)];
  const own = (head) => all("[data-pick]", form).filter((one) => head === top || one.dataset.part === head.dataset.pickPart);
  const on = (head) => own(head).filter((one) => one.checked);
  const count = () => {
    for (const head of heads) { const n = on(head).length, most = own(head).length; head.checked = n > 0 && n === most; head.indeterminate = n > 0 && n < most; }
    for (const shown of all("[data-picked]")) shown.textContent = words(shown.dataset.picked, { n: on(top).length });
    for (const shown of all("[data-picked-sum]", form)) shown.textContent = on(top).reduce((sum, one) => sum + Number(one.dataset.amount), 0).toLocaleString(document.documentElement.lang);
  };
  for (const head of heads) { head.hidden = false; head.addEventListener("change", () => own(head).forEach((one) => { one.checked = head.checked; })); }
  form.addEventListener("change", count);
  count();
}
// An act prints once: its address, its mark and a page that one left are not asked again, by reload or Back.
function printingOnce(link) {
  const here = new URL(location);
  here.searchParams.delete("print");
  history.replaceState(history.state, "", here);
  delete link.dataset.printNow;
  printing(link);
}
let left = 0;
async function printing(link) {
  const begun = left, url = link.dataset.printUrl, frame = make("iframe", { className: "print-frame" });
  let answer, tries = 20;
  do {
    if (answer) await new Promise((done) => setTimeout(done, 1000 * (answer.headers.get("Retry-After") ?? 2)));
    answer = await fetch(url, { method: "HEAD" }).catch(offline);
  } while (answer?.status === 503 && --tries);
  if (begun !== left) return;
  if (!answer?.ok) return answer && toast(`${link.textContent.trim()}: ${answer.status}`);
  frame.onload = () => {
    // A driven browser has no print dialog, and headless Chromium falls over when a PDF asks for one.
    try { frame.contentWindow.focus(); if (!navigator.webdriver) frame.contentWindow.print(); } catch { open(url, "_blank", "noopener"); }
    document.documentElement.dataset.printed = "1";
  };
  frame.src = url;
  document.body.append(frame);
}
function naming(table) {
  const heads = all("thead th", table).map((one) => one.textContent.trim());
  for (const row of all("tbody tr, tfoot tr", table)) [...row.cells].forEach((cell, at) => { cell.dataset.label ??= heads[at] ?? ""; });
}

// ── Start, and again for every fragment htmx brings ─────────────────────────────────────────────
const HELPS = { "textarea[data-count-lines]": counting, "input[type=date]": dating, "[data-lookup]": lookup, "[data-except]": excepting, "[data-pick-all]": picking, "[data-print-now]": printingOnce };
const helped = new WeakSet();
function help(where) {
  for (const [what, start] of Object.entries(HELPS)) for (const one of all(what, where)) if (!helped.has(one)) { helped.add(one); start(one); }
  all("table.cards").forEach(naming);
}

document.addEventListener("keydown", keys);
document.addEventListener("submit", submitting, true);
for (const type of ["mousedown", "focusin", "click"]) document.addEventListener(type, entering);
document.addEventListener("input", ({ target }) => { if (target.form?.matches("[data-guard]")) target.form.dataset.dirty = "1"; });
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-print-url]");
  if (link && !event.ctrlKey && !event.metaKey) { event.preventDefault(); printing(link); }
  shut(event.target);
});
addEventListener("beforeunload", (event) => document.querySelector("form[data-guard][data-dirty]") && event.preventDefault());
addEventListener("pagehide", () => { left++; });
addEventListener("pageshow", () => all("form[data-busy]").forEach(release));
document.addEventListener("htmx:load", (event) => help(event.target.parentElement ?? document));
document.addEventListener("htmx:afterRequest", ({ target }) => target.closest?.("form") && release(target.closest("form")));
document.addEventListener("htmx:sendError", offline);
document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
  toast((page.querySelector("[role=alert]") ?? page.body).textContent.replace(/\s+/g, " ").trim().slice(0, 400) || xhr.statusText);
});
for (const link of all("[data-refusal] a")) link.prepend(...all(`label[for="${link.hash.slice(1)}"]`).map((label) => `${label.firstChild.textContent}: `));
document.querySelector("[data-refusal]")?.focus();
for (const here of all(".side [aria-current]")) here.closest(".side").scrollTop = here.offsetTop - innerHeight + 160;
help(document);
if (document.activeElement.matches(PICKED)) document.activeElement.select();
document.documentElement.dataset.ready = "1";
