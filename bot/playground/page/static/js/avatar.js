/** Faces: initials on a colour that stays the same for a person. */
import { html } from "./lib.js";
import { Flame } from "./icons.js";
import { app, members } from "./state.js";

const HUES = 12;

function hueOf(id) {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.codePointAt(0)) >>> 0;
  return sum % HUES;
}

function initials(name) {
  const words = name.split(/\s+/).filter(Boolean);
  return ((words[0]?.[0] ?? "?") + (words.length > 1 ? words.at(-1)[0] : "")).toUpperCase();
}

/** The name of a member, or "Someone" for an id nobody knows. */
export const nameOf = (id) => members.value.get(id)?.name ?? "Someone";

/** A member's picture, for the eye only; `size` in pixels. */
export function Avatar({ id, size = 36 }) {
  const box = { width: `${size}px`, height: `${size}px`, fontSize: `${Math.round(size * 0.4)}px` };
  if (id === app.value?.user) {
    return html`<span class="avatar app" style=${box} aria-hidden="true"><${Flame} size=${Math.round(size * 0.62)} /></span>`;
  }
  return html`<span class="avatar" data-hue=${hueOf(id)} style=${box} aria-hidden="true">${initials(nameOf(id))}</span>`;
}
