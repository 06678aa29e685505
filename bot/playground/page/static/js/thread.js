/** The thread pane beside the conversation. */
import { html, useEffect, useRef } from "./lib.js";
import { Composer } from "./composer.js";
import { arrows } from "./focus.js";
import { Icon } from "./icons.js";
import { Message } from "./message.js";
import { channelTitle } from "./names.js";
import { lookAt } from "./reading.js";
import { channels, closeThread, threadAt, threadMessages } from "./state.js";

/** The open thread, or nothing. */
export function Thread() {
  const channel = channels.value.get(threadAt.value?.channel);
  if (!channel) return null;
  return html`<${Pane} key=${threadAt.value.ts} channel=${channel} ts=${threadAt.value.ts} reply=${threadAt.value.reply} />`;
}

function Pane({ channel, ts, reply }) {
  const pane = useRef(null);
  const list = useRef(null);
  const there = threadMessages.value.some((each) => each.ts === reply);
  useEffect(() => {
    if (!reply) (pane.current.querySelector("textarea") ?? pane.current).focus();
    return () => document.querySelector(`main li[data-ts="${ts}"]`)?.focus();
  }, []);
  useEffect(() => {
    if (there) lookAt(list.current, reply);
  }, [there]);
  const onKeyDown = (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) closeThread();
  };
  const [parent, ...replies] = threadMessages.value;
  return html`<aside class="thread" ref=${pane} tabindex="-1" aria-label=${`Thread in ${channelTitle(channel)}`} onKeyDown=${onKeyDown}>
    <header class="head"><h2>Thread<small>${channelTitle(channel)}</small></h2>
      <button type="button" class="icon-button" aria-label="Close thread" onClick=${closeThread}><${Icon} name="close" /></button></header>
    <div class="thread-list" ref=${list} tabindex="0" role="region" aria-label="Replies" onKeyDown=${arrows(".message")}>
      <ol>
        ${parent && html`<${Message} key=${parent.ts} message=${parent} inThread=${true} />`}
        ${replies.length > 0 && html`<li class="reply-count" key="count"><span>${replies.length} ${replies.length === 1 ? "reply" : "replies"}</span></li>`}
        ${replies.map((each) => html`<${Message} key=${each.ts} message=${each} inThread=${true} />`)}
      </ol>
    </div>
    <${Composer} channel=${channel} thread=${ts} />
  </aside>`;
}
