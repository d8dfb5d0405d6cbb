/**
 * `data-pick` inputs of the form `data-picks`: what is typed is sent in batches, one at a time, and the bar is
 * put anew. What has not been kept yet outlives a change of filter or page and is sent when the page is left.
 */
const PAUSE = 350;
const RETRY = 4000;
const unsaved = new Map();
let timer = 0;
let isSending = false;
let sending = new AbortController();

const form = () => document.querySelector("form[data-picks]");
const fields = () => document.querySelectorAll("[data-pick]");

function request(batch) {
  const data = new FormData();
  for (const name of ["round", "place", "next"]) data.set(name, form().elements[name].value);
  for (const [name, value] of batch) data.set(name, value);
  const headers = { ...JSON.parse(document.body.getAttribute("hx-headers")), "HX-Request": "true" };
  return [form().action, { method: "POST", body: data, headers, credentials: "same-origin" }];
}

function later(pause) {
  clearTimeout(timer);
  timer = setTimeout(send, pause);
}

async function send() {
  if (isSending || !unsaved.size || !form()) return;
  const batch = new Map(unsaved);
  isSending = true;
  sending = new AbortController();
  form().classList.add("is-saving");
  let next = PAUSE;
  try {
    const [address, options] = request(batch);
    const answer = await fetch(address, { ...options, signal: sending.signal });
    if (answer.headers.get("HX-Refresh")) {
      unsaved.clear();
      window.location.reload();
    } else if (answer.ok) {
      show(await answer.text());
      for (const [name, value] of batch) if (unsaved.get(name) === value) unsaved.delete(name);
    } else {
      next = 0;
      document.dispatchEvent(new CustomEvent("htmx:responseError", { detail: { xhr: { status: answer.status, getResponseHeader: () => null } } }));
    }
  } catch (error) {
    if (error.name === "AbortError") return;
    next = RETRY;
    document.dispatchEvent(new CustomEvent("htmx:sendError"));
  } finally {
    isSending = false;
    form()?.classList.remove("is-saving");
  }
  if (unsaved.size && next) later(next);
}

function show(html) {
  const bar = document.getElementById("picks-bar");
  if (!bar) return;
  bar.outerHTML = html;
  for (const reason of document.querySelectorAll("[data-pick-wrong]")) {
    document.getElementById(`q-${reason.dataset.pickWrong}`)?.closest(".pick").classList.add("is-wrong");
  }
}

/** A list that came anew may be older than what was typed meanwhile. */
function restore() {
  for (const field of fields()) {
    if (unsaved.has(field.name)) field.value = unsaved.get(field.name);
  }
}

document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-pick]")) return;
  unsaved.set(event.target.name, event.target.value);
  later(PAUSE);
});
document.addEventListener("htmx:beforeRequest", send);
document.addEventListener("htmx:afterSwap", () => {
  restore();
  if (unsaved.size) later(PAUSE);
});
window.addEventListener("pagehide", () => {
  if (unsaved.size && form()) fetch(request(unsaved)[0], { ...request(unsaved)[1], keepalive: true });
});
/** The form carries all that has not been answered; a late answer to a batch must not reload over its own. */
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-picks]")) return;
  sending.abort();
  for (const [name, value] of unsaved) {
    if (event.target.elements[name]) continue;
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    event.target.append(field);
  }
  unsaved.clear();
  clearTimeout(timer);
});
