/** The app's own place: Home and Messages. */
import { html, useId, useMemo } from "./lib.js";
import { Avatar } from "./avatar.js";
import { Blocks } from "./blocks/blocks.js";
import { Back } from "./channelhead.js";
import { Composer } from "./composer.js";
import { PanelButton } from "./instruments/panel.js";
import { Messages } from "./messages.js";
import { app, channels, go, home, place } from "./state.js";

const TABS = [["home", "Home"], ["messages", "Messages"]];

/** Head, tabs and the chosen tab. */
export function AppHome() {
  const id = useId();
  const { name, user, dm } = app.value;
  const open = place.value.app;
  const channel = channels.value.get(dm);
  const onKeyDown = (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const other = open === "home" ? "messages" : "home";
    go({ app: other });
    document.getElementById(`${id}-${other}`).focus();
  };
  return html`
    <header class="head"><${Back} /><h1><${Avatar} id=${user} size=${24} /><span class="head-name">${name}</span></h1>
      <${PanelButton} look="icon-button to-panel" /></header>
    <div class="tabs" role="tablist" aria-label=${name} onKeyDown=${onKeyDown}>${TABS.map(([tab, label]) => html`
      <button type="button" role="tab" id=${`${id}-${tab}`} key=${tab} aria-selected=${open === tab} aria-controls=${`${id}-panel`}
        tabindex=${open === tab ? 0 : -1} onClick=${() => go({ app: tab })}>${label}</button>`)}</div>
    <div class="tab-panel" role="tabpanel" id=${`${id}-panel`} aria-labelledby=${`${id}-${open}`}>
      ${open === "home" && html`<${HomeTab} name=${name} />`}
      ${open === "messages" && channel && html`<${Messages} key=${dm} channel=${channel} /><${Composer} key=${`write ${dm}`} channel=${channel} />`}
    </div>`;
}

function HomeTab({ name }) {
  const view = home.value;
  const where = useMemo(() => ({ view: view?.id }), [view?.id]);
  return html`<div class="home" tabindex="0" role="region" aria-label=${`Home of ${name}`}>
    ${view?.blocks?.length
      ? html`<div class="home-blocks"><${Blocks} blocks=${view.blocks} surface="home" place=${where} values=${view.state?.values} /></div>`
      : html`<p class="beginning">${name} has nothing on its Home yet.</p>`}
  </div>`;
}
