// A session that is about to end by itself says so, and goes on if somebody is there.

(() => {
  const WARN = 120; // seconds before the end
  const bar = document.getElementById("leaving");
  if (!bar) return;
  const part = (name) => bar.querySelector(`.leaving-${name}`);
  const show = (name, shown) => (part(name).hidden = !shown);

  let end = Date.now() + Number(bar.dataset.left) * 1000;
  let limit = "";
  let asked = false; // whether the server has been asked since the end seemed near
  let timer = 0;

  const left = () => Math.ceil((end - Date.now()) / 1000);

  function words(seconds) {
    return seconds > 60 ? `${Math.ceil(seconds / 60)} 分钟` : `${Math.max(seconds, 1)} 秒`;
  }

  function plan(seconds) {
    clearTimeout(timer);
    timer = setTimeout(look, Math.max(seconds, 1) * 1000);
  }

  async function ask(method) {
    const request = { method, headers: { "X-CSRFToken": bar.dataset.token } };
    const answer = await fetch(bar.dataset.address, request);
    if (!answer.ok) throw new Error(answer.status);
    const told = await answer.json();
    end = Date.now() + told.left * 1000;
    limit = told.limit;
  }

  // The server is asked what is left before anybody is warned: somebody may have worked on in
  // another window. Asking is nobody's work.
  async function look() {
    if (left() <= WARN && (!asked || left() <= 0)) {
      try {
        await ask("GET");
        asked = true;
      } catch {
        plan(10);
        return;
      }
    }
    if (left() > WARN) {
      bar.hidden = true;
      asked = false;
      plan(left() - WARN);
      return;
    }
    tell();
    if (left() % 10 === 0) asked = false;
    plan(left() <= 0 ? 30 : 1);
  }

  function tell() {
    const seconds = left();
    const gone = seconds <= 0;
    const idle = limit !== "absolute";
    show("soon", !gone);
    show("gone", gone);
    show("save", !idle);
    show("stay", !gone && idle);
    part("why").textContent = part("why").dataset[idle ? "idle" : "absolute"];
    const said = words(seconds);
    // A reader of the screen says what changes: minutes, and then every ten seconds.
    if (seconds % 10 === 0 || !part("time").textContent) part("time").textContent = said;
    bar.hidden = false;
  }

  part("stay").addEventListener("click", async () => {
    try {
      await ask("POST");
      asked = true;
      show("fault", false);
    } catch {
      show("fault", true);
    }
    look();
  });

  // A page that slept, or that the browser kept, finds out what has become of its session.
  async function wake() {
    try {
      await ask("GET");
      asked = true;
    } catch {
      asked = false;
    }
    look();
  }
  document.addEventListener("visibilitychange", () => document.hidden || wake());
  window.addEventListener("pageshow", (event) => event.persisted && wake());
  look();
})();
