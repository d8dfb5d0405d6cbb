/** `data-menu-search` on a long menu: a search field above it hides what does not match. */
const plain = (text) => text.toLocaleLowerCase("ru").replaceAll("ё", "е").trim();

const wire = (menu) => {
  const box = menu.querySelector("[data-menu-search-box]");
  const field = box.querySelector("input");
  const nothing = box.querySelector("[data-menu-search-nothing]");
  const items = [...menu.querySelectorAll(".menu-item")].map((item) => ({ item, text: plain(item.textContent) }));
  const shown = () => items.filter(({ item }) => !item.hidden);

  box.hidden = false;
  field.addEventListener("input", () => {
    const words = plain(field.value).split(/\s+/);
    for (const { item, text } of items) item.hidden = !words.every((word) => text.includes(word));
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
