/** The hint strip: a few steps for whoever is here for the first time; each moves on by itself once it is done. */
import { html, signal } from "./lib.js";
import { propose } from "./drafts.js";
import { Icon } from "./icons.js";
import { onPush } from "./link.js";
import { app, channelHere, go, me, tour } from "./state.js";

const KEY = "tour";
const END = "end";
const AWAY = "done";
const TICK_MS = 1800;
const step = signal(localStorage.getItem(KEY) ?? "0");
const finished = signal(new Set());
const farewell = signal("");
const asked = new Map();

function move(to) {
  step.value = String(to);
  localStorage.setItem(KEY, step.value);
}

function after(at) {
  const next = tour.value.findIndex((_, each) => each > at && !finished.value.has(each));
  if (next >= 0) return next;
  return farewell.value ? END : AWAY;
}

function finish(request) {
  const at = tour.value.findIndex(({ done }, each) => !finished.value.has(each)
    && done.some(({ kind, begins }) => kind === request.kind && request.summary.startsWith(begins)));
  if (at < 0) return;
  finished.value = new Set(finished.value).add(at);
  setTimeout(() => { if (step.value === String(at)) move(after(at)); }, TICK_MS);
}

/** A request of the acting person counts once the app has answered it well. */
function follow(record) {
  if (record.user === me.value) asked.set(record.n, record);
  const request = asked.get(record.answers);
  if (!request) return;
  asked.delete(request.n);
  if (!record.error && record.summary !== "errors") finish(request);
}

onPush((push) => {
  if (push.push === "scene") farewell.value = push.farewell;
  if (push.push === "wire") push.records.forEach(follow);
});

/** Take the step's command to a message box; Enter is left to the person. */
function tryOut(command) {
  const at = channelHere.value ?? app.value.dm;
  if (at !== channelHere.value) go({ channel: at });
  requestAnimationFrame(() => propose(at, command));
}

/** The strip, until its steps are done or it is put away. */
export function Tour() {
  const steps = tour.value;
  if (step.value === AWAY || !steps.length || !app.value.dm) return null;
  if (step.value === END) return html`<${Strip} said=${farewell.value} back=${steps.length - 1} next=${AWAY} label="Done" />`;
  const at = Number(step.value);
  if (!steps[at]) return null;
  const { title, text, command } = steps[at];
  const isDone = finished.value.has(at);
  const next = isDone ? after(at) : steps[at + 1] ? at + 1 : farewell.value ? END : AWAY;
  const mark = html`<span class="tour-at">${isDone && html`<${Icon} name="check" size="12" /> Done: `}Step ${at + 1} of ${steps.length}</span>`;
  return html`<${Strip} said=${html`${mark}<strong>${title}</strong> <span>${text}</span>`} command=${!isDone && command}
    back=${at - 1} next=${next} label=${next === AWAY ? "Done" : "Next"} />`;
}

function Strip({ said, command, back, next, label }) {
  return html`<section class="tour" aria-label="First steps">
    <p class="tour-text" aria-live="polite">${said}</p>
    <p class="tour-buttons">
      ${command && html`<button type="button" class="button primary" onClick=${() => tryOut(command)}>Type <code>${command}</code> for me</button>`}
      ${back >= 0 && html`<button type="button" class="button" onClick=${() => move(back)}>Back</button>`}
      <button type="button" class="button" onClick=${() => move(next)}>${label}</button>
      <button type="button" class="icon-button" aria-label="Put the first steps away" onClick=${() => move(AWAY)}><${Icon} name="close" size="16" /></button>
    </p></section>`;
}
