/** One message, with its toolbar while somebody points at it or has the focus there. */
import { html, useState } from "./lib.js";
import { ask } from "./link.js";
import { Avatar, nameOf } from "./avatar.js";
import { Blocks } from "./blocks/blocks.js";
import { Emoji } from "./blocks/emoji.js";
import { Mrkdwn } from "./blocks/mrkdwn.js";
import { Standing } from "./channelhead.js";
import { Icon } from "./icons.js";
import { Menu } from "./menu.js";
import { app, members, now, openThread, toast, zone } from "./state.js";
import { bareTime, clockTime, daysAgo, fullTime, msOf } from "./when.js";

/** The id of the member who wrote a message; the app's own for what the app posts. */
export const authorOf = (message) => message.user ?? app.value?.user;

/**
 * A message as a list item.  It reads signals, so it is drawn again only when its props or those change:
 * keep the props plain (`compact`: same author just before, `inThread`: no link to its thread).
 */
export function Message({ message, compact = false, inThread = false }) {
  const [near, setNear] = useState(false);
  const author = authorOf(message);
  const ms = msOf(message.ts);
  const look = `message${compact ? " compact" : ""}${message.only_you ? " only-you" : ""}${near ? " near" : ""}`;
  const leave = ({ currentTarget: li }) => {
    setTimeout(() => setNear(li.matches(":hover") || li.contains(document.activeElement)));
  };
  const come = () => setNear(true);
  return html`<li class=${look} data-ts=${message.ts} tabindex="-1" onPointerEnter=${come} onPointerLeave=${leave}
    onFocusIn=${come} onFocusOut=${leave}>
    <div class="gutter">${compact
      ? html`<time class="gutter-time" dateTime=${new Date(ms).toISOString()} title=${fullTime(ms, zone.value)}>${bareTime(ms, zone.value)}</time>`
      : html`<${Avatar} id=${author} />`}</div>
    <div class="said">
      ${message.only_you && html`<p class="only-you-mark"><${Icon} name="eye" size="14" />Only visible to you</p>`}
      <p class=${compact ? "unseen" : "byline"}><${Byline} author=${author} ms=${ms} isApp=${message.app} /></p>
      <${Body} message=${message} />
      ${message.reactions && html`<${Reactions} all=${message.reactions} />`}
      ${!inThread && message.reply_count > 0 && html`<${Replies} message=${message} />`}
    </div>
    ${near && html`<${Tools} message=${message} inThread=${inThread} />`}
  </li>`;
}

function Byline({ author, ms, isApp }) {
  return html`<strong>${nameOf(author)}</strong>
    ${isApp && html`<span class="app-badge">APP</span>`}
    <${Standing} member=${members.value.get(author)} />
    <time dateTime=${new Date(ms).toISOString()} title=${fullTime(ms, zone.value)}>${clockTime(ms, zone.value)}</time>`;
}

function Body({ message }) {
  const place = { channel: message.channel, ts: message.ts };
  const edited = message.edited && html`<span class="edited">(edited)</span>`;
  if (message.blocks?.length) {
    return html`<div class="text"><${Blocks} blocks=${message.blocks} surface="message" place=${place} />${edited}</div>`;
  }
  return html`<div class=${`text${message.subtype ? " event" : ""}`}><${Mrkdwn} text=${message.text} block=${true} />${edited}</div>`;
}

function Reactions({ all }) {
  return html`<ul class="reactions" aria-label="Reactions">${all.map(({ name, users, count }) => html`
    <li key=${name} title=${users.map((each) => nameOf(each)).join(", ")}><${Emoji} code=${name} /> ${count}</li>`)}</ul>`;
}

function Replies({ message }) {
  const count = message.reply_count;
  const last = message.latest_reply && daysAgo(msOf(message.latest_reply), now(), zone.value);
  return html`<button type="button" class="replies" onClick=${() => openThread(message.channel, message.ts)}>
    <${Icon} name="reply" size="16" /><strong>${count} ${count === 1 ? "reply" : "replies"}</strong>
    ${last && html`<span>Last reply ${last}</span>`}</button>`;
}

function Tools({ message, inThread }) {
  const { channel, ts } = message;
  const groups = () => [
    { title: app.value.name, items: app.value.shortcuts.filter((each) => each.type === "message").map((each) => ({
      label: each.name, hint: each.description, face: html`<${Icon} name="bolt" />`,
      run: () => runShortcut(each.callback_id, channel, ts),
    })) },
    { items: [{ label: "Copy text", face: html`<${Icon} name="box" />`, run: () => copy(message.text) }] },
  ];
  return html`<div class="tools" role="toolbar" aria-label="Message actions">
    ${!inThread && !message.only_you && html`<button type="button" class="icon-button" aria-label="Reply in thread"
      title="Reply in thread" onClick=${() => openThread(channel, message.thread_ts ?? ts)}><${Icon} name="reply" /></button>`}
    ${!message.only_you && html`<${Menu} label="More actions" groups=${groups}><${Icon} name="dots" /><//>`}
  </div>`;
}

/** The message keeps the focus, since its toolbar will be gone when a modal gives the focus back. */
function runShortcut(callbackId, channel, ts) {
  document.activeElement.closest(".message")?.focus();
  ask("message_shortcut", { callback_id: callbackId, channel, ts });
}

async function copy(text) {
  await navigator.clipboard.writeText(text);
  toast("Copied.");
}
