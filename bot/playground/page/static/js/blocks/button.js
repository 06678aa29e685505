/** The button: pressed once until it is answered, asks first where the app wants that. */
import { html, useContext } from "../lib.js";
import { confirmed } from "./confirm.js";
import { act, Here, useBusy } from "./here.js";
import { Text } from "./mrkdwn.js";

/** Draw a button; one with a `url` opens it and tells the app too. */
export function Button({ block, element }) {
  const here = useContext(Here);
  const [busy, run] = useBusy();
  const press = (event) => run(async () => {
    if (element.confirm) {
      event.preventDefault();
      if (!(await confirmed(element.confirm))) return;
      if (element.url) window.open(element.url, "_blank", "noopener,noreferrer");
    }
    await act(here, block, element, { type: element.type });
  });
  const shared = {
    class: `button ${element.style ?? ""}`,
    onClick: press,
    "aria-label": element.accessibility_label ?? null,
    "aria-busy": busy || null,
  };
  const inside = html`<${Text} of=${element.text} />${busy && html`<span class="spinner" aria-hidden="true"></span>`}`;
  if (/^https?:/i.test(element.url ?? "")) {
    return html`<a ...${shared} href=${element.url} target="_blank" rel="noopener noreferrer">${inside}</a>`;
  }
  return html`<button type="button" ...${shared} disabled=${here.disabled}>${inside}</button>`;
}
