// What the pages do with script: arrow keys walk through the items of an album and Escape leads back to it; what
// changes appears by itself; clocks go. Without script each page is whole all the same.
"use strict";

addEventListener("keydown", (e) => {
  if (e.altKey || e.ctrlKey || e.metaKey || e.shiftKey) return;
  if (e.target.closest && e.target.closest("video, input, textarea, select")) return;
  const rel = { ArrowLeft: "prev", ArrowRight: "next", Escape: "up" }[e.key];
  const link = rel && document.querySelector(`a[rel="${rel}"]`);
  if (link) {
    e.preventDefault();
    location.href = link.href;
  }
});

// The page as the server would show it now. One request at a time; what changes meanwhile is fetched after it.
let fetching = false, stale = false;
async function refresh() {
  stale = true;
  if (fetching) return;
  fetching = true;
  while (stale) {
    stale = false;
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      morph(document.querySelector("main"), page.querySelector("main"));
      document.title = page.title;
      tick();
    } catch {
      missed = true; // the server is away; the stream says when it is back
    }
  }
  fetching = false;
}

// The stream of events. A hidden page has none: browsers allow a server only a few.
let stream = null, missed = false;
function listen() {
  if (stream || document.hidden) return;
  const main = document.querySelector("main"), parts = main.dataset.live.split(" ");
  stream = new EventSource("/events");
  stream.addEventListener("hello", (e) => {
    say("Live", true);
    if (missed || e.data !== main.dataset.revision) refresh();
    missed = false;
  });
  stream.addEventListener("changed", (e) => {
    if (e.data.split(" ").some((part) => parts.includes(part))) refresh();
  });
  stream.onerror = () => {
    say("Not connected", false);
    missed = true;
    if (stream.readyState === EventSource.CLOSED) { // it was refused, and the browser gives up
      leave();
      setTimeout(listen, 5000);
    }
  };
}

function leave() {
  if (stream) stream.close();
  stream = null;
}

function say(text, on) {
  const live = document.getElementById("live");
  live.hidden = false;
  live.textContent = text;
  live.classList.toggle("on", on);
}

// Clocks: the server's own, and how long a quota still takes to come back.
let ahead = 0, told = "";
function tick() {
  const clock = document.querySelector("[data-clock]"), stated = document.querySelector("main").dataset.now;
  if (stated !== told) {
    told = stated;
    ahead = Date.parse(told) - Date.now();
  }
  const now = Date.now() + ahead;
  if (clock) clock.textContent = new Date(now).toISOString().slice(0, 19).replace("T", " ") + " UTC";
  for (const end of document.querySelectorAll("[data-until]")) {
    const s = Math.max(0, Math.round((Date.parse(end.dataset.until) - now) / 1000));
    const min = Math.floor(s / 60);
    end.textContent = s < 60 ? `${s} s` : s < 3600 ? `${min} min` : `${Math.floor(min / 60)} h ${min % 60} min`;
  }
}

addEventListener("visibilitychange", () => {
  if (document.hidden) {
    leave();
  } else {
    missed = true;
    listen();
  }
});
addEventListener("pagehide", leave);
addEventListener("pageshow", listen);
tick();
setInterval(tick, 1000);
listen();
