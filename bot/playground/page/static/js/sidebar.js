/** The side bar: channels, direct messages, apps. */
import { html, useSignal } from "./lib.js";
import { Avatar } from "./avatar.js";
import { arrows } from "./focus.js";
import { useGrowing } from "./growing.js";
import { Icon } from "./icons.js";
import { byName, channelIcon, channelName, isAppDm } from "./names.js";
import { wide } from "./screen.js";
import { app, channelHere, channels, go, place, team } from "./state.js";

const KIND = { public: "channel", private: "private channel", im: "direct message" };

const ROWS = 24;

/** Navigation between conversations; Tab stops at the open one and at what is folded, arrow keys move inside.  A screen of its own on a phone. */
export function SideBar() {
  const all = [...channels.value.values()].sort(byName);
  const dms = all.filter((each) => each.kind === "im" && !isAppDm(each));
  const rooms = all.filter((each) => each.kind !== "im");
  const drawn = useGrowing(rooms.length, ROWS);
  const stop = place.value ? null : rooms[0]?.id;
  const alone = !wide.value && !place.value;
  return html`<div class="side-screen" role=${alone ? "main" : null}>
  <nav class="side" aria-label="Conversations" onKeyDown=${arrows(".side-item, .side-head")}>
    <${alone ? "h1" : "h2"} class="side-team">${team.value.name}<//>
    <${Section} title="Channels">${rooms.slice(0, drawn).map((each) => html`<${Room} key=${each.id} channel=${each} stop=${stop} />`)}<//>
    <${Section} title="Direct messages">
      ${dms.map((each) => html`<${Room} key=${each.id} channel=${each} stop=${stop} />`)}
      ${dms.length === 0 && html`<li class="side-none">No conversations yet</li>`}
    <//>
    ${app.value.dm && html`<${Section} title="Apps"><${AppItem} /><//>`}
  </nav></div>`;
}

function Section({ title, children }) {
  const open = useSignal(true);
  return html`<section class="side-section">
    <h3><button type="button" class="side-head" tabindex=${open.value ? -1 : 0} aria-expanded=${open.value}
      onClick=${() => { open.value = !open.value; }}><${Icon} name="down" size="14" />${title}</button></h3>
    <ul hidden=${!open.value}>${children}</ul>
  </section>`;
}

function Room({ channel, stop }) {
  const name = channelName(channel);
  const face = channel.kind === "im"
    ? html`<${Avatar} id=${channel.with} size=${20} />`
    : html`<${Icon} name=${channelIcon(channel)} size="16" />`;
  return html`<${Item} name=${name} about=${about(channel)} face=${face} unread=${channel.unread}
    current=${channelHere.value === channel.id} stop=${stop === channel.id}
    faint=${channel.archived || !channel.joined} shared=${channel.shared} open=${() => go({ channel: channel.id })} />`;
}

function about(channel) {
  const facts = [KIND[channel.kind]];
  if (channel.shared) facts.push("shared with another organisation");
  if (channel.archived) facts.push("archived");
  if (channel.unread) facts.push(`${channel.unread} unread`);
  return facts.join(", ");
}

function AppItem() {
  const { name, user, dm } = app.value;
  const unread = channels.value.get(dm)?.unread ?? 0;
  const open = () => go({ app: unread ? "messages" : "home" });
  return html`<${Item} name=${name} about=${`app${unread ? `, ${unread} unread` : ""}`} unread=${unread} open=${open}
    face=${html`<${Avatar} id=${user} size=${20} />`} current=${Boolean(place.value?.app)} />`;
}

function Item({ name, about: facts, face, unread, current, stop, faint, shared, open }) {
  return html`<li><button type="button" class=${`side-item${faint ? " faint" : ""}${unread ? " unread" : ""}`}
    aria-current=${current ? "page" : null} aria-label=${`${name}, ${facts}`} tabindex=${current || stop ? 0 : -1} onClick=${open}>
    ${face}<span class="side-name">${name}</span>
    ${shared && html`<span class="side-mark"><${Icon} name="globe" size="14" /></span>`}
    ${unread > 0 && html`<span class="count">${unread > 99 ? "99+" : unread}</span>`}
  </button></li>`;
}
