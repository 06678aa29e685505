/** The markdown block's common signs, read into nodes (see nodes.js). */
import { html, useMemo } from "../lib.js";
import { Nodes } from "./nodes.js";

const INLINE = [
  [/\\([!-/:-@[-`{-~])/, ([, sign]) => sign],
  [/`([^`\n]+)`/, ([, text]) => ({ is: "code", text })],
  [/\[([^\]\n]+)\]\(([^()\s]+)\)/, ([, label, url]) => ({ is: "link", url, of: inline(label) })],
  [/\*\*(?=\S)((?:\\.|[^\\])+?)\*\*|__(?=\S)((?:\\.|[^\\])+?)__/, ([, one, other]) => ({ is: "bold", of: inline(one ?? other) })],
  [/~~(?=\S)(.+?)~~/, ([, inside]) => ({ is: "strike", of: inline(inside) })],
  [/\*(?=\S)((?:\\.|[^*\\])+)\*|\b_(?=\S)((?:\\.|[^_\\])+)_\b/, ([, one, other]) => ({ is: "italic", of: inline(one ?? other) })],
  [/:([a-z0-9_+-]+):/, ([, code]) => ({ is: "emoji", code })],
];

/** Draw a markdown block. */
export function Markdown({ block }) {
  const nodes = useMemo(() => treeOf(block.text), [block.text]);
  return html`<div class="written"><${Nodes} nodes=${nodes} /></div>`;
}

function treeOf(text) {
  return text.split(/^(```[^\n]*\n[\s\S]*?\n```)$/m).flatMap((part) => (
    part.startsWith("```") ? [{ is: "pre", text: part.replace(/^```[^\n]*\n/, "").replace(/\n```$/, "") }] : linesOf(part)
  ));
}

function linesOf(text) {
  const nodes = [];
  for (const line of text.split("\n").filter((each) => each.trim())) {
    const heading = /^#{1,6}\s+(.*)/.exec(line);
    const quote = /^>\s?(.*)/.exec(line);
    const item = /^(\s*)(?:[-*+]|(\d+)[.)])\s+(.*)/.exec(line);
    if (heading) nodes.push({ is: "heading", of: inline(heading[1]) });
    else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) nodes.push({ is: "rule" });
    else if (quote) nodes.push({ is: "quote", of: inline(quote[1]) });
    else if (item) putItem(nodes, item);
    else nodes.push({ is: "line", of: inline(line) });
  }
  return nodes;
}

function putItem(nodes, [, space, number, text]) {
  const [depth, ordered] = [Math.floor(space.length / 2), Boolean(number)];
  const last = nodes.at(-1);
  if (last?.is === "list" && last.depth === depth && last.ordered === ordered) last.items.push(inline(text));
  else nodes.push({ is: "list", ordered, depth, start: Number(number ?? 1), items: [inline(text)] });
}

function inline(text) {
  let first = null;
  for (const [pattern, made] of INLINE) {
    const found = pattern.exec(text);
    if (found && (!first || found.index < first.found.index)) first = { found, made };
  }
  if (!first) return text ? [text] : [];
  const { found, made } = first;
  return [text.slice(0, found.index), made(found), ...inline(text.slice(found.index + found[0].length))].filter(Boolean);
}
