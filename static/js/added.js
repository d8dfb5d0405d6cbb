/**
 * `data-added-text` on the button of an htmx form: say for a moment that the goods are in the cart.
 * `data-added-clears` on the form: what was typed is done with, a second press must not add it again.
 */
const MOMENT = 2500;

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("form[data-added]");
  const button = form?.querySelector("[data-added-text]");
  const isAdded = event.detail.successful && event.detail.xhr.status < 300; // a refusal (422) is a success to htmx
  if (!button || !isAdded || button.dataset.label) return;
  if (form.hasAttribute("data-added-clears")) form.reset();
  const label = button.querySelector("[data-added-label]");
  button.dataset.label = label.textContent;
  label.textContent = button.dataset.addedText;
  button.classList.add("is-added");
  setTimeout(() => {
    label.textContent = button.dataset.label;
    delete button.dataset.label;
    button.classList.remove("is-added");
  }, MOMENT);
});
