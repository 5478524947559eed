// What is typed is kept on this device until it is sent, for each person apart; signing out throws it
// away. Brought back, it is sent to its own page with `_again`, which shows it (lims/web/kept.py).
const all = (what, where = document) => [...where.querySelectorAll(what)];
const { person } = document.body.dataset, mine = `draft:${person}:`;
const here = mine + location.pathname + location.search;
const MOST = 1_000_000, DAYS = 7 * 86_400_000;
const form = person && document.querySelector("main form[data-guard]:not([action])");
let leaving = false;

function keep() {
  if (leaving) return;
  const secret = form.querySelector("[type=password]"), boxes = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  const text = JSON.stringify({ at: Date.now(), boxes });
  if (!secret && text.length < MOST) try { localStorage.setItem(here, text); } catch { /* the device is full: the page still holds it */ }
}
function kept(key) {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
}
function forget() {
  leaving = true;
  for (const key of Object.keys(localStorage)) if (key.startsWith(mine)) localStorage.removeItem(key);
}
function offer(draft) {
  const bar = document.getElementById("draft").content.firstElementChild.cloneNode(true), back = bar.querySelector("form");
  const when = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });
  bar.querySelector("time").textContent = when.format(draft.at);
  for (const [name, value] of [...draft.boxes, ["_again", "yes"]]) back.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  bar.querySelector("[data-throw-away]").addEventListener("click", () => { localStorage.removeItem(here); bar.remove(); });
  form.before(bar);
}

if (person) {
  // What was sent has arrived, unless its page came back or the server had no answer.
  const sent = sessionStorage.getItem("sent");
  if (sent && !document.querySelector("[data-refusal], .dead-end")) localStorage.removeItem(sent);
  sessionStorage.removeItem("sent");
  for (const key of Object.keys(localStorage)) if (key.startsWith("draft:") && !(Date.now() - kept(key)?.at < DAYS)) localStorage.removeItem(key);
  for (const out of all("form[action='/logout']")) out.addEventListener("submit", forget);
}
if (form) {
  let timer;
  const draft = form.matches("[data-dirty]") ? null : kept(here);
  if (draft) offer(draft);
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(keep, 300); });
  form.addEventListener("submit", () => { clearTimeout(timer); keep(); sessionStorage.setItem("sent", here); });
  addEventListener("pagehide", () => { if (form.matches("[data-dirty]")) keep(); });
}
