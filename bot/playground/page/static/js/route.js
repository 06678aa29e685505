/** The place in the address, so that Back and reload work. */
import { effect } from "./lib.js";
import { byName } from "./names.js";
import { wide } from "./screen.js";
import { app, channels, go, place } from "./state.js";

const APP = { "#home": { app: "home" }, "#messages": { app: "messages" } };

function written(where) {
  if (!where) return "#";
  return where.app ? `#${where.app}` : `#${where.channel}`;
}

function read(hash) {
  if (APP[hash] && app.value.dm) return APP[hash];
  const channel = hash.slice(1);
  return channels.value.has(channel) ? { channel } : null;
}

function firstPlace() {
  const rooms = [...channels.value.values()].filter((each) => each.kind !== "im" && each.joined).sort(byName);
  const safe = rooms.find((each) => each.app_in && !each.shared) ?? rooms[0];
  if (safe) return { channel: safe.id };
  return app.value.dm ? { app: "home" } : null;
}

/** Keep address and place alike; a wide window always shows some conversation. */
export function followPlace() {
  let opened = false;
  effect(() => {
    if (!app.value) return;
    if (!place.value) {
      const wanted = opened ? null : read(location.hash);
      opened = true;
      if (wanted || wide.peek()) return void go(wanted ?? firstPlace());
    }
    opened = true;
    if (written(place.value) !== (location.hash || "#")) history.pushState(null, "", written(place.value));
  });
  addEventListener("popstate", () => go(read(location.hash)));
}
