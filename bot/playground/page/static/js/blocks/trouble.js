/** Slack's sign beside what was pressed when the app has not answered. */
import { html } from "../lib.js";

/** Draw it, if something was told. */
export function Trouble({ told }) {
  return told && html`<span class="trouble" role="img" aria-label=${told} title=${told}>⚠</span>`;
}
