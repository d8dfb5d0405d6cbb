/** Ctrl+Z and Ctrl+Y in `form[data-pad]`: all rows as they stood before a change; letters are the browser's own. */
const MOST = 100;
const CELLS = ["code", "quantity", "unit", "sku"];
const form = document.querySelector("form[data-pad]");
const past = [];
const future = [];

const snapshot = () =>
  [...form.querySelector("[data-pad-body]").children].map((row) => CELLS.map((name) => row.querySelector(`[data-pad-cell="${name}"]`).value));

let now = form && snapshot();

function noted(event) {
  const before = now;
  now = snapshot();
  if (event.detail.isUndo) return;
  past.push(before);
  if (past.length > MOST) past.shift();
  future.length = 0;
}

function turned(from, to) {
  const cells = from.pop();
  to.push(now);
  form.dispatchEvent(new CustomEvent("pad:write", { detail: { from: 0, cells, isWhole: true, isUndo: true } }));
}

/** A cell that is being typed into holds something else than when it was left last. */
function isTyping(input) {
  const place = [...input.closest("tbody").children].indexOf(input.closest("tr"));
  return input.value !== (now[place]?.[CELLS.indexOf(input.dataset.padCell)] ?? "");
}

function pressed(event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || !["KeyZ", "KeyY"].includes(event.code)) return;
  const input = event.target.closest("input[data-pad-cell]");
  if (!input || isTyping(input)) return;
  const isBack = event.code === "KeyZ" && !event.shiftKey;
  const [from, to] = isBack ? [past, future] : [future, past];
  event.preventDefault();
  if (from.length) turned(from, to);
}

if (form) {
  form.addEventListener("pad:changed", noted);
  form.addEventListener("keydown", pressed);
}
