// What a screen would cut, and what a finger or a pointer would miss: a list of faults of the page in
// words. What scrolls within itself is not cut.
// Links within sentences are no controls; links of tables, lists and menus are.
() => {
  const found = [];
  const shown = (e) => e.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true }) && e.getClientRects().length;
  const words = (e) => e.innerText.trim().replace(/\s+/g, " ").slice(0, 24);
  const label = (e) => `${e.tagName.toLowerCase()}.${[...e.classList].join(".")} "${words(e) || e.name || e.id || ""}"`;
  for (const e of document.querySelectorAll("body *")) {
    if (!shown(e) || e.closest("svg, .visually-hidden, .skip")) continue;
    const style = getComputedStyle(e);
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    const box = e.getBoundingClientRect();
    if (own && style.overflowX !== "visible" && e.scrollWidth > e.clientWidth + 1 && style.overflowX !== "auto")
      found.push(`cut|${label(e)} ${e.scrollWidth} > ${e.clientWidth}`);
    if (own && !e.closest(".table.cards thead, .ranks thead") && (box.right > innerWidth + 1 || box.left < -1) && !e.closest(".scroll-x, .scroll"))
      found.push(`beyond|${label(e)} ${Math.round(box.left)}–${Math.round(box.right)}`);
  }
  const controls = "button, input:not([type=hidden]), select, textarea, summary, nav a, .btn, .todo a, .plain-list a, .more a, dd a, .crumbs a, td a, th a";
  for (const e of document.querySelectorAll(controls)) {
    if (!shown(e) || e.closest(".visually-hidden, .skip, .table.cards thead, .ranks thead, .lines") || e.classList.contains("menu-switch")) continue;
    const boxes = [...e.getClientRects()];
    const height = Math.max(...boxes.map((b) => b.height)), width = Math.max(...boxes.map((b) => b.width));
    const held = e.closest("label");
    const size = held ? held.getBoundingClientRect() : { height, width };
    if (size.height < 31.5 || size.width < 31.5) found.push(`small|${label(e)} ${Math.round(size.width)}×${Math.round(size.height)} in ${e.parentElement.tagName.toLowerCase()}.${e.parentElement.className}`);
  }
  return found;
}
