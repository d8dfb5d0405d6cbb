/**
 * `data-keep` on a <details> and `data-keep-scroll` on a box, each with an id: whether it is open and how
 * far it is scrolled outlive an answer that puts the same thing anew.
 */
const open = new Map();
const scrolled = new Map();

document.addEventListener("toggle", (event) => {
  if (event.target.matches?.("details[data-keep]")) open.set(event.target.id, event.target.open);
}, true);

document.addEventListener("htmx:beforeSwap", () => {
  for (const box of document.querySelectorAll("[data-keep-scroll]")) scrolled.set(box.id, box.scrollTop);
});

document.addEventListener("htmx:afterSwap", () => {
  for (const details of document.querySelectorAll("details[data-keep]")) {
    if (open.has(details.id)) details.open = open.get(details.id);
  }
  for (const box of document.querySelectorAll("[data-keep-scroll]")) box.scrollTop = scrolled.get(box.id) ?? 0;
});
