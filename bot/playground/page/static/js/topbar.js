/** The bar above everything: search, clock, theme, instruments, who one is. */
import { html, signal, useEffect } from "./lib.js";
import { Flame, Icon } from "./icons.js";
import { PanelButton } from "./instruments/panel.js";
import { quickOpen } from "./quick.js";
import { app, clock, now, panel, theme, zone } from "./state.js";
import { Switcher } from "./switcher.js";
import { shortTime } from "./when.js";

const NEXT = { system: "dark", dark: "light", light: "system" };
const THEME = { system: ["screen", "as the system"], dark: ["moon", "dark"], light: ["sun", "light"] };
const minute = signal("");

/** Banner of the page. */
export function TopBar() {
  const [icon, word] = THEME[theme.value];
  return html`<header class="top">
    <p class="top-name"><${Flame} /><span>${app.value.name} playground</span></p>
    <button type="button" class="top-search" aria-label="Go to… (Ctrl+K)" onClick=${() => { quickOpen.value = true; }}>
      <${Icon} name="search" size="16" /><span>Go to…</span><kbd>Ctrl K</kbd></button>
    <${Time} />
    <button type="button" class="top-button" aria-label=${`Theme: ${word}. Change`} title=${`Theme: ${word}`}
      onClick=${() => { theme.value = NEXT[theme.value]; }}><${Icon} name=${icon} /></button>
    <${PanelButton} look="top-button" />
    <${Switcher} />
  </header>`;
}

function Time() {
  useEffect(() => {
    const tick = () => { minute.value = shortTime(now(), zone.value); };
    const beat = setInterval(tick, 5000);
    tick();
    return () => clearInterval(beat);
  }, [clock.value, zone.value]);
  return html`<button type="button" class=${`top-time${clock.value.moved ? " moved" : ""}`} title="The playground's clock"
    onClick=${() => { panel.value = true; }}><${Icon} name="clock" size="16" /><span>${minute.value}</span>
    ${clock.value.moved && html`<span class="top-moved">moved</span>`}</button>`;
}
