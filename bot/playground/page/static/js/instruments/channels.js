/** Who is where: the app and guests in channels, shared and archived channels, new channels and members. */
import { html, useSignal } from "../lib.js";
import { ask } from "../link.js";
import { byName } from "../names.js";
import { app, channelHere, channels, members, toast, zone } from "../state.js";

/** Draw one channel's facts with what can be done to it, and the forms for new ones. */
export function ChannelsTab() {
  const picked = useSignal(null);
  const list = [...channels.value.values()].filter((channel) => channel.kind !== "im").sort(byName);
  const channel = list.find((one) => one.id === (picked.value ?? channelHere.value)) ?? list[0];
  return html`
    ${channel && html`
      <div class="inst-form">
        <label>Channel <select value=${channel.id} onChange=${(event) => { picked.value = event.target.value; }}>
          ${list.map((one) => html`<option key=${one.id} value=${one.id} selected=${one.id === channel.id}>${named(one)}</option>`)}
        </select></label>
        <${Facts} channel=${channel} />
        <${Deeds} channel=${channel} />
      </div>`}
    <${NewChannel} made=${(id) => { picked.value = id; }} />
    <${NewMember} />`;
}

function Facts({ channel }) {
  const people = channel.members.map((id) => members.value.get(id)).filter((one) => one && !one.bot);
  const names = people.map((one) => (one.guest ? `${one.name} (guest)` : one.stranger ? `${one.name} (theirs)` : one.name));
  const facts = [
    channel.kind === "private" ? "Private" : "Public",
    channel.app_in ? `${app.value?.name} is in it` : `${app.value?.name} is not in it`,
    channel.shared && "shared with another organisation",
    channel.archived && "archived",
  ].filter(Boolean);
  return html`<p class="inst-soft" aria-live="polite">${facts.join(", ")}. ${names.join(", ") || "Nobody is in it"}.</p>`;
}

function Deeds({ channel }) {
  const hasGuest = channel.members.some((id) => members.value.get(id)?.guest);
  const name = app.value?.name ?? "the app";
  const deeds = [
    channel.app_in ? ["remove_app", `Remove ${name}`] : ["invite_app", `Invite ${name}`],
    hasGuest ? ["guest_leaves", "Guest leaves"] : ["guest_joins", "Guest joins"],
    channel.shared ? ["unshare", "Stop sharing"] : ["share", "Share with a client"],
    channel.archived ? ["unarchive", "Unarchive"] : ["archive", "Archive"],
    channel.joined ? ["leave", "Leave it myself"] : ["join", "Join it myself"],
  ];
  // Each place keeps its button, and with it the focus, when what the button does turns into its opposite.
  return html`
    <div class="inst-buttons">
      ${deeds.map(([what, label], place) => html`
        <button key=${place} type="button" class="button"
          onClick=${() => ask("channel_do", { channel: channel.id, what })}>${label}</button>`)}
    </div>`;
}

function NewChannel({ made }) {
  async function add(event) {
    event.preventDefault();
    const form = event.target;
    const name = form.elements.name.value.trim();
    const answer = await ask("add_channel", { name, private: form.elements.private.checked });
    if (!answer.ok) return;
    toast(`#${name} is there.`);
    form.reset();
    if (answer.channel) made(answer.channel.id ?? answer.channel);
  }

  return html`
    <form class="inst-form" onSubmit=${add}>
      <h3>New channel</h3>
      <label>Name <input name="name" required maxlength="80" pattern="[a-z0-9_\\-]+" autocomplete="off" spellcheck=${false}
        title="Lower-case letters, digits, hyphens and underscores" placeholder="northwind-launch" /></label>
      <label class="inst-check"><input type="checkbox" name="private" /> Private</label>
      <button type="submit" class="button">Add the channel</button>
    </form>`;
}

function NewMember() {
  async function add(event) {
    event.preventDefault();
    const { elements } = event.target;
    const name = elements.name.value.trim();
    const answer = await ask("add_member", { name, tz: elements.tz.value, guest: elements.guest.checked });
    if (!answer.ok) return;
    toast(`${name} has joined.`);
    event.target.reset();
  }

  return html`
    <form class="inst-form" onSubmit=${add}>
      <h3>New member</h3>
      <label>Name <input name="name" required maxlength="60" autocomplete="off" placeholder="Alex" /></label>
      <label>Time zone <select name="tz">
        ${Intl.supportedValuesOf("timeZone").map((tz) => html`<option key=${tz} selected=${tz === zone.value}>${tz}</option>`)}
      </select></label>
      <label class="inst-check"><input type="checkbox" name="guest" /> A guest: somebody from outside, in a few channels only</label>
      <button type="submit" class="button">Add the member</button>
    </form>`;
}

function named(channel) {
  const marks = [channel.shared && "shared", channel.archived && "archived"].filter(Boolean);
  return `${channel.kind === "private" ? "🔒" : "#"} ${channel.name}${marks.length ? ` (${marks.join(", ")})` : ""}`;
}
