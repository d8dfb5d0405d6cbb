/** `data-facet-search` on a long filter: its field hides the values without a word that begins like what is typed. */
const words = (text) => text.toLocaleLowerCase("ru").replaceAll("ё", "е").split(/[^\p{L}\p{N}]+/u).filter(Boolean);
const typed = new Map();

function look(field) {
  const facet = field.closest("[data-facet-search]");
  const wanted = words(field.value);
  let found = 0;
  for (const option of facet.querySelectorAll(".facet-option")) {
    const known = words(option.querySelector(".facet-name").textContent);
    const fits = wanted.every((start) => known.some((word) => word.startsWith(start)));
    option.hidden = !fits;
    found += fits ? 1 : 0;
  }
  const more = facet.querySelector("details");
  if (more && wanted.length) more.open = true;
  const isAwaited = facet.querySelector("[data-later]") !== null;
  facet.querySelector("[data-facet-search-nothing]").hidden = found > 0 || isAwaited;
}

function wire() {
  for (const field of document.querySelectorAll("[data-facet-search-field]")) {
    field.hidden = false;
    if (typed.get(field.id)) {
      field.value = typed.get(field.id);
      look(field);
    }
  }
}

document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-facet-search-field]")) return;
  typed.set(event.target.id, event.target.value);
  look(event.target);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("[data-facet-search-field]")) event.preventDefault();
});
document.addEventListener("htmx:afterSwap", wire);
wire();
