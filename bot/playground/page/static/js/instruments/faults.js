/** What can go wrong between Slack and the app, on demand. */
import { html, useId } from "../lib.js";
import { ask } from "../link.js";
import { faults } from "../state.js";

const MEANS = {
  rate_limited: "Slack answers 429 and asks for three seconds of patience.",
  dropped_line: "The connection is cut before Slack has done anything.",
  server_error: "Slack answers 500 and does nothing.",
  slow: "Slack takes three and a half seconds for each call.",
  late: "Slack has given up waiting when the app answers a command, a button, a form. What it saves is saved; a window does not open.",
};

/** Draw a switch for each fault. */
export function FaultsTab() {
  return html`
    <p class="inst-soft">A switch stays on until it is switched off. The last one meets the app's answers, the others its calls to post
      messages and open windows.</p>
    <ul class="inst-faults">
      ${faults.value.map((fault) => html`<${Fault} key=${fault.kind} fault=${fault} />`)}
    </ul>`;
}

function Fault({ fault: { kind, label, on } }) {
  const own = useId();
  return html`
    <li>
      <button type="button" role="switch" class="inst-switch" aria-checked=${on} aria-labelledby=${`${own}-name`}
        aria-describedby=${`${own}-means`} onClick=${() => ask("fault", { kind, on: !on })}><span aria-hidden="true" /></button>
      <div><strong id=${`${own}-name`}>${label}</strong>
        <p class="inst-soft" id=${`${own}-means`}>${MEANS[kind] ?? ""}</p></div>
    </li>`;
}
