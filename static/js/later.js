/**
 * `data-later` right inside a <details>: its content is fetched when it is opened, from the address of the link
 * that stands there instead; the link stays where the answer does not come.
 */
function fetchInto(box) {
  if (box.dataset.later) return;
  box.dataset.later = "asked";
  // Without the link's anchor: htmx would scroll the page to it.
  const [address] = box.querySelector("a").href.split("#");
  window.htmx.ajax("GET", address, { source: box, target: box, swap: "outerHTML" });
}

const waiting = (details) => details.querySelectorAll(":scope > [data-later]");

document.addEventListener("toggle", (event) => {
  if (event.target.open) waiting(event.target).forEach(fetchInto);
}, true);

/** kept.js has opened again what was open before the answer. */
document.addEventListener("htmx:afterSettle", () => {
  for (const details of document.querySelectorAll("details[open]")) waiting(details).forEach(fetchInto);
});
