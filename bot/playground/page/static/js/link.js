/** The one WebSocket to the stand-in: questions with answers, and what it pushes. */
import { batch, signal } from "./lib.js";

const LOST = "The connection to the playground was lost. Try again once it is back.";
const FIRST_PAUSE = 300;
const LONGEST_PAUSE = 5000;
const LATEST = 100;
const SEAT = "seat";

/** "connecting" at first, then "open" or "lost". */
export const linkState = signal("connecting");

const listeners = new Set();
const waiting = new Map();
const unsent = [];
const heard = [];
let socket = null;
let last = 0;
let pause = FIRST_PAUSE;

/** Call `fn` with every push of the stand-in; returns a function that ends it. */
export function onPush(fn) {
  listeners.add(fn);
  return () => listeners.delete(fn);
}

/** Ask for a deed; resolves with the answer, a refusal too. A refusal's `told` becomes a toast unless `quiet`. */
export function ask(deed, args = {}, { quiet = false } = {}) {
  return new Promise((resolve) => {
    const id = ++last;
    waiting.set(id, { resolve, quiet });
    const line = JSON.stringify({ ...args, id, do: deed });
    if (linkState.value === "open") socket.send(line);
    else if (linkState.value === "connecting") unsent.push(line);
    else settle({ re: id, ok: false, told: LOST });
  });
}

/** Be this person again after a reload of this tab or a lost line. */
export function sitAs(person) {
  sessionStorage.setItem(SEAT, person);
}

/** Open the socket and keep it open. */
export function connect() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  socket = new WebSocket(`${scheme}://${location.host}/live?as=${sessionStorage.getItem(SEAT) ?? ""}`);
  socket.onopen = () => {
    pause = FIRST_PAUSE;
    linkState.value = "open";
    for (const line of unsent.splice(0)) socket.send(line);
  };
  socket.onmessage = (event) => {
    const word = JSON.parse(event.data);
    if (!("re" in word)) return hear(word);
    tellHeard();
    settle(word);
  };
  socket.onclose = () => {
    tellHeard();
    linkState.value = "lost";
    unsent.length = 0;
    for (const id of [...waiting.keys()]) settle({ re: id, ok: false, told: LOST });
    setTimeout(connect, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  };
}

/** What is pushed within a frame is told at once, before the next answer; where no frames are drawn, a little later. */
function hear(push) {
  heard.push(push);
  if (heard.length > 1) return;
  const due = setTimeout(() => tellHeard(), LATEST);
  requestAnimationFrame(() => {
    clearTimeout(due);
    tellHeard();
  });
}

function tellHeard() {
  batch(() => heard.splice(0).forEach(tell));
}

function settle(answer) {
  const asked = waiting.get(answer.re);
  if (!asked) return;
  waiting.delete(answer.re);
  if (!answer.ok && answer.told && !asked.quiet) tell({ push: "toast", tone: "error", text: answer.told });
  asked.resolve(answer);
}

function tell(push) {
  for (const fn of listeners) fn(push);
}
