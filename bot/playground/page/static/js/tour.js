/** The hint strip: a few steps for whoever is here for the first time. */
import { html, signal } from "./lib.js";
import { propose } from "./drafts.js";
import { Icon } from "./icons.js";
import { app, channelHere, go, tour } from "./state.js";

const KEY = "tour";
const DONE = "done";
const step = signal(localStorage.getItem(KEY) ?? "0");

function move(to) {
  step.value = String(to);
  localStorage.setItem(KEY, step.value);
}

/** Take the step's command to a message box; Enter is left to the person. */
function tryOut(command) {
  const at = channelHere.value ?? app.value.dm;
  if (at !== channelHere.value) go({ channel: at });
  requestAnimationFrame(() => propose(at, command));
}

/** The strip, until its steps are done or it is put away. */
export function Tour() {
  const steps = tour.value;
  const at = Number(step.value);
  if (step.value === DONE || !steps[at]) return null;
  const { title, text, command } = steps[at];
  const last = at === steps.length - 1;
  return html`<section class="tour" aria-label="First steps">
    <p class="tour-text"><span class="tour-at">Step ${at + 1} of ${steps.length}</span><strong>${title}</strong> <span>${text}</span></p>
    <p class="tour-buttons">
      ${command && html`<button type="button" class="button primary" onClick=${() => tryOut(command)}>Type <code>${command}</code> for me</button>`}
      ${at > 0 && html`<button type="button" class="button" onClick=${() => move(at - 1)}>Back</button>`}
      <button type="button" class="button" onClick=${() => move(last ? DONE : at + 1)}>${last ? "Done" : "Next"}</button>
      <button type="button" class="icon-button" aria-label="Put the first steps away" onClick=${() => move(DONE)}><${Icon} name="close" size="16" /></button>
    </p></section>`;
}
