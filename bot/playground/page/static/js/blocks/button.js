/** The button: pressed once until it is answered, asks first where the app wants that. */
import { html, useContext } from "../lib.js";
import { follow, leadsInside, linkTo } from "../following.js";
import { confirmed } from "./confirm.js";
import { act, Here, useBusy } from "./here.js";
import { Text } from "./mrkdwn.js";
import { Trouble } from "./trouble.js";

/** Draw a button; one with a `url` opens it and tells the app too. */
export function Button({ block, element }) {
  const here = useContext(Here);
  const [busy, run, told] = useBusy();
  const isLink = /^https?:/i.test(element.url ?? "");
  const isFollowed = isLink && (element.confirm || leadsInside(element.url));
  const press = (event) => {
    if (isFollowed) event.preventDefault();
    run(async () => {
      if (element.confirm && !(await confirmed(element.confirm))) return null;
      const answered = act(here, block, element, { type: element.type });
      if (isFollowed) follow(element.url, here);
      return answered;
    });
  };
  const shared = {
    class: `button ${element.style ?? ""}`,
    onClick: press,
    "aria-label": element.accessibility_label ?? null,
    "aria-busy": busy || null,
  };
  const inside = html`<${Text} of=${element.text} />${busy && html`<span class="spinner" aria-hidden="true"></span>`}`;
  if (isLink) {
    return html`<a ...${shared} ...${linkTo(element.url)}>${inside}</a>`;
  }
  return html`<button type="button" ...${shared} disabled=${here.disabled}>${inside}</button><${Trouble} told=${told} />`;
}
