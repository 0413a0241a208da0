// The quarter's grid: each cell is saved when it is left, a block is pasted whole, and what others
// type meanwhile appears. Without this the page is a form with a button that saves.
const grid = document.getElementById("grid");

if (grid) {
  const EVERY = 4000; // milliseconds between two looks at what others typed
  const PAUSE = 1500; // milliseconds without a key after which a cell is saved
  const CELL = "cell:";
  const saved = document.getElementById("saved");
  const left = document.getElementById("left");
  const stands = document.getElementById("stands");
  const signIn = document.getElementById("sign-in");
  const inputs = () => Array.from(grid.querySelectorAll("td.cell input.form-control"));
  const addressOf = (input) => input.name.slice(CELL.length);
  const boxOf = (address) => grid.querySelector(`td[data-cell="${address}"]`);
  const inputOf = (address) => boxOf(address)?.querySelector("input.form-control");
  const seenOf = (address) => grid.querySelector(`input[name="seen:${address}"]`);

  const known = new Map(); // address → the text that the server has
  for (const input of inputs()) known.set(addressOf(input), input.defaultValue);

  let last = null; // the cell in which somebody was last
  let queue = Promise.resolve(); // what is sent goes one after another
  let waiting = 0;
  let timer = 0;
  const acts = []; // what the server needs to take back what was done here, the latest last
  const UNDOES = 50;

  const isNew = (input) => input.value.trim() !== known.get(addressOf(input));
  // What was refused is not sent again by itself: whoever types it once more means it.
  const refused = new Map();
  const isToSend = (input) => isNew(input) && refused.get(addressOf(input)) !== input.value.trim();

  function say(words, wrong) {
    saved.textContent = words;
    saved.classList.toggle("is-wrong", Boolean(wrong));
  }

  function part(box, name) {
    return box.querySelector(`.cell-${name}`);
  }

  // What the server tells of a cell. What somebody is typing into it stays.
  function show(address, told) {
    const box = boxOf(address);
    if (!box) return;
    const input = inputOf(address);
    if (input) {
      const typing = isNew(input);
      if (!typing) input.value = told.text;
      if (!typing || told.kept) known.set(address, told.text);
      // Escape leads to what stands there now, which is another's where somebody was first.
      if (told.refused) known.set(address, told.stands);
      if (!typing || told.kept || told.refused) seenOf(address).value = told.version;
      input.toggleAttribute("aria-invalid", Boolean(told.fault));
      if (told.fault) input.setAttribute("aria-invalid", "true");
      input.title = told.more;
    } else {
      const figure = box.querySelector(".figure");
      if (figure) figure.textContent = told.figure;
    }
    box.dataset.state = told.state;
    part(box, "fault").textContent = told.fault;
    part(box, "state").textContent = told.words;
    part(box, "derived").textContent = told.derived;
    if (told.fault) unfold(box);
  }

  // What somebody has to look at is not folded away.
  function unfold(box) {
    const folded = box.closest("details");
    if (folded) folded.open = true;
  }

  function showAll(answer, sent) {
    for (const [address, told] of Object.entries(answer.cells)) {
      if (sent.has(address)) {
        // What was refused stays as it was typed, and is known to be new.
        told.kept = !told.refused;
        if (told.refused) refused.set(address, sent.get(address));
        if (told.kept && inputOf(address)?.value.trim() === sent.get(address)) known.set(address, inputOf(address).value.trim());
      }
      show(address, told);
    }
    for (const [key, told] of Object.entries(answer.totals)) {
      const box = grid.querySelector(`td[data-total="${key}"]`);
      if (!box?.firstElementChild) continue;
      box.querySelector(".total-now").textContent = told.now;
      box.querySelector(".total-note").textContent = told.note;
      const derived = box.querySelector(".total-derived"); // the grid of tasks has none
      if (derived) derived.textContent = told.derived;
    }
    for (const [key, words] of Object.entries(answer.standing ?? {})) {
      const box = grid.querySelector(`[data-standing="${key}"]`);
      if (box) box.textContent = words;
    }
    left.textContent = answer.left;
    if (stands) stands.textContent = answer.stands;
    grid.dataset.stamp = answer.stamp;
    renew(answer.token);
  }

  // Whoever signed in anew in another window goes on here.
  function renew(token) {
    grid.querySelector("input[name=csrf_token]").value = token;
  }

  // Sends the cells that are new, and an act beside; answers whether it was kept.
  function send(act = {}) {
    waiting += 1;
    queue = queue.then(() => sendNow(act)).finally(() => (waiting -= 1));
    return queue;
  }

  async function sendNow(act) {
    const fresh = inputs().filter(isToSend);
    if (!fresh.length && !act.act) return;
    const sent = new Map(fresh.map((input) => [addressOf(input), input.value.trim()]));
    const body = new URLSearchParams();
    for (const name of ["csrf_token", "as", "all"]) {
      const field = grid.elements.namedItem(name);
      if (field) body.set(name, field.value);
    }
    for (const [address, text] of sent) {
      body.set(CELL + address, text);
      body.set(`seen:${address}`, seenOf(address).value);
    }
    for (const [name, value] of Object.entries(act)) body.set(name, value);
    say("正在保存…");
    let answer;
    let got;
    try {
      got = await fetch(grid.action, { method: "POST", body, headers: { Accept: "application/json" } });
      if (!got.headers.get("Content-Type")?.includes("json")) throw new Error(got.status);
      answer = await got.json();
    } catch {
      if (act.undo) acts.push(act.undo);
      // Whoever is signed out sends a form that has expired, or is led to the page that signs in.
      const isOut = got?.status === 400 || got?.redirected;
      if (signIn) signIn.hidden = !isOut;
      const why = isOut ? "登录已失效" : got ? "系统没有收下" : "没有联系上系统";
      say(`没有保存：${why}。填写的内容仍在，${isOut ? "重新登录后自动再存。" : "将自动再试。"}`, true);
      return;
    }
    if (signIn) signIn.hidden = true;
    showAll(answer, sent);
    if (answer.undo) acts.push(answer.undo);
    if (acts.length > UNDOES) acts.shift();
    offerUndo();
    if (answer.wrong && !act.act) for (const [address, text] of sent) refused.set(address, text);
    if (answer.wrong) say(answer.wrong, true);
    else if (answer.refused) say(answer.words || `${answer.refused} 格没有保存，原因在格下。`, true);
    else say(answer.words || "已保存草稿");
  }

  // -- taking back: the whole of what was last saved, pasted or filled in

  const undoing = grid.querySelector("[data-undo]");

  function offerUndo() {
    if (undoing) undoing.hidden = !acts.length;
  }

  async function undo() {
    // What is typed and not saved yet is saved first: it is what is taken back then.
    if (inputs().some(isToSend)) await send();
    const last = acts.pop();
    if (last) await send({ act: "undo", undo: last });
  }
  undoing?.addEventListener("click", undo);

  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== "z") return;
    const at = document.activeElement;
    const isCell = at?.matches("td.cell input.form-control");
    // Within a text that somebody is typing the browser takes back letter by letter.
    if (!acts.length || (isCell ? isNew(at) : at?.matches("input, textarea, select"))) return;
    event.preventDefault();
    undo();
  });

  // -- keys

  const rowOf = (input) => input.closest("tr");
  const columnOf = (input) => Array.from(rowOf(input).children).indexOf(input.closest("td"));

  function step(input, down, right) {
    let row = rowOf(input);
    let column = columnOf(input);
    for (;;) {
      if (down) row = down > 0 ? row.nextElementSibling : row.previousElementSibling;
      column += right;
      const box = row?.children[column];
      if (!box || !box.matches("td.cell")) return false;
      const next = box.querySelector("input.form-control");
      if (next) {
        next.focus();
        next.select();
        return true;
      }
    }
  }

  const atStart = (input) => input.selectionEnd === 0 || (input.selectionStart === 0 && input.selectionEnd === input.value.length);
  const atEnd = (input) => input.selectionStart === input.value.length || (input.selectionStart === 0 && input.selectionEnd === input.value.length);

  grid.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!input.matches("td.cell input.form-control") || event.isComposing || event.altKey) return;
    const controlled = event.ctrlKey || event.metaKey;
    if (controlled && event.key.toLowerCase() === "d") {
      event.preventDefault();
      const above = rowOf(input).previousElementSibling?.children[columnOf(input)]?.querySelector("input.form-control");
      if (above) {
        input.value = above.value;
        send();
      }
      return;
    }
    if (controlled) return;
    const moves = {
      Enter: () => [event.shiftKey ? -1 : 1, 0],
      ArrowDown: () => [1, 0],
      ArrowUp: () => [-1, 0],
      ArrowLeft: () => (atStart(input) && !event.shiftKey ? [0, -1] : null),
      ArrowRight: () => (atEnd(input) && !event.shiftKey ? [0, 1] : null),
    };
    const move = moves[event.key]?.();
    if (move) {
      event.preventDefault(); // Enter in a cell goes on, it does not send the form
      step(input, ...move);
    }
    if (event.key === "Escape" && isNew(input)) {
      const address = addressOf(input);
      input.value = known.get(address);
      event.stopPropagation();
      if (refused.delete(address)) {
        grid.dataset.stamp = ""; // the whole is told anew, without what was refused
        look();
      }
    }
  });

  grid.addEventListener("focusin", (event) => {
    if (event.target.matches("td.cell input.form-control")) last = event.target;
  });
  grid.addEventListener("focusout", (event) => {
    if (event.target.matches("td.cell input.form-control") && isToSend(event.target)) send();
  });
  grid.addEventListener("input", (event) => {
    if (!event.target.matches("td.cell input.form-control")) return;
    refused.delete(addressOf(event.target));
    clearTimeout(timer);
    timer = setTimeout(() => send(), PAUSE);
  });

  // -- blocks

  grid.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const input = event.target;
    if (!input.matches("td.cell input.form-control") || !/[\t\n\r]/.test(text.replace(/[\r\n]+$/, ""))) return;
    event.preventDefault();
    send({ act: "paste", at: addressOf(input), block: text });
  });

  const filling = grid.querySelector("[data-fill]");
  if (filling) {
    filling.hidden = false;
    filling.addEventListener("click", () => {
      if (last) send({ act: "fill", at: addressOf(last) });
      else say("请先点一下要照着填的那一格。", true);
    });
  }
  for (const folded of grid.querySelectorAll(".without-script")) folded.hidden = true;

  // -- the buttons, without leaving the page; posting has a page of its own

  document.addEventListener("submit", async (event) => {
    if (event.target !== grid) return;
    const act = event.submitter?.value ?? "save";
    event.preventDefault();
    if (act === "post") {
      await send();
      const kept = inputs().find(isNew);
      if (!kept) location.assign(grid.action.replace(/cells(\?.*)?$/, "post"));
      else {
        unfold(kept);
        kept.focus();
      }
      return;
    }
    send(act === "save" ? {} : { act });
  }, true);

  window.addEventListener("beforeunload", (event) => {
    if (waiting || inputs().some(isNew)) event.preventDefault();
  });

  // -- a link to a cell leads into it

  function seek() {
    const box = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!box || !grid.contains(box)) return;
    unfold(box.matches("section") ? box.querySelector("details") ?? box : box);
    const input = box.matches("input") ? box : box.querySelector("input.form-control");
    box.scrollIntoView({ block: "center", inline: "center" });
    input?.focus({ preventScroll: true });
    input?.select();
  }
  window.addEventListener("hashchange", seek);
  seek();

  // -- what others typed

  async function look() {
    if (document.hidden || waiting) return;
    const address = new URL(grid.dataset.poll, location.href);
    address.searchParams.set("stamp", grid.dataset.stamp);
    try {
      const got = await fetch(address, { headers: { "Tracker-Background": "1", Accept: "application/json" } });
      if (!got.ok || !got.headers.get("Content-Type")?.includes("json")) return;
      const answer = await got.json();
      if (waiting) return;
      if (answer.cells) showAll(answer, new Map());
      else renew(answer.token);
    } catch {
      return; // the next look tells
    }
    // What could not be saved before.
    if (inputs().some((input) => isToSend(input) && input !== document.activeElement)) send();
  }
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
}
