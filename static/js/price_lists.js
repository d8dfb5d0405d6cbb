/**
 * The builder of price lists. `data-tree-search`: its field leaves the names that hold what is typed, with the
 * branches that lead to them. `data-csv-only` is seen while CSV is chosen. `data-select-all` selects its text when entered.
 */
const plain = (text) => text.toLocaleLowerCase("ru").replaceAll("ё", "е").trim();

function look(box, wanted) {
  let found = 0;
  const fits = (item) => {
    const own = plain(item.querySelector(":scope > label .tree-name").textContent).includes(wanted);
    const below = [...item.querySelectorAll(":scope > details > ul > li")].map((child) => fits(child)).some(Boolean);
    const fold = item.querySelector(":scope > details");
    if (fold && wanted) fold.open = below;
    if (own && !below) item.querySelectorAll("li").forEach((child) => { child.hidden = false; });
    item.hidden = !(own || below);
    found += own ? 1 : 0;
    return own || below;
  };
  box.querySelectorAll(":scope > ul > li").forEach(fits);
  box.querySelector("[data-tree-search-nothing]").hidden = found > 0;
}

for (const field of document.querySelectorAll("[data-tree-search-field]")) {
  const box = field.closest("[data-tree-search]");
  field.hidden = false;
  field.addEventListener("input", () => look(box, plain(field.value)));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}

const encoding = document.querySelector("[data-csv-only]");
function showEncoding() {
  encoding.hidden = document.querySelector("[name=format]:checked")?.value !== "csv";
}
if (encoding) {
  document.addEventListener("change", (event) => {
    if (event.target.name === "format") showEncoding();
  });
  showEncoding();
}

document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-select-all]")) event.target.select();
});
