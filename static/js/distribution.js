/** `data-distribution`: what is left of each good, equal and percent shares, blocks pasted from a spreadsheet, arrows. */
const read = (text) => Number.parseFloat(text.replace(/\s/g, "").replace(",", ".")) || 0;
const write = (value) => (value ? String(Math.round(value * 1000) / 1000).replace(".", ",") : "");
const cells = (row) => [...row.querySelectorAll("input[name]")];

function left(row) {
  const place = row.querySelector("[data-left]");
  const rest = Math.round((read(row.dataset.total) - cells(row).reduce((sum, cell) => sum + read(cell.value), 0)) * 1000) / 1000;
  place.textContent = rest ? write(rest) : "0";
  place.classList.toggle("is-over", rest < 0);
  place.classList.toggle("is-done", rest === 0);
}

/** Share a quantity by weights in whole steps; what the rounding leaves goes to the first ones. */
function share(row, weights) {
  const total = read(row.dataset.total);
  const sum = weights.reduce((a, b) => a + b, 0);
  if (!sum) return;
  const step = read(row.dataset.multiple || "") || (row.dataset.whole === undefined ? 0.001 : 1);
  const parts = weights.map((weight) => Math.floor((total * weight) / sum / step + 1e-9) * step);
  let rest = Math.round((total - parts.reduce((a, b) => a + b, 0)) / step);
  for (let at = 0; rest > 0 && at < parts.length; at += 1) {
    if (!weights[at]) continue;
    parts[at] += step;
    rest -= 1;
  }
  cells(row).forEach((cell, at) => { cell.value = write(parts[at]); });
  left(row);
}

function paste(event, form) {
  const text = event.clipboardData?.getData("text") || "";
  if (!/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  const rows = [...form.querySelectorAll("tbody tr")];
  const top = rows.indexOf(event.target.closest("tr"));
  const side = cells(rows[top]).indexOf(event.target);
  text.replace(/\r/g, "").replace(/\n$/, "").split("\n").forEach((line, down) => {
    if (!rows[top + down]) return;
    line.split("\t").forEach((value, across) => {
      const cell = cells(rows[top + down])[side + across];
      if (cell) cell.value = value.trim();
    });
    left(rows[top + down]);
  });
}

function move(event, form) {
  const step = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[event.key];
  if (!step || !event.target.name) return;
  event.preventDefault();
  const rows = [...form.querySelectorAll("tbody tr")];
  const row = event.target.closest("tr");
  const next = rows[rows.indexOf(row) + step];
  if (next) cells(next)[cells(row).indexOf(event.target)].focus();
}

for (const form of document.querySelectorAll("[data-distribution]")) {
  const rows = () => form.querySelectorAll("tbody tr");
  const percents = () => [...form.querySelectorAll("[data-percent]")].map((input) => read(input.value));
  for (const hidden of form.querySelectorAll(".matrix-percents, [data-evenly], [data-by-percent], .matrix-hint")) hidden.hidden = false;
  rows().forEach(left);
  form.addEventListener("input", (event) => { if (event.target.name?.startsWith("q-")) left(event.target.closest("tr")); });
  form.addEventListener("paste", (event) => { if (event.target.matches?.("input[name^='q-']")) paste(event, form); });
  form.addEventListener("keydown", (event) => { if (event.target.matches("input[name^='q-']")) move(event, form); });
  form.querySelector("[data-evenly]").addEventListener("click", () => rows().forEach((row) => share(row, cells(row).map(() => 1))));
  form.querySelector("[data-by-percent]").addEventListener("click", () => rows().forEach((row) => share(row, percents())));
}
