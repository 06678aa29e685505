/** A value as indented JSON, with a button that copies it. */
import { html, useMemo } from "../lib.js";
import { toast } from "../state.js";

const PARTS = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const LONGEST_COLOURED = 60000;

/** Draw a value under a title. */
export function Json({ title, value }) {
  const text = useMemo(() => JSON.stringify(value, null, 2) ?? "", [value]);
  const parts = useMemo(() => (text.length > LONGEST_COLOURED ? [text] : coloured(text)), [text]);

  async function copy() {
    await navigator.clipboard.writeText(text);
    toast("Copied.");
  }

  return html`
    <section class="inst-json" aria-label=${title}>
      <header><h4>${title}</h4>
        <button type="button" class="button" aria-label=${`Copy what was ${title.toLowerCase()}`} onClick=${copy}>Copy</button></header>
      <pre tabindex="0">${parts}</pre>
    </section>`;
}

function coloured(text) {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(PARTS)) {
    const [whole, string, colon] = found;
    parts.push(text.slice(from, found.index));
    const kind = string ? (colon ? "key" : "string") : "other";
    parts.push(html`<span class=${`json-${kind}`}>${string ?? whole}</span>`, colon ?? "");
    from = found.index + whole.length;
  }
  parts.push(text.slice(from));
  return parts;
}
