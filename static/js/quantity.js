/**
 * `data-quantity` around an input: buttons `data-quantity-step="-1|1"` move it by its step, the
 * arrows do the same, a comma is read as a decimal point's Russian twin. Arrows of `data-pick` change rows.
 */
const number = (input, name, fallback) => Number.parseFloat((input[name] || input.dataset[name] || "").replace(",", ".")) || fallback;

/** The next multiple of the step up or down: a quantity that is none goes to the nearest on its way. */
function neighbour(now, step, direction) {
  const place = now / step;
  const nearest = Math.round(place);
  if (Math.abs(place - nearest) < 1e-9) return (nearest + direction) * step;
  return (direction > 0 ? Math.ceil(place) : Math.floor(place)) * step;
}

function move(input, direction) {
  const step = number(input, "step", 1);
  const least = input.dataset.min === undefined ? number(input, "min", step) : Number(input.dataset.min);
  const now = Number.parseFloat(input.value.replace(/\s/g, "").replace(",", ".")) || 0;
  const moved = input.dataset.multiple === undefined ? now + direction * step : neighbour(now, step, direction);
  const next = Math.max(least, Math.round(moved * 1000) / 1000);
  if (next === now) return;
  input.value = String(next).replace(".", ",");
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-quantity-step]");
  const input = button?.closest("[data-quantity]")?.querySelector("input");
  if (input) move(input, Number(button.dataset.quantityStep));
});

document.addEventListener("keydown", (event) => {
  const input = event.target.closest("[data-quantity] input[inputmode]:not([data-pick])");
  if (!input || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
  event.preventDefault();
  move(input, event.key === "ArrowUp" ? 1 : -1);
});

document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-quantity] input[inputmode]")) event.target.select();
});
