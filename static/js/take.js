/**
 * `data-take` on a form with rows to tick (`name="take"`): one tick for all (`data-take-all`), a tick of its own
 * where a quantity is typed, and how many are ticked (`data-take-count`).
 */
const ticks = (form) => [...form.querySelectorAll("input[name=take]")];

function told(form) {
  const all = ticks(form);
  const taken = all.filter((tick) => tick.checked).length;
  const head = form.querySelector("[data-take-all]");
  head.checked = taken > 0 && taken === all.length;
  head.indeterminate = taken > 0 && taken < all.length;
  form.querySelector("[data-take-count]").textContent = taken ? ` (${taken})` : "";
}

for (const form of document.querySelectorAll("[data-take]:has([data-take-all])")) {
  form.querySelector("[data-take-all]").hidden = false;
  form.addEventListener("input", (event) => {
    const tick = event.target.closest("tr")?.querySelector("input[name=take]");
    if (event.target.matches("[data-take-all]")) for (const one of ticks(form)) one.checked = event.target.checked;
    else if (tick && event.target.name.startsWith("q-")) tick.checked = true;
    told(form);
  });
  window.addEventListener("pageshow", () => told(form));
  told(form);
}
