/** Emoji codes; the table is loaded when the first one is met. */
import { html, signal } from "../lib.js";

const SKINS = {
  "skin-tone-2": "🏻", "skin-tone-3": "🏼", "skin-tone-4": "🏽", "skin-tone-5": "🏾", "skin-tone-6": "🏿",
};
const SLACKS_OWN = {
  large_green_circle: "🟢", large_orange_circle: "🟠", large_purple_circle: "🟣", large_yellow_circle: "🟡",
  simple_smile: "🙂", spiral_calendar_pad: "🗓️", white_frowning_face: "☹️",
};
const table = signal(null);
let loading = null;

async function load() {
  const { nameToEmoji } = await import("gemoji");
  table.value = { ...nameToEmoji, ...SLACKS_OWN };
}

/** An emoji by its code without colons, such as "wave" or "wave::skin-tone-3"; an unknown one stays a code. */
export function Emoji({ code, unicode }) {
  const written = unicode ? fromHex(unicode) : null;
  if (!written) loading ??= load();
  const [name, skin] = code.split("::");
  const found = written ?? table.value?.[name];
  if (!found) return `:${code}:`;
  return html`<span class="emoji" role="img" aria-label=${name.replaceAll("_", " ")} title=${`:${code}:`}>
    ${found}${SKINS[skin]}</span>`;
}

function fromHex(unicode) {
  return String.fromCodePoint(...unicode.split("-").map((part) => Number.parseInt(part, 16)));
}
