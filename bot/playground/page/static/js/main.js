/** The page: everything hangs here. */
import { effect, html, render, useEffect } from "./lib.js";
import { connect, linkState } from "./link.js";
import { Announcer } from "./announcer.js";
import { AppHome } from "./apphome.js";
import { Modals } from "./blocks/modals.js";
import { Canvas } from "./canvas.js";
import { ChannelHead } from "./channelhead.js";
import { Composer } from "./composer.js";
import { useGrowing } from "./growing.js";
import { Instruments } from "./instruments/panel.js";
import { Messages } from "./messages.js";
import { channelTitle } from "./names.js";
import { Quick, onQuickKey } from "./quick.js";
import { followPlace } from "./route.js";
import { SideBar } from "./sidebar.js";
import { app, channelHere, channels, panel, place, start } from "./state.js";
import { Thread } from "./thread.js";
import { Notices } from "./toasts.js";
import { TopBar } from "./topbar.js";
import { Tour } from "./tour.js";

function Page() {
  useEffect(() => {
    addEventListener("keydown", onQuickKey);
    return () => removeEventListener("keydown", onQuickKey);
  }, []);
  if (!app.value) return html`<p class="waiting" role="status">${linkState.value === "lost" ? "Waiting for the playground…" : "Opening the playground…"}</p>`;
  return html`
    <a class="skip" href="#conversation" onClick=${toComposer}>Skip to the message box</a>
    <div class=${`client${place.value ? " talking" : ""}${panel.value ? " with-panel" : ""}`}>
      <${TopBar} />
      <${SideBar} />
      <${Work} />
      <${Instruments} />
    </div>
    <${Modals} /><${Canvas} /><${Quick} /><${Notices} /><${Announcer} />`;
}

/** The bars come first, the conversation in the frame after. */
function Work() {
  const drawn = useGrowing(2, 1);
  return html`<div class="work">
    <main class="talk" id="conversation" tabindex="-1">${drawn > 1 && html`<${Tour} /><${Conversation} />`}</main>
    <${Thread} />
  </div>`;
}

function Conversation() {
  if (place.value?.app) return html`<${AppHome} />`;
  const channel = channels.value.get(channelHere.value);
  if (!channel) return html`<p class="beginning">Choose a conversation.</p>`;
  return html`<${ChannelHead} channel=${channel} />
    <${Messages} key=${channel.id} channel=${channel} />
    <${Composer} key=${`write ${channel.id}`} channel=${channel} />`;
}

function toComposer(event) {
  event.preventDefault();
  (document.querySelector("main textarea") ?? document.querySelector("main")).focus();
}

function title() {
  const channel = channels.value.get(channelHere.value);
  const unread = [...channels.value.values()].reduce((sum, each) => sum + each.unread, 0);
  const here = place.value?.app ? app.value?.name : channel && channelTitle(channel);
  document.title = `${unread ? `(${unread}) ` : ""}${here ? `${here} · ` : ""}Playground`;
}

start();
followPlace();
effect(title);
connect();
render(html`<${Page} />`, document.getElementById("page"));
