/** `data-submit-on-change` on a form or a control: send the form as soon as a choice changes. */
document.addEventListener("change", (event) => {
  const control = event.target.closest("[data-submit-on-change], [data-submit-on-change] select, [data-submit-on-change] input[type=checkbox]");
  if (control && control.form) control.form.requestSubmit();
});
