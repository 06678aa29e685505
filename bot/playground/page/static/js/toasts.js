/** Short notes at the foot of the page. */
import { html } from "./lib.js";
import { Icon } from "./icons.js";
import { dropToast, toasts } from "./state.js";

/** The toasts on show, read out as they come. */
export function Toasts() {
  return html`<div class="toasts" role="status" aria-live="polite">${toasts.value.map(({ id, text, tone }) => html`
    <div class=${`toast ${tone}`} key=${id}><p>${text}</p>
      <button type="button" class="icon-button" aria-label="Dismiss" onClick=${() => dropToast(id)}><${Icon} name="close" size="16" /></button>
    </div>`)}</div>`;
}
