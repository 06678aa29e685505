/**
 * Formatted text as a tree, whatever it was written in, drawn and as plain words.
 *
 * A node is a string or one of
 *   {is: "bold" | "italic" | "strike" | "under" | "mark" | "quote" | "heading" | "line", of: [nodes]}
 *   {is: "code" | "pre", text}, {is: "link", url, of: [nodes]}, {is: "emoji", code, unicode?}, {is: "rule" | "break"}
 *   {is: "user" | "channel" | "group" | "everyone", id, label?}, {is: "date", seconds, format, fallback, url?}
 *   {is: "list", ordered, start, depth, items: [[nodes]]}
 */
import { html, useContext } from "../lib.js";
import { follow, leadsInside, linkTo } from "../following.js";
import { channels, go, members, zone } from "../state.js";
import { slackDate, thisMinute } from "./dates.js";
import { Emoji } from "./emoji.js";
import { Here } from "./here.js";

const SAFE = /^(https?|mailto|tel|slack):/i;
const FURTHEST = 8.64e12;
const TAGS = { bold: "b", italic: "i", strike: "s", under: "u", mark: "mark" };

/** Draw nodes. */
export function Nodes({ nodes }) {
  return nodes.map((node) => (typeof node === "string" ? node : html`<${Node} node=${node} />`));
}

function Node({ node }) {
  const inside = node.of && html`<${Nodes} nodes=${node.of} />`;
  if (TAGS[node.is]) return html`<${TAGS[node.is]}>${inside}<//>`;
  return DRAWN[node.is](node, inside);
}

const DRAWN = {
  code: ({ text }) => html`<code>${text}</code>`,
  pre: ({ text }) => html`<pre tabindex="0">${text}</pre>`,
  quote: (_, inside) => html`<blockquote>${inside}</blockquote>`,
  heading: (_, inside) => html`<p class="written-heading">${inside}</p>`,
  line: (_, inside) => html`<div>${inside}</div>`,
  rule: () => html`<hr />`,
  break: () => html`<br />`,
  link: ({ url }, inside) => (SAFE.test(url) ? html`<${Link} url=${url}>${inside}<//>` : inside),
  user: (node) => html`<span class="mention">@${nameOf(node)}</span>`,
  group: (node) => html`<span class="mention">@${node.label ?? "group"}</span>`,
  everyone: ({ id }) => html`<span class="mention">@${id}</span>`,
  channel: (node) => html`<${ChannelLink} node=${node} />`,
  emoji: ({ code, unicode }) => html`<${Emoji} code=${code} unicode=${unicode} />`,
  date: (node) => html`<${Moment} node=${node} />`,
  list: (node) => html`<${List} node=${node} />`,
};

function Link({ url, children }) {
  const here = useContext(Here);
  const press = (event) => {
    event.preventDefault();
    follow(url, here);
  };
  return html`<a ...${linkTo(url)} onClick=${leadsInside(url) ? press : null}>${children}</a>`;
}

function ChannelLink({ node }) {
  const known = channels.value.get(node.id);
  if (!known) return html`<span class="mention">#${node.label ?? "private-channel"}</span>`;
  return html`<button type="button" class="mention" onClick=${() => go({ channel: node.id })}>#${known.name}</button>`;
}

function Moment({ node }) {
  if (!isInstant(node)) return node.fallback;
  const exact = new Date(node.seconds * 1000).toISOString();
  const shown = html`<time datetime=${exact} title=${written(node, "{date_long} {time}")}>${written(node)}</time>`;
  return node.url ? DRAWN.link({ url: node.url }, shown) : shown;
}

function List({ node }) {
  const items = node.items.map((item) => html`<li><${Nodes} nodes=${item} /></li>`);
  const kind = `written-list deep-${Math.min(node.depth ?? 0, 5)}`;
  if (node.ordered) return html`<ol class=${kind} start=${node.start}>${items}</ol>`;
  return html`<ul class=${kind}>${items}</ul>`;
}

function nameOf({ id, label }) {
  return members.value.get(id)?.name ?? label ?? id;
}

function written({ seconds, format }, other) {
  return slackDate(seconds, other ?? format, zone.value, thisMinute.value);
}

function isInstant({ seconds }) {
  return Math.abs(seconds) < FURTHEST;
}

const SAID = {
  code: ({ text }) => text,
  pre: ({ text }) => text,
  user: (node) => `@${nameOf(node)}`,
  group: ({ label }) => `@${label ?? "group"}`,
  everyone: ({ id }) => `@${id}`,
  channel: ({ id, label }) => `#${channels.value.get(id)?.name ?? label ?? "private-channel"}`,
  emoji: ({ code }) => `:${code}:`,
  date: (node) => (isInstant(node) ? written(node) : node.fallback),
  list: ({ items }) => items.map((item) => wordsOf(item)).join("\n"),
  rule: () => "\n",
  break: () => "\n",
};

/** Nodes as plain words. */
export function wordsOf(nodes) {
  return nodes.map((node) => (typeof node === "string" ? node : (SAID[node.is]?.(node) ?? wordsOf(node.of)))).join("");
}

/** Nodes cut after so many characters, at a word's end; the same nodes when they are short enough. */
export function shortened(nodes, most) {
  const kept = [];
  let left = most;
  for (const node of nodes) {
    const length = wordsOf([node]).length;
    if (length <= left) kept.push(node);
    else if (typeof node === "string") kept.push(`${node.slice(0, left).replace(/\s+\S*$/, "")}…`);
    else if (node.of) kept.push({ ...node, of: shortened(node.of, left) });
    left -= length;
    if (left <= 0) break;
  }
  return kept;
}
