/**
 * `data-pick` inputs of a `data-pick-table`: Enter and the arrow down go to the next row, the arrow up to the
 * one before; more than `data-most` turns amber and says how much there is.
 */
const number = (text) => Number.parseFloat(text.replace(/\s/g, "").replace(",", "."));
const written = (value) => value.toLocaleString("ru", { maximumFractionDigits: 3 });

function step(input, direction) {
  const all = [...input.closest("[data-pick-table]").querySelectorAll("[data-pick]")];
  const next = all[all.indexOf(input) + direction];
  if (!next) return;
  next.focus();
  next.closest("tr")?.scrollIntoView({ block: "nearest" });
}

function judge(input) {
  const box = input.closest(".pick");
  const most = number(input.dataset.most ?? "");
  const wanted = number(input.value);
  const isShort = wanted > most;
  box.classList.toggle("is-short", isShort);
  box.classList.remove("is-wrong");
  box.parentElement.querySelector("[data-pick-hint]").textContent = isShort ? `в наличии ${written(most)}` : "";
}

document.addEventListener("keydown", (event) => {
  if (!event.target.matches("[data-pick-table] [data-pick]")) return;
  const direction = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!direction) return;
  event.preventDefault();
  step(event.target, direction);
});

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-pick]") && event.target.dataset.most !== undefined) judge(event.target);
});
