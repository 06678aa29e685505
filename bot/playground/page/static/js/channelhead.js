/** The head of a conversation: its name, badges and members. */
import { html, useId, useRef } from "./lib.js";
import { ask } from "./link.js";
import { Avatar, nameOf } from "./avatar.js";
import { Icon } from "./icons.js";
import { PanelButton } from "./instruments/panel.js";
import { settle } from "./menu.js";
import { channelIcon, channelName } from "./names.js";
import { go, members } from "./state.js";

/** Back to the side bar, on a phone. */
export function Back() {
  return html`<button type="button" class="icon-button back" aria-label="Back to conversations"
    onClick=${() => go(null)}><${Icon} name="back" /></button>`;
}

/** Name, badges and member list of one conversation. */
export function ChannelHead({ channel }) {
  const im = channel.kind === "im";
  const sign = im
    ? html`<${Avatar} id=${channel.with} size=${24} />`
    : html`<${Icon} name=${channelIcon(channel)} />`;
  return html`<header class="head">
    <${Back} />
    <h1>${sign}<span class="head-name">${channelName(channel)}</span></h1>
    <p class="badges">${badges(channel).map((each) => html`<span class="badge" key=${each}>${each}</span>`)}</p>
    ${!im && html`<${Members} channel=${channel} />`}
    <${PanelButton} look="icon-button to-panel" />
  </header>`;
}

function badges(channel) {
  const found = [];
  if (channel.shared) found.push("Shared with another organisation");
  if (channel.pending) found.push("Invitation to another organisation is open");
  if (channel.archived) found.push("Archived");
  if (channel.kind !== "im" && !channel.app_in) found.push("App not in channel");
  return found;
}

function Members({ channel }) {
  const id = useId();
  const box = useRef(null);
  const button = useRef(null);
  const people = channel.members.map((each) => members.value.get(each)).filter(Boolean);
  const label = `${people.length} ${people.length === 1 ? "member" : "members"}`;
  return html`
    <button type="button" class="button quiet" ref=${button} popovertarget=${id} aria-label=${label} title=${label}>
      <${Icon} name="people" />${people.length}</button>
    <div id=${id} ref=${box} popover="auto" class="menu people" role="dialog" aria-label=${`Members of #${channel.name}`}
      tabindex="-1" onToggle=${() => settle(box.current, button.current)}>
      <ul>${people.map((each) => html`<li key=${each.id}><${Avatar} id=${each.id} size=${28} />
        <span class="menu-label">${nameOf(each.id)}<small>${each.bot ? "app" : each.tz}</small></span><${Standing} member=${each} /></li>`)}</ul>
      ${channel.joined && !channel.archived && html`<button type="button" class="button"
        onClick=${() => ask("channel_do", { channel: channel.id, what: "leave" })}>Leave #${channel.name}</button>`}
    </div>`;
}

/** "Guest" or "Other organisation", for whoever is not of the team. */
export function Standing({ member }) {
  if (member?.stranger) return html`<span class="badge">Other organisation</span>`;
  if (member?.guest) return html`<span class="badge">Guest</span>`;
  return null;
}
