// Small comforts; every page works without them.

// A choice that stands alone takes effect at once.
document.documentElement.classList.add("scripted");
document.addEventListener("change", (event) => {
  if (event.target.matches("select[data-submit]")) event.target.form.requestSubmit();
});

// A form that was sent is not sent a second time by an impatient click.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  // Long work says that it is under way.
  const busy = form.querySelector(".busy");
  if (busy) busy.textContent = form.dataset.busy;
});

// Coming back with the browser's own button makes the form usable again.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
  for (const busy of document.querySelectorAll(".busy")) busy.textContent = "";
});
