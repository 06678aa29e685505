/** The message box: text, slash commands with suggestions, shortcuts. */
import { html, useId, useRef, useSignal } from "./lib.js";
import { ask } from "./link.js";
import { draftOf } from "./drafts.js";
import { stepped } from "./focus.js";
import { Icon } from "./icons.js";
import { Menu } from "./menu.js";
import { channelTitle } from "./names.js";
import { app } from "./state.js";
import { commandIn, send } from "./saying.js";

/** Where one writes into a channel; `thread` is the parent's ts for a reply. */
export function Composer({ channel, thread }) {
  if (channel.archived) return html`<p class="no-composer">#${channel.name} is archived. Messages can be read, not written.</p>`;
  if (!channel.joined) return html`<${Join} channel=${channel} />`;
  return html`<${Box} channel=${channel} thread=${thread} />`;
}

function Join({ channel }) {
  return html`<p class="no-composer">You are looking at <strong>#${channel.name}</strong>
    <button type="button" class="button primary" onClick=${() => ask("channel_do", { channel: channel.id, what: "join" })}>Join channel</button></p>`;
}

function Box({ channel, thread }) {
  const draft = draftOf(channel.id, thread);
  const chosen = useSignal(0);
  const shut = useSignal(false);
  const area = useRef(null);
  const listId = useId();
  const label = thread ? "Reply" : `Message ${channelTitle(channel)}`;
  const found = thread || shut.value ? [] : suggestions(draft.value);
  const at = Math.min(chosen.value, found.length - 1);
  const hint = found.length === 0 && usage(draft.value);

  const write = (text) => {
    draft.value = text;
    chosen.value = 0;
    shut.value = false;
  };
  const fill = (command) => {
    write(`${command} `);
    area.current.focus();
  };
  const submit = async () => {
    const line = draft.value.trim();
    if (!line) return;
    write("");
    if (!(await send(line, channel.id, thread)) && !draft.value) draft.value = line;
  };
  const onKeyDown = (event) => {
    if (event.isComposing) return;
    const step = stepped(event, at, found.length);
    if (step !== null) chosen.value = step;
    else if (event.key === "Escape" && found.length) shut.value = true;
    else if (event.key === "Tab" && !event.shiftKey && found.length) fill(found[at].command);
    else if (event.key === "Enter" && !event.shiftKey) {
      if (found.length && found[at].command !== draft.value.trim()) fill(found[at].command);
      else submit();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return html`<form class="composer" onSubmit=${(event) => { event.preventDefault(); submit(); }}>
    <${Suggestions} id=${listId} found=${found} at=${at} pick=${fill} point=${(index) => { chosen.value = index; }} />
    ${hint && html`<p class="usage"><strong>${hint.command}</strong> ${hint.usage_hint}<span>${hint.description}</span></p>`}
    <textarea ref=${area} rows="1" aria-label=${label} placeholder=${label} data-channel=${channel.id} data-thread=${thread ?? null}
      aria-autocomplete="list" aria-haspopup="listbox" aria-controls=${found.length ? listId : null}
      aria-activedescendant=${found.length ? `${listId}-${at}` : null} autocomplete="off" spellcheck=${true}
      value=${draft.value} onInput=${(event) => write(event.target.value)} onKeyDown=${onKeyDown}></textarea>
    <div class="composer-foot">
      ${!thread && html`<${Menu} label="Shortcuts and commands" groups=${() => offers(fill)}><${Icon} name="bolt" /><//>`}
      <span class="composer-tip">${!thread && html`Type <kbd>/</kbd> for commands, <kbd>Shift</kbd> + <kbd>Enter</kbd> for a new line`}</span>
      <button type="submit" class="send" aria-label="Send now" title="Send now" disabled=${!draft.value.trim()}><${Icon} name="send" /></button>
    </div>
    <p class="unseen" role="status">${found.length ? `${found.length} ${found.length === 1 ? "command" : "commands"}, ${found[at].command} chosen` : ""}</p>
  </form>`;
}

function Suggestions({ id, found, at, pick, point }) {
  if (!found.length) return null;
  return html`<div class="suggestions">
    <p class="suggestions-head" aria-hidden="true"><span>Commands of ${app.value.name}</span><span><kbd>Tab</kbd> to choose</span></p>
    <ul role="listbox" id=${id} aria-label="Commands">${found.map((each, index) => html`
    <li role="option" key=${each.command} id=${`${id}-${index}`} aria-selected=${index === at}
      onPointerMove=${() => point(index)} onMouseDown=${(event) => event.preventDefault()} onClick=${() => pick(each.command)}>
      <span class="suggested"><strong>${each.command}</strong> <span>${each.usage_hint}</span></span><small>${each.description}</small>
    </li>`)}</ul></div>`;
}

function suggestions(text) {
  if (!/^\/\S*$/.test(text)) return [];
  return app.value.commands.filter((each) => each.command.startsWith(text.toLowerCase()));
}

function usage(text) {
  const name = commandIn(text)?.name;
  return name && app.value.commands.find((each) => each.command === name);
}

function offers(fill) {
  const face = html`<${Icon} name="bolt" />`;
  const { name, shortcuts, commands } = app.value;
  return [
    { title: `Shortcuts of ${name}`, items: shortcuts.filter((each) => each.type === "global").map((each) => ({
      label: each.name, hint: each.description, face, run: () => ask("shortcut", { callback_id: each.callback_id }),
    })) },
    { title: "Commands", items: commands.map((each) => ({
      label: each.command, hint: each.description, face: html`<${Icon} name="hash" />`, run: () => fill(each.command),
    })) },
  ];
}
