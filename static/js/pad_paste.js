/**
 * A block copied from a spreadsheet and pasted into a cell of `form[data-pad]` fills rows from there on. Of several
 * columns after the code the first with numbers is the quantity, what follows it the unit.
 */
const COLUMNS = ["code", "quantity", "unit"];
const form = document.querySelector("form[data-pad]");

const isNumber = (text) => /^[+-]?\d[\d\s]*([.,]\d+)?$/.test(text.trim());
const bare = (text) => (/^".*"$/s.test(text) ? text.slice(1, -1).replaceAll('""', '"') : text).trim();

/** Lines and cells of the clipboard; a cell in quotes may hold line breaks. */
function block(text) {
  const lines = text.replace(/"[^"\t]*(?:""[^"\t]*)*"(?=\t|\r?\n|$)/g, (quoted) => quoted.replace(/\r?\n/g, " ")).split(/\r?\n/);
  while (lines.length && !lines.at(-1).trim()) lines.pop();
  return lines.map((line) => line.split("\t").map(bare));
}

function quantityColumn(lines) {
  const width = Math.max(...lines.map((cells) => cells.length));
  for (let column = 1; column < width; column += 1) {
    const filled = lines.filter((cells) => cells[column]);
    if (filled.length && filled.filter((cells) => isNumber(cells[column])).length * 2 >= filled.length) return column;
  }
  return 1;
}

function arranged(lines, first) {
  if (first !== "code") return lines;
  const column = quantityColumn(lines);
  return lines.map((cells) => [cells[0] ?? "", cells[column] ?? "", isNumber(cells[column + 1] ?? "1") ? "" : cells[column + 1]]);
}

function pasted(event) {
  const input = event.target.closest("input[data-pad-cell]");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!input || !/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  const all = [...form.querySelector("[data-pad-body]").children];
  const from = all.indexOf(input.closest("tr"));
  const first = input.dataset.padCell;
  const cells = arranged(block(text), first).map((line, place) => {
    const row = all[from + place];
    const texts = [...COLUMNS, "sku"].map((name) => row?.querySelector(`[data-pad-cell="${name}"]`).value ?? "");
    line.slice(0, COLUMNS.length - COLUMNS.indexOf(first)).forEach((value, column) => { texts[COLUMNS.indexOf(first) + column] = value; });
    if (first === "code") texts[3] = "";
    return texts;
  });
  form.dispatchEvent(new CustomEvent("pad:write", { detail: { from, cells } }));
  const last = form.querySelector(`#pad-${from + cells.length} [data-pad-cell="quantity"]`);
  last?.focus();
}

form?.addEventListener("paste", pasted);
