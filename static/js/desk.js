// A subject's lines and facts by the keyboard: every key presses a link or a button of the page, or
// goes to a field of it; the page works without this.
const desk = document.querySelector("[data-desk]");

if (desk) {
  const link = (name) => document.querySelector(`a[data-key="${name}"]`);
  const facts = [...desk.querySelectorAll("a[data-fact]")];
  const form = desk.querySelector("form[data-rule]");
  const meant = form ? meantOf(form) : undefined;
  const press = (ruling) => meant?.press(ruling);
  const step = (by) => {
    const at = facts.findIndex((fact) => fact.hasAttribute("aria-current"));
    facts[at + by]?.click();
  };
  // What needs a word or a figure is sent once it is there; before, the field is gone to.
  const fill = (name, ruling) => {
    const field = form?.elements[name];
    if (!field) return;
    if (field.value.trim() && form.elements.reason.value.trim()) press(ruling);
    else meant.fill(field.value.trim() ? form.elements.reason : field, ruling);
  };

  const KEYS = {
    j: () => link("line-after")?.click(),
    k: () => link("line-before")?.click(),
    n: () => step(1),
    p: () => step(-1),
    a: () => press("accepted"),
    c: () => fill("value", "corrected"),
    r: () => fill("reason", "refused"),
    "]": () => link("next")?.click(),
    "[": () => link("previous")?.click(),
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("textarea, select, input");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    // A key that is held down goes on over the next page: it would rule on a fact that nobody saw.
    if (event.repeat) return;
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
