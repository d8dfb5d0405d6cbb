/**
 * A form that is on its way is not sent again by the same button: the answer to the first click would be lost, and
 * the second one can only be told that all is done already. The server holds by itself; this is for what is read.
 */
const PATIENCE = 10000;
const sent = new Map();

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || form.method !== "post" || form.target) return;
  const before = sent.get(form);
  if (before && before.submitter === submitter && performance.now() - before.at < PATIENCE) event.preventDefault();
  else sent.set(form, { submitter, at: performance.now() });
});
window.addEventListener("pageshow", () => sent.clear());
