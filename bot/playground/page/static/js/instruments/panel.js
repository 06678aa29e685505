/** The instruments: what goes over the wire, the clock, faults, channels and the database. */
import { html, signal, useEffect, useRef } from "../lib.js";
import { Icon } from "../icons.js";
import { hasTables, panel } from "../state.js";
import { ChannelsTab } from "./channels.js";
import { ClockTab } from "./clock.js";
import { DatabaseTab } from "./database.js";
import { FaultsTab } from "./faults.js";
import { Tabs } from "./tabs.js";
import { WireTab } from "./wire.js";

const TABS = [
  { id: "wire", label: "Wire", body: () => html`<${WireTab} />` },
  { id: "clock", label: "Clock", body: () => html`<${ClockTab} />` },
  { id: "faults", label: "Faults", body: () => html`<${FaultsTab} />` },
  { id: "channels", label: "Channels", body: () => html`<${ChannelsTab} />` },
  { id: "database", label: "Database", body: () => html`<${DatabaseTab} />`, needs: hasTables },
];
const chosen = signal("wire");

/** The button that opens the instruments and closes them. */
export function PanelButton({ look }) {
  return html`<button type="button" class=${look} aria-pressed=${panel.value} aria-label="Instruments"
    title="Instruments: the wire, the clock, faults, tables" onClick=${() => { panel.value = !panel.value; }}><${Icon} name="gauge" /></button>`;
}

/** Draw the panel while it is open. */
export function Instruments() {
  return panel.value ? html`<${Opened} />` : null;
}

function Opened() {
  const box = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    box.current.querySelector('[role="tab"][aria-selected="true"]')?.focus();
    return () => { if (before?.isConnected) before.focus(); };
  }, []);

  function onKeyDown(event) {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    panel.value = false;
  }

  return html`
    <aside class="instruments" aria-label="Instruments" ref=${box} onKeyDown=${onKeyDown}>
      <header class="inst-head">
        <h2>Instruments</h2>
        <button type="button" class="inst-close" aria-label="Close instruments"
          onClick=${() => { panel.value = false; }}><span aria-hidden="true">✕</span></button>
      </header>
      <${Tabs} label="Instruments" tabs=${TABS.filter((tab) => tab.needs?.value ?? true)} chosen=${chosen} />
    </aside>`;
}
