/** `data-menu-search` on a long menu: a search field above it hides what has no word that begins like this. */
const words = (text) => text.toLocaleLowerCase("ru").replaceAll("ё", "е").split(/[^\p{L}\p{N}]+/u).filter(Boolean);

const wire = (menu) => {
  const box = menu.querySelector("[data-menu-search-box]");
  const field = box.querySelector("input");
  const nothing = box.querySelector("[data-menu-search-nothing]");
  const items = [...menu.querySelectorAll(".menu-item")].map((item) => ({ item, known: words(item.textContent) }));
  const shown = () => items.filter(({ item }) => !item.hidden);

  box.hidden = false;
  field.addEventListener("input", () => {
    const typed = words(field.value);
    for (const { item, known } of items) {
      item.hidden = !typed.every((start) => known.some((word) => word.startsWith(start)));
    }
    nothing.hidden = shown().length > 0;
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // else the first button of the form would be pressed
    if (shown().length === 1) shown()[0].item.click();
  });
  menu.closest("details")?.addEventListener("toggle", (event) => {
    if (event.target.open) field.focus();
  });
};

for (const menu of document.querySelectorAll("[data-menu-search]")) wire(menu);
