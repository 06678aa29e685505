/** "Act as": who one is on this page. */
import { html } from "./lib.js";
import { ask } from "./link.js";
import { Avatar, nameOf } from "./avatar.js";
import { Icon } from "./icons.js";
import { Menu } from "./menu.js";
import { me, members } from "./state.js";

/** Button with the acting person's face; its menu has everybody else. */
export function Switcher() {
  return html`<${Menu} label=${`Acting as ${nameOf(me.value)}. Act as somebody else`} look="top-button who" groups=${groups}>
    <${Avatar} id=${me.value} size=${24} /><span class="who-name">${nameOf(me.value)}</span><${Icon} name="down" size="14" /><//>`;
}

function groups() {
  const people = [...members.value.values()].filter((each) => !each.bot && !each.deleted && each.id !== "USLACKBOT");
  const outside = people.filter((each) => each.guest || each.stranger);
  const team = people.filter((each) => !outside.includes(each));
  return [
    { title: "Act as", items: team.map((each) => choice(each, each.admin ? `Admin, ${each.tz}` : each.tz)) },
    ...(outside.length ? [{ title: "From outside", items: outside.map((each) => choice(each, each.stranger ? "Other organisation" : "Guest")) }] : []),
  ];
}

function choice(member, hint) {
  return {
    label: member.name, hint, checked: member.id === me.value,
    face: html`<${Avatar} id=${member.id} size=${28} />`,
    run: () => ask("act_as", { user: member.id }),
  };
}
