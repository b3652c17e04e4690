// What the page of a watch does with script: its parts change in place as the server sends them, its buttons work without leaving it, and what is still
// to come counts down. The server renders everything.
"use strict";

const live = document.getElementById("live"), silence = 40_000; // ms: some beats

// put makes parts of the page like those that were sent.
function put(parts) {
  for (const [id, html] of Object.entries(parts)) {
    const sent = document.createElement("template"), now = document.getElementById(id);
    sent.innerHTML = html;
    if (now && sent.content.firstElementChild) morph(now, sent.content.firstElementChild);
  }
  tick();
}

// The stream. A hidden page has none: browsers allow a server only a few. One that is silent is dead, whatever the browser thinks.
let stream = null, heard = 0;
function listen() {
  if (stream || document.hidden) return;
  stream = new EventSource("./events");
  heard = Date.now();
  stream.addEventListener("parts", (e) => {
    say("Live", true);
    put(JSON.parse(e.data));
  });
  stream.addEventListener("beat", () => say("Live", true));
  stream.onerror = () => {
    say("Not connected", false);
    if (stream.readyState === EventSource.CLOSED) again(); // it was refused, and the browser gives up
  };
}

function leave() {
  stream?.close();
  stream = null;
}

function again() {
  leave();
  setTimeout(listen, 5000);
}

function say(text, on) {
  if (on) heard = Date.now();
  live.hidden = false;
  if (live.textContent !== text) live.textContent = text;
  live.classList.toggle("on", on);
  document.body.classList.toggle("away", !on);
}

// Buttons: what the server answers is the page as it is then.
document.addEventListener("submit", async (e) => {
  const form = e.target;
  if (form.method !== "post") return;
  e.preventDefault();
  const button = form.querySelector("button");
  button.setAttribute("aria-disabled", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!next.getElementById("said")) throw new Error("no page");
    for (const part of next.querySelectorAll("title[id], #actions, main > [id], .two > [id]")) {
      const now = document.getElementById(part.id);
      if (now) morph(now, part);
    }
  } catch {
    document.getElementById("said").textContent = "The watch cannot be reached: it may have ended.";
  }
  button.removeAttribute("aria-disabled");
  if (!button.isConnected) (document.getElementById("failures-title") ?? document.getElementById("said")).focus({ preventScroll: true });
  tick();
});

// Times to come, in the words of the server.
function tick() {
  for (const end of document.querySelectorAll("[data-until]")) {
    const s = Math.max(0, Math.round((Date.parse(end.dataset.until) - Date.now()) / 1000)), min = Math.floor(s / 60), h = Math.floor(min / 60);
    const text = s < 60 ? `${s} s` : s < 3600 ? `${min} min` : h < 48 ? `${h} h ${min % 60} min` : `${Math.floor(h / 24)} d`;
    if (end.textContent !== text) end.textContent = text;
  }
}
setInterval(() => {
  tick();
  if (stream && Date.now() - heard > silence) {
    say("Not connected", false);
    again();
  }
}, 1000);

addEventListener("visibilitychange", () => (document.hidden ? leave() : listen()));
addEventListener("pagehide", leave);
addEventListener("pageshow", listen);
listen();
