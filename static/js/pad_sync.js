/**
 * Rows of `form[data-pad]` that were changed are kept and looked up on the server, in batches and one request at
 * a time; the answer puts the cells beside the inputs and the totals anew. What is being typed stays as it is.
 */
const PAUSE = 200;
const RETRY = 4000;
const CELLS = ["code", "quantity", "unit", "sku"];
const form = document.querySelector("form[data-pad]");
const changed = new Set();
let timer = 0;
let isSending = false;
let sending = new AbortController();

const rows = () => [...form.querySelector("[data-pad-body]").children];
const values = (row) => CELLS.map((name) => row.querySelector(`[data-pad-cell="${name}"]`).value);
const same = (first, second) => first.every((text, place) => text === second[place]);

function request(batch) {
  const all = rows();
  const data = new FormData();
  for (const name of ["place", "round"]) data.set(name, form.elements[name].value);
  data.set("rows", JSON.stringify(all.map(values)));
  data.set("changed", all.flatMap((row, place) => (batch.has(row) ? [place + 1] : [])).join());
  const headers = { ...JSON.parse(document.body.getAttribute("hx-headers")), "HX-Request": "true" };
  return [form.dataset.pad, { method: "POST", body: data, headers, credentials: "same-origin" }];
}

function later(pause) {
  clearTimeout(timer);
  timer = setTimeout(send, pause);
}

async function send() {
  if (isSending || !changed.size) return;
  const batch = new Set(changed);
  const sent = new Map(rows().map((row) => [row, values(row)]));
  changed.clear();
  isSending = true;
  sending = new AbortController();
  let next = PAUSE;
  try {
    const [address, options] = request(batch);
    const answer = await fetch(address, { ...options, signal: sending.signal });
    if (answer.headers.get("HX-Refresh")) return window.location.reload();
    if (answer.ok && !answer.redirected) show(await answer.text(), sent);
    else next = refused(answer, answer.status === 422 ? await answer.text() : "");
  } catch (error) {
    if (error.name === "AbortError") return;
    for (const row of batch) changed.add(row);
    next = RETRY;
    document.dispatchEvent(new CustomEvent("htmx:sendError"));
  } finally {
    isSending = false;
  }
  if (changed.size && next) later(next);
}

/** Too many rows are told in place, all else as any other page's failure. */
function refused(answer, reason) {
  if (reason) document.getElementById("pad-totals").textContent = reason;
  else document.dispatchEvent(new CustomEvent("htmx:responseError", { detail: { xhr: { status: answer.status, getResponseHeader: () => null } } }));
  return 0;
}

function show(html, sent) {
  const answer = document.createElement("template");
  answer.innerHTML = html;
  const places = [...sent.keys()];
  for (const fresh of answer.content.querySelectorAll("[data-pad-row]")) {
    const row = places[Number(fresh.id.slice("pad-".length)) - 1];
    if (row?.isConnected && same(values(row), sent.get(row))) renew(row, fresh);
  }
  document.getElementById("pad-totals").replaceWith(answer.content.getElementById("pad-totals"));
}

function renew(row, fresh) {
  const isInside = row.querySelector("[data-pad-out=good]").contains(document.activeElement);
  for (const out of fresh.querySelectorAll("[data-pad-out]")) {
    row.querySelector(`[data-pad-out="${out.dataset.padOut}"]`).replaceChildren(...out.childNodes);
  }
  row.className = fresh.className;
  if (fresh.dataset.sku) row.dataset.sku = fresh.dataset.sku;
  else delete row.dataset.sku;
  const code = row.querySelector('[data-pad-cell="code"]');
  code.toggleAttribute("aria-invalid", fresh.querySelector('[data-pad-cell="code"]').hasAttribute("aria-invalid"));
  row.querySelector('[data-pad-cell="unit"]').placeholder = fresh.querySelector('[data-pad-cell="unit"]').placeholder;
  if (isInside) row.querySelector('[data-pad-cell="quantity"]').focus();
}

/** Rows of one good share its stock: a change of one may change what is told of the others. */
function note(event) {
  const goods = new Set(event.detail.rows.map((row) => row.dataset.sku).filter(Boolean));
  const others = goods.size ? rows().filter((row) => goods.has(row.dataset.sku)) : [];
  for (const row of [...event.detail.rows, ...others]) changed.add(row);
  for (const row of event.detail.rows) row.classList.add("is-searching");
  later(PAUSE);
}

if (form) {
  form.addEventListener("pad:changed", note);
  // The form carries all rows; a late answer to a batch must not reload over its own.
  form.addEventListener("submit", () => {
    sending.abort();
    changed.clear();
    clearTimeout(timer);
  });
  window.addEventListener("pagehide", () => {
    if (changed.size) fetch(request(changed)[0], { ...request(changed)[1], keepalive: true });
  });
}
