/** Tabs as the ARIA pattern has them: one tab stop, arrows move and choose. */
import { html, useId, useRef } from "../lib.js";

const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

/** Draw tabs over the chosen one's panel. tabs: [{id, label, body: () => vnode}]; chosen: signal of an id. */
export function Tabs({ label, tabs, chosen }) {
  const own = useId();
  const bar = useRef(null);
  const here = Math.max(0, tabs.findIndex((tab) => tab.id === chosen.value));
  const current = tabs[here];

  function onKeyDown(event) {
    const last = tabs.length - 1;
    let next = null;
    if (event.key in STEPS) next = (here + STEPS[event.key] + tabs.length) % tabs.length;
    else if (event.key === "Home") next = 0;
    else if (event.key === "End") next = last;
    if (next === null) return;
    event.preventDefault();
    chosen.value = tabs[next].id;
    bar.current.children[next].focus();
  }

  return html`
    <div class="inst-tabs" role="tablist" aria-label=${label} ref=${bar} onKeyDown=${onKeyDown}>
      ${tabs.map((tab) => html`
        <button key=${tab.id} type="button" role="tab" id=${`${own}-${tab.id}`} aria-selected=${tab === current}
          aria-controls=${tab === current ? `${own}-panel` : undefined} tabindex=${tab === current ? 0 : -1}
          onClick=${() => { chosen.value = tab.id; }}>${tab.label}</button>`)}
    </div>
    <div class="inst-body" role="tabpanel" id=${`${own}-panel`} aria-labelledby=${`${own}-${current.id}`} tabindex="0"
      key=${current.id}>${current.body()}</div>`;
}
