// What the page of a plan does with script: sliders instead of lists, parts that change in place, a timeline that is moved and brought closer by keys,
// wheel and finger. The server renders everything; here the parts of its page are only put into place.
"use strict";

const main = document.querySelector("main"), status = document.querySelector("#status"), form = document.querySelector("#settings");
const parts = ["problem", "summary", "pauses", "pauses-words", "timeline", "albums", "undated", "yaml"];
const patience = 250; // ms without another move before the plan is made again

// load shows another address of the page. The last one that was asked for wins; the server stops what nobody waits for.
let asked = null;
async function load(url, { remember = "replace", recount = false } = {}) {
  asked?.abort();
  const mine = (asked = new AbortController());
  main.setAttribute("aria-busy", "true");
  if (recount) status.textContent = "Counting…";
  try {
    const answer = await fetch(url, { signal: mine.signal });
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (asked !== mine) return false;
    put(next);
    status.textContent = answer.ok ? "" : "Not counted";
    if (remember === "push") history.pushState(null, "", url);
    if (remember === "replace") history.replaceState(null, "", url);
    main.removeAttribute("aria-busy");
    return true;
  } catch (e) {
    if (asked !== mine) return false;
    status.textContent = "The command has ended, or cannot be reached.";
    main.removeAttribute("aria-busy");
    return false;
  }
}

// put replaces the parts, and leaves the focus where it was.
function put(next) {
  const focused = document.activeElement?.id;
  const scrolled = document.querySelector("#yaml pre")?.scrollTop;
  for (const id of parts) {
    const part = next.getElementById(id);
    if (part) document.getElementById(id).replaceWith(document.importNode(part, true));
  }
  for (const name of ["gap", "day"]) {
    const chosen = next.querySelector(`#done [name=${name}]`)?.value;
    if (chosen === undefined) continue;
    document.querySelector(`#done [name=${name}]`).value = chosen;
    const list = document.getElementById(name), fresh = next.getElementById(name);
    if (fresh && list.value !== chosen) {
      list.replaceChildren(...[...fresh.options].map((o) => document.importNode(o, true)));
      list.value = chosen;
    }
    sliders[name]?.follow();
  }
  if (focused && !document.activeElement?.id) document.getElementById(focused)?.focus({ preventScroll: true });
  if (scrolled) document.querySelector("#yaml pre").scrollTop = scrolled;
  ready();
}

// slider is a list of steps as a slider. The list stays what the form sends.
const sliders = {};
function slider(name) {
  const list = document.getElementById(name), range = document.createElement("input"), shown = document.createElement("output"), box = document.createElement("div");
  range.type = "range";
  range.id = name + "-slider";
  range.disabled = list.disabled;
  box.className = "moved";
  box.append(range, shown);
  list.after(box);
  list.hidden = true;
  list.closest(".setting").classList.add("with-slider");
  document.querySelector(`label[for=${name}]`).htmlFor = range.id;
  const say = () => {
    shown.textContent = list.options[range.value].text;
    range.setAttribute("aria-valuetext", shown.textContent);
  };
  range.addEventListener("input", () => {
    list.selectedIndex = +range.value;
    say();
    recount();
  });
  sliders[name] = {
    follow() {
      range.max = list.options.length - 1;
      range.value = list.selectedIndex;
      say();
    },
  };
  sliders[name].follow();
}

// recount plans anew when the sliders have come to rest.
let timer = 0;
function recount() {
  clearTimeout(timer);
  asked?.abort(); // its answer would move the slider back
  asked = null;
  status.textContent = "Counting…";
  main.setAttribute("aria-busy", "true");
  for (const name of ["gap", "day"]) document.querySelector(`#done [name=${name}]`).value = document.getElementById(name).value;
  timer = setTimeout(() => {
    const to = new URL(location.href);
    for (const name of ["open", "items", "albums"]) to.searchParams.delete(name);
    for (const name of ["gap", "day"]) to.searchParams.set(name, document.getElementById(name).value);
    load(to.href, { recount: true });
  }, patience);
}

// Links within the page change its parts.
document.addEventListener("click", async (e) => {
  const link = e.target.closest?.("main a");
  const href = link?.getAttribute("href");
  if (!href?.startsWith("?") || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
  e.preventDefault();
  const to = new URL(href, location.href);
  const onLine = link.closest("#timeline"), before = new URL(location.href).searchParams.get("open");
  if (!(await load(to.href, { remember: "push" }))) return;
  const opened = to.searchParams.get("open");
  if (opened && opened !== before) {
    const album = document.getElementById("album-" + opened);
    album?.scrollIntoView({ block: "start" }); // at once: what glides is hard to hit
    album?.querySelector(".row").focus({ preventScroll: true });
  } else if (link.classList.contains("row")) {
    const n = link.parentElement.id;
    document.querySelector(`#${n} .row`)?.focus({ preventScroll: true });
  }
  if (link.classList.contains("show") && !onLine) document.querySelector("#timeline").scrollIntoView({ block: "start" });
});
addEventListener("popstate", () => load(location.href, { remember: "" }));

// The timeline is moved by keys and by ctrl and wheel; a stretch that is dragged over is shown alone.
function show(from, to) {
  const url = new URL(location.href);
  url.searchParams.set("from", Math.round(from));
  url.searchParams.set("to", Math.round(to));
  load(url.href);
}
main.addEventListener("keydown", (e) => {
  if (e.target.id !== "strip" || e.altKey || e.ctrlKey || e.metaKey) return;
  const id = { ArrowLeft: "earlier", ArrowRight: "later", "+": "closer", "=": "closer", "-": "farther", 0: "whole" }[e.key];
  const link = id && document.querySelector(`#${id}[href]`);
  if (!id) return;
  e.preventDefault();
  if (link) load(link.href);
});
let wheeled = 0, window_ = null;
main.addEventListener("wheel", (e) => {
  const strip = e.target.closest?.("#strip");
  if (!strip || !e.ctrlKey) return;
  e.preventDefault();
  const box = strip.getBoundingClientRect(), at = (e.clientX - box.left) / box.width;
  const [from, to] = window_ ?? [+strip.dataset.from, +strip.dataset.to];
  const width = (to - from) * (e.deltaY > 0 ? 1.4 : 1 / 1.4), middle = from + (to - from) * at;
  window_ = [middle - width * at, middle + width * (1 - at)];
  clearTimeout(wheeled);
  wheeled = setTimeout(() => {
    show(...window_);
    window_ = null;
  }, 80);
}, { passive: false });

const far = 8; // pixels from which on a press is a drag
main.addEventListener("pointerdown", (e) => {
  const strip = e.target.closest?.("#strip");
  if (!strip || e.button) return;
  const box = strip.getBoundingClientRect(), begin = e.clientX, svg = strip.querySelector("svg");
  let mark = null;
  const share = (x) => Math.min(Math.max((x - box.left) / box.width, 0), 1);
  const move = (m) => {
    if (!mark && Math.abs(m.clientX - begin) < far) return;
    if (!mark) {
      mark = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      mark.setAttribute("class", "chosen");
      mark.setAttribute("height", "100%");
      svg.append(mark);
    }
    const [a, b] = [share(begin), share(m.clientX)].sort((a, b) => a - b);
    mark.setAttribute("x", 100 * a + "%");
    mark.setAttribute("width", 100 * (b - a) + "%");
  };
  const end = (m) => {
    removeEventListener("pointermove", move);
    removeEventListener("pointerup", end);
    removeEventListener("pointercancel", end);
    if (!mark) return;
    mark.remove();
    if (m.type === "pointercancel") return;
    const swallow = (c) => { c.preventDefault(); c.stopPropagation(); }; // the click that a drag ends with, if it does
    addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => removeEventListener("click", swallow, { capture: true }));
    const [a, b] = [share(begin), share(m.clientX)].sort((a, b) => a - b), from = +strip.dataset.from, width = strip.dataset.to - from;
    show(from + width * a, from + width * b);
  };
  addEventListener("pointermove", move);
  addEventListener("pointerup", end);
  addEventListener("pointercancel", end);
});
main.addEventListener("dragstart", (e) => { if (e.target.closest?.("#strip")) e.preventDefault(); });

// ready dresses parts that are new on the page.
function ready() {
  const copy = document.getElementById("copy");
  copy.hidden = !navigator.clipboard;
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(await (await fetch(document.getElementById("download").href)).text());
      copy.textContent = "Copied";
    } catch {
      copy.textContent = "Not copied";
    }
    setTimeout(() => (copy.textContent = "Copy"), 2000);
  });
}

slider("gap");
slider("day");
form.querySelector(".send").hidden = true;
form.addEventListener("submit", (e) => { e.preventDefault(); recount(); });
ready();
