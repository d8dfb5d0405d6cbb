/** `data-gallery`: a small picture (a link to the large one) shows it in place of the main one. */
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-gallery] [data-gallery-link]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const gallery = link.closest("[data-gallery]");
  gallery.querySelector("[data-gallery-main] img").src = link.href;
  gallery.querySelector("[data-gallery-main]").href = link.href;
  for (const other of gallery.querySelectorAll("[data-gallery-link]")) other.toggleAttribute("aria-current", other === link);
});
