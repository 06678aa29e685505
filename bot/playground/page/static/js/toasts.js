/** What the page says by itself: short notes at its foot, and a banner while the line is lost. */
import { html } from "./lib.js";
import { Icon } from "./icons.js";
import { linkState } from "./link.js";
import { dropToast, toasts } from "./state.js";

/** Notes and banner, read out as they come.  An open dialog makes the page around it inert, so each dialog draws them too. */
export function Notices() {
  return html`
    <div class="toasts" role="status" aria-live="polite">${toasts.value.map(({ id, text, tone }) => html`
      <div class=${`toast ${tone}`} key=${id}><p>${text}</p>
        <button type="button" class="icon-button" aria-label="Dismiss" onClick=${() => dropToast(id)}><${Icon} name="close" size="16" /></button>
      </div>`)}</div>
    <p class="reconnecting" role="status">${linkState.value === "lost" && "The playground does not answer. Reconnecting…"}</p>`;
}
