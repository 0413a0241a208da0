// Figures are ruled on by the keyboard: j and k move, x chooses, a accepts, r refuses, e opens.
// Everything is a check box, a button or a link as well; the page works without this.
const form = document.querySelector("form[data-review]");

if (form) {
  const rows = [...form.querySelectorAll("[data-row]")];
  let at = -1;

  const box = (row) => row?.querySelector("input[type=checkbox]");
  const link = (row) => row?.querySelector("th a");
  const chosen = () => rows.some((row) => box(row)?.checked);

  function move(to) {
    rows[at]?.classList.remove("current");
    at = Math.max(0, Math.min(rows.length - 1, to));
    const row = rows[at];
    row.classList.add("current");
    (box(row) ?? link(row)).focus();
    row.scrollIntoView({ block: "nearest" });
  }

  // Without a choice the act is of the present row alone.
  function choose() {
    if (chosen()) return true;
    const own = box(rows[at]);
    if (own) own.checked = true;
    return Boolean(own);
  }

  const { press, fill } = meantOf(form);

  const KEYS = {
    j: () => move(at + 1),
    k: () => move(at - 1),
    x: () => box(rows[at])?.click(),
    e: () => link(rows[at])?.click(),
    a: () => choose() && press("accepted"),
    r: () => {
      const reason = form.elements.reason;
      if (!choose()) return;
      if (reason.value.trim()) press("refused");
      else fill(reason, "refused");
    },
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("textarea, select, input:not([type=checkbox])");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  // A row that is reached by Tab or by the mouse is the present one.
  form.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-row]");
    if (!row || rows[at] === row) return;
    rows[at]?.classList.remove("current");
    at = rows.indexOf(row);
    row.classList.add("current");
  });
}
