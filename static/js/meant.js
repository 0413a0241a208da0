// Which button of a form with several was meant: a key that led to a field leads on from there to its
// own button, not to the first one, and Enter in the value of a correction corrects.
function meantOf(form) {
  let meant = "";
  const button = (ruling) => form.querySelector(`button[name=ruling][value=${ruling}]`);

  form.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.shiftKey) return;
    const { name } = event.target;
    if (name === "value" && event.key === "Enter") {
      event.preventDefault();
      const reason = form.elements.reason;
      meant = "corrected";
      if (reason.value.trim()) button(meant)?.click();
      else reason.focus();
    } else if (name === "reason" && meant && event.key === "Tab") {
      event.preventDefault();
      button(meant)?.focus();
    } else if (name === "reason" && meant && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      button(meant)?.click();
    }
  });
  // Whoever takes the mouse chooses anew.
  document.addEventListener("pointerdown", () => {
    meant = "";
  });

  return {
    press: (ruling) => button(ruling)?.click(),
    // Goes to a field that `ruling` still needs.
    fill: (field, ruling) => {
      meant = ruling;
      field.focus();
    },
  };
}
