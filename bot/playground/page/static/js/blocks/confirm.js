/** Slack's confirm dialog. */
import { html, render } from "../lib.js";
import { Notices } from "../toasts.js";
import { Text } from "./mrkdwn.js";

/** Ask a confirm object's question; resolves with whether the person agreed. */
export function confirmed({ title, text, confirm, deny, style }) {
  return new Promise((resolve) => {
    const host = document.createElement("div");
    document.body.append(host);
    const answer = { agreed: false };
    const closed = () => {
      render(null, host);
      host.remove();
      resolve(answer.agreed);
    };
    const end = (event, agreed) => {
      answer.agreed = agreed;
      event.target.closest("dialog").close();
    };
    const warns = style === "danger";
    render(html`<dialog class="confirm" aria-labelledby="confirm-title" aria-describedby="confirm-text" onClose=${closed}>
      <h2 id="confirm-title"><${Text} of=${title} /></h2>
      <div id="confirm-text"><${Text} of=${text} block /></div>
      <div class="confirm-buttons">
        <button type="button" class="button" autofocus=${warns} onClick=${(event) => end(event, false)}>
          <${Text} of=${deny} /></button>
        <button type="button" class=${`button ${style ?? "primary"}`} autofocus=${!warns} onClick=${(event) => end(event, true)}>
          <${Text} of=${confirm} /></button>
      </div>
      <${Notices} />
    </dialog>`, host);
    host.firstElementChild.showModal();
  });
}
