/** Text objects of Block Kit: mrkdwn and plain text, drawn and as words. */
import { html, useMemo, useState } from "../lib.js";
import { Nodes, shortened, wordsOf } from "./nodes.js";
import { treeOf } from "./mrkdwn_tree.js";

const LONG = 700;

/** Draw mrkdwn; with `block` as a paragraph of its own, with `fold` cut where it is long, behind "See more". */
export function Mrkdwn({ text, block = false, fold = false }) {
  const nodes = useMemo(() => treeOf(text), [text]);
  const [whole, setWhole] = useState(false);
  const long = fold && wordsOf(nodes).length > LONG;
  const inside = html`<${Nodes} nodes=${long && !whole ? shortened(nodes, LONG) : nodes} />`;
  const turn = () => setWhole(!whole);
  const more = long && html` <button type="button" class="plain-button" aria-expanded=${whole} onClick=${turn}>
    ${whole ? "See less" : "See more"}</button>`;
  return html`<${block ? "div" : "span"} class="written">${inside}${more}<//>`;
}

/** Mrkdwn as plain words, for names and previews. */
export function plainOf(text) {
  return wordsOf(treeOf(text ?? ""));
}

/** Draw a text object; a string is plain text. */
export function Text({ of, block = false, fold = false }) {
  if (!of) return null;
  if (of.type === "mrkdwn") return html`<${Mrkdwn} text=${of.text} block=${block} fold=${fold} />`;
  const nodes = plainNodes(of.text ?? of);
  return block ? html`<div class="written"><${Nodes} nodes=${nodes} /></div>` : html`<${Nodes} nodes=${nodes} />`;
}

/** Draw an option's text with its description under it. */
export function OptionText({ option }) {
  return html`<${Text} of=${option.text} />${option.description && html`<small><${Text} of=${option.description} /></small>`}`;
}

/** A text object's words. */
export function wordsIn(of) {
  if (!of) return "";
  return of.type === "mrkdwn" ? plainOf(of.text) : String(of.text ?? of);
}

function plainNodes(text) {
  return text.split(/(:[a-z0-9_+-]+(?:::skin-tone-[2-6])?:)/).filter(Boolean).map((part) => (
    /^:[^:\s].*:$/.test(part) ? { is: "emoji", code: part.slice(1, -1) } : part
  ));
}
