/** Following links: what leads to this workspace opens in the page, anything else in a tab of its own. */
import { ask } from "./link.js";
import { canvas, closeThread, go, loadBackTo, openThread, sought, team, views } from "./state.js";

/** Does an address lead to this workspace? */
export function leadsInside(url) {
  return URL.parse(url ?? "")?.host === `${team.value.domain}.slack.com`;
}

/** The attributes of a link; whoever draws it follows those that lead inside. */
export function linkTo(url) {
  return leadsInside(url) ? { href: "#" } : { href: url, target: "_blank", rel: "noopener noreferrer" };
}

/** Follow a link; in a window, what keeps a person from it is told there (`here` as in blocks/here.js, or null). */
export async function follow(url, here) {
  if (!leadsInside(url)) return void window.open(url, "_blank", "noopener,noreferrer");
  const answer = await ask("follow", { url }, { quiet: Boolean(here?.told) });
  if (!answer.ok) here?.told?.(answer.told);
  else if (answer.canvas) canvas.value = answer.canvas;
  else await arrive(answer);
}

/** Leave every window and the thread that is open, then look at the message. */
async function arrive({ channel, ts, thread }) {
  canvas.value = null;
  closeThread();
  if (views.value.length) await ask("close", { view: views.value.at(-1).id, everything: true });
  if (ts) await loadBackTo(channel, thread ?? ts);
  go({ channel });
  if (ts) sought.value = { channel, ts: thread ?? ts };
  if (thread) openThread(channel, thread, ts);
}
