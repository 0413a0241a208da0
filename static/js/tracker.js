// Small comforts; every page works without them.

// A choice that stands alone takes effect at once.
document.documentElement.classList.add("scripted");
document.addEventListener("change", (event) => {
  if (event.target.matches("select[data-submit]")) event.target.form.requestSubmit();
});

// A form that was sent is not sent a second time by an impatient click. It can be sent again once
// its sending was stopped or has failed; where the browser does not tell, after a while, which is
// longer than the server waits for its turn to write.
const WHILE = 20000;

function sendable(form) {
  delete form.dataset.sent;
  const busy = form.querySelector(".busy");
  if (busy) busy.textContent = "";
}

function allSendable() {
  for (const form of document.forms) sendable(form);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  const sent = String(Date.now());
  form.dataset.sent = sent;
  setTimeout(() => {
    if (form.dataset.sent === sent) sendable(form);
  }, WHILE);
  // Long work says that it is under way.
  const busy = form.querySelector(".busy");
  if (busy) busy.textContent = form.dataset.busy;
});

// The browser's stop, where it tells: what was under way is given up, or ends without a new page.
if (window.navigation) {
  navigation.addEventListener("navigate", (event) => {
    if (event.formData) event.signal.addEventListener("abort", allSendable);
  });
  navigation.addEventListener("navigateerror", allSendable);
}
// Escape is how the keyboard stops a page from loading.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") allSendable();
});
// What htmx sends leaves the page standing, however it ends.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest("form");
  if (form) sendable(form);
});
// Coming back with the browser's own button makes the form usable again.
window.addEventListener("pageshow", allSendable);

// What is folded for a phone stands open where there is room, and on paper.
function unfoldAll() {
  for (const part of document.querySelectorAll("details[data-roomy]")) part.open = true;
}
if (window.matchMedia("(min-width: 761px)").matches) unfoldAll();
window.addEventListener("beforeprint", unfoldAll);
