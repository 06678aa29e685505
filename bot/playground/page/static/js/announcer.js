/** Says new messages of the conversation on show to screen readers. */
import { html, signal, useEffect } from "./lib.js";
import { onPush } from "./link.js";
import { nameOf } from "./avatar.js";
import { plainOf } from "./blocks/mrkdwn.js";
import { authorOf } from "./message.js";
import { channelHere, me } from "./state.js";

const said = signal("");
let newest = "";

function hear(push) {
  if (push.push !== "message" || push.channel !== channelHere.value || push.message.ts <= newest) return;
  newest = push.message.ts;
  const author = authorOf(push.message);
  if (author !== me.value) said.value = `${nameOf(author)}: ${plainOf(push.message.text ?? "")}`;
}

/** The live region. */
export function Announcer() {
  useEffect(() => onPush(hear), []);
  return html`<div class="unseen" role="log" aria-live="polite" aria-label="New messages">${said.value}</div>`;
}
