/** Rich text: sections, lists, quotes and code, read into nodes (see nodes.js). */
import { html } from "../lib.js";
import { Nodes, wordsOf } from "./nodes.js";

const STYLES = Object.entries({
  code: "code", bold: "bold", italic: "italic", strike: "strike", underline: "under", highlight: "mark",
});

const INLINE = {
  text: ({ text }) => text,
  link: ({ url, text }) => ({ is: "link", url, of: [text || url] }),
  user: ({ user_id: id }) => ({ is: "user", id }),
  usergroup: ({ usergroup_id: id }) => ({ is: "group", id }),
  channel: ({ channel_id: id }) => ({ is: "channel", id }),
  emoji: ({ name, unicode }) => ({ is: "emoji", code: name, unicode }),
  date: ({ timestamp, format, fallback, url }) => ({ is: "date", seconds: timestamp, format, fallback: fallback ?? "", url }),
  broadcast: ({ range }) => ({ is: "everyone", id: range }),
  color: ({ value }) => ({ is: "code", text: value }),
};

const BLOCK = {
  rich_text_section: ({ elements }) => ({ is: "line", of: inlineOf(elements) }),
  rich_text_quote: ({ elements }) => ({ is: "quote", of: inlineOf(elements) }),
  rich_text_preformatted: ({ elements }) => ({ is: "pre", text: wordsOf(inlineOf(elements)) }),
  rich_text_list: ({ elements, style, indent, offset }) => ({
    is: "list",
    ordered: style === "ordered",
    depth: indent,
    start: (offset ?? 0) + 1,
    items: elements.map((each) => inlineOf(each.elements)),
  }),
};

/** Draw a rich_text block or value. */
export function RichText({ block }) {
  return html`<div class="written"><${Nodes} nodes=${richNodes(block)} /></div>`;
}

/** A rich_text's words, a line for each part. */
export function richWords(block) {
  return richNodes(block).map((node) => wordsOf([node])).join("\n");
}

/** Plain text as Slack's rich text. */
export function asRichText(text) {
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] };
}

function richNodes({ elements }) {
  return elements.map((each) => BLOCK[each.type]?.(each) ?? "");
}

function inlineOf(elements) {
  return elements.flatMap((each) => styled(INLINE[each.type]?.(each) ?? "", each.style ?? {}));
}

function styled(node, style) {
  const broken = (text) => text.split("\n").flatMap((line, at) => (at ? [{ is: "break" }, line] : [line]));
  const lines = typeof node === "string" ? broken(node) : [node];
  return lines.map((line) => (line.is === "break" ? line : STYLES.filter(([key]) => style[key]).reduce(wrapped, line)));
}

function wrapped(inside, [, is]) {
  return is === "code" ? { is, text: wordsOf([inside]) } : { is, of: [inside] };
}
