/** The quick switcher: Ctrl+K, a few letters, Enter. */
import { html, signal, useEffect, useId, useRef, useSignal } from "./lib.js";
import { Avatar } from "./avatar.js";
import { stepped } from "./focus.js";
import { Icon } from "./icons.js";
import { byName, channelIcon, channelName, isAppDm } from "./names.js";
import { app, channels, go } from "./state.js";
import { Notices } from "./toasts.js";

const SHOWN = 12;
const START = "main :is(textarea, [role=tab][aria-selected=true])";

/** Is the quick switcher open? */
export const quickOpen = signal(false);

/** Open it with Ctrl+K or Cmd+K. */
export function onQuickKey(event) {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  quickOpen.value = true;
}

/** The dialog, while it is open. */
export function Quick() {
  return quickOpen.value && html`<${Finder} />`;
}

function Finder() {
  const box = useRef(null);
  const id = useId();
  const typed = useSignal("");
  const at = useSignal(0);
  useEffect(() => box.current.showModal(), []);
  const found = places().filter((each) => each.name.toLowerCase().includes(typed.value.trim().toLowerCase())).slice(0, SHOWN);
  const leave = () => {
    box.current.close();
    quickOpen.value = false; // at once: the browser tells of the closing later, when it may be open again
  };
  const pick = (each) => {
    leave();
    go(each.where);
    requestAnimationFrame(() => document.querySelector(START)?.focus());
  };
  const onKeyDown = (event) => {
    const step = stepped(event, at.value, found.length);
    if (step !== null) at.value = step;
    else if (event.key === "Enter" && found[at.value]) pick(found[at.value]);
    else return;
    event.preventDefault();
  };
  const onInput = (event) => {
    typed.value = event.target.value;
    at.value = 0;
  };
  return html`<dialog class="quick" ref=${box} aria-label="Go to a conversation" onClose=${() => { if (box.current) quickOpen.value = false; }}
    onClick=${(event) => event.target === box.current && leave()}>
    <div class="quick-inner">
      <input type="text" role="combobox" aria-label="Go to a conversation" placeholder="Where would you like to go?" autofocus
        aria-expanded=${found.length > 0} aria-controls=${id} aria-autocomplete="list" aria-activedescendant=${found.length ? `${id}-${at.value}` : null}
        value=${typed.value} onInput=${onInput} onKeyDown=${onKeyDown} />
      <ul role="listbox" id=${id} aria-label="Conversations">${found.map((each, index) => html`
        <li role="option" key=${each.key} id=${`${id}-${index}`} aria-selected=${index === at.value}
          onPointerMove=${() => { at.value = index; }} onClick=${() => pick(each)}>${each.face}<span>${each.name}</span></li>`)}</ul>
      ${found.length === 0 && html`<p class="quick-none" role="status">Nothing by that name.</p>`}
    </div><${Notices} /></dialog>`;
}

function places() {
  const { name, user, dm } = app.value;
  const rooms = [...channels.value.values()].filter((each) => !isAppDm(each)).sort(byName);
  const appFace = html`<${Avatar} id=${user} size=${20} />`;
  return [
    ...rooms.map((each) => ({ key: each.id, name: channelName(each), where: { channel: each.id }, face: each.kind === "im"
      ? html`<${Avatar} id=${each.with} size=${20} />` : html`<${Icon} name=${channelIcon(each)} size="16" />` })),
    ...(dm ? [
      { key: "home", name: `${name}: Home`, where: { app: "home" }, face: appFace },
      { key: "messages", name: `${name}: Messages`, where: { app: "messages" }, face: appFace },
    ] : []),
  ];
}
