/**
 * The grid of `form[data-pad]`: rows that grow, keys from cell to cell, one way to write into cells.
 *
 * Modules of the pad talk by events of the form: `pad:write` {from, cells, isWhole, isUndo} writes rows of
 * [code, quantity, unit, sku]; `pad:changed` {rows, isUndo} tells which rows now hold something else.
 */
const CELLS = ["code", "quantity", "unit", "sku"];
const STEPS = { code: "quantity", quantity: null, unit: null };
const form = document.querySelector("form[data-pad]");
const body = form?.querySelector("[data-pad-body]");

const rows = () => [...body.children];
const cell = (row, name) => row.querySelector(`[data-pad-cell="${name}"]`);
const values = (row) => CELLS.map((name) => cell(row, name).value);
const tell = (name, detail) => form.dispatchEvent(new CustomEvent(name, { detail }));

function numbered(row, number) {
  row.id = `pad-${number}`;
  row.querySelector(".pad-number").textContent = number;
  row.querySelector("[data-pad-drop]").value = number;
  for (const one of row.querySelectorAll("[aria-label]")) {
    one.setAttribute("aria-label", one.getAttribute("aria-label").replace(/\d+$/, number));
  }
}

function emptied(row) {
  row.className = "pad-row is-empty";
  delete row.dataset.sku;
  for (const out of row.querySelectorAll("[data-pad-out]")) out.replaceChildren();
  row.querySelector('[data-pad-out="good"]').append(hidden(""));
  for (const name of ["code", "quantity", "unit"]) cell(row, name).value = "";
  for (const one of row.querySelectorAll("[autofocus], [aria-invalid]")) {
    one.removeAttribute("autofocus");
    one.removeAttribute("aria-invalid");
  }
  cell(row, "unit").placeholder = "";
  return row;
}

function grow(least) {
  const most = Number(form.dataset.padMost);
  for (let number = body.children.length + 1; number <= Math.min(least, most); number += 1) {
    const row = emptied(body.lastElementChild.cloneNode(true));
    numbered(row, number);
    body.append(row);
  }
}

function put(row, texts) {
  const before = values(row);
  if (texts.every((text, place) => text === before[place])) return false;
  CELLS.slice(0, 3).forEach((name, place) => { cell(row, name).value = texts[place]; });
  const kept = cell(row, "sku");
  if (kept.value !== texts[3]) kept.replaceWith(hidden(texts[3]));
  return true;
}

function hidden(value) {
  const made = document.createElement("input");
  made.type = "hidden";
  made.dataset.padCell = "sku";
  made.value = value;
  return made;
}

function write({ from, cells, isWhole, isUndo }) {
  grow(from + cells.length);
  const all = rows();
  const changed = cells.map((texts, place) => [all[from + place], texts]).filter(([row, texts]) => row && put(row, texts));
  const blank = ["", "", "", ""];
  const rest = isWhole ? all.slice(from + cells.length).filter((row) => put(row, blank)) : [];
  const told = [...changed.map(([row]) => row), ...rest];
  if (told.length) tell("pad:changed", { rows: told, isUndo });
}

function drop(row) {
  const place = rows().indexOf(row);
  const kept = rows().filter((one) => one !== row).map(values);
  write({ from: 0, cells: kept, isWhole: true });
  focus(place, "code");
}

function focus(place, name) {
  if (place < 0) return;
  grow(place + 1);
  const row = body.children[place];
  if (!row) return;
  const input = cell(row, name);
  input.focus();
  input.select?.();
  row.scrollIntoView({ block: "nearest" });
}

function fillDown(row, name) {
  const above = row.previousElementSibling;
  if (!above) return;
  const texts = values(row);
  const place = CELLS.indexOf(name);
  texts[place] = values(above)[place];
  if (name === "code") texts[3] = values(above)[3];
  write({ from: rows().indexOf(row), cells: [texts] });
}

/** Left and right go on to the next cell only from the end of a text. */
function sideways(input, direction) {
  const edge = direction < 0 ? 0 : input.value.length;
  if (input.selectionStart !== edge || input.selectionEnd !== edge) return false;
  const next = ["code", "quantity", "unit"][["code", "quantity", "unit"].indexOf(input.dataset.padCell) + direction];
  if (!next) return false;
  focus(rows().indexOf(input.closest("tr")), next);
  return true;
}

function entered(input, isBack) {
  const place = rows().indexOf(input.closest("tr"));
  const name = input.dataset.padCell;
  if (isBack) return focus(place - 1, name);
  const beside = STEPS[name];
  if (beside && input.value) return focus(place, beside);
  return focus(place + 1, "code");
}

function pressed(event) {
  const input = event.target.closest("input[data-pad-cell]");
  if (!input || event.defaultPrevented || event.isComposing) return;
  const row = input.closest("tr");
  const name = input.dataset.padCell;
  const isControl = (event.ctrlKey || event.metaKey) && !event.altKey;
  let isDone = true;
  if (event.key === "Enter" && !isControl) entered(input, event.shiftKey);
  else if (event.key === "ArrowDown" && !isControl) focus(rows().indexOf(row) + 1, name);
  else if (event.key === "ArrowUp" && !isControl) focus(rows().indexOf(row) - 1, name);
  else if (event.key === "ArrowLeft" && !event.shiftKey && !isControl) isDone = sideways(input, -1);
  else if (event.key === "ArrowRight" && !event.shiftKey && !isControl) isDone = sideways(input, 1);
  else if (isControl && event.code === "KeyD") fillDown(row, name);
  else isDone = false;
  if (isDone) event.preventDefault();
}

function clicked(event) {
  const button = event.target.closest("[data-pad-drop], [data-pad-fix], [data-pad-more]");
  if (!button) return;
  event.preventDefault();
  const row = button.closest("tr");
  if (button.matches("[data-pad-drop]")) drop(row);
  else if (button.matches("[data-pad-more]")) {
    const first = body.children.length;
    grow(first + 20);
    focus(first, "code");
  } else {
    const [code, , , sku] = values(row);
    write({ from: rows().indexOf(row), cells: [[code, button.dataset.padFix, "", sku]] });
    cell(row, "quantity").focus();
  }
}

/** All rows go as one value: a form of a thousand fields is refused. */
function packed(event) {
  for (const name of CELLS) event.formData.delete(name);
  event.formData.set("rows", JSON.stringify(rows().map(values)));
}

if (body) {
  for (const input of body.querySelectorAll("[readonly]")) input.readOnly = false;
  form.addEventListener("keydown", pressed);
  form.addEventListener("click", clicked);
  form.addEventListener("formdata", packed);
  form.addEventListener("pad:write", (event) => write(event.detail));
  form.addEventListener("change", (event) => {
    const row = event.target.closest("[data-pad-cell]")?.closest("tr");
    if (row) tell("pad:changed", { rows: [row] });
  });
  const isWide = window.matchMedia("(min-width: 768px)").matches;
  if (isWide && !document.querySelector("[autofocus]")) {
    focus(rows().findIndex((row) => !cell(row, "code").value), "code");
    window.scrollTo(0, 0);
  }
}
