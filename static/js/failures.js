/** A request of htmx that failed is told in the place of messages, with a way out. */
function tell(text) {
  const place = document.getElementById("messages");
  if (!place) return;
  const message = document.createElement("div");
  message.className = "alert alert-danger message";
  message.textContent = text;
  place.replaceChildren(message);
  place.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:sendError", () => tell("Нет связи с порталом. Проверьте подключение и повторите."));
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  if (event.detail.xhr.getResponseHeader("HX-Refresh")) return;
  if (status === 401 || status === 403) tell("Действие недоступно. Обновите страницу: возможно, вы вышли из портала.");
  else if (status === 404) tell("Этого уже нет. Обновите страницу.");
  else tell("Не получилось выполнить действие. Обновите страницу и повторите.");
});
