/** Slack's mrkdwn read into nodes (see nodes.js). */

const STYLES = { "*": "bold", _: "italic", "~": "strike" };
const WORD = /[\p{L}\p{N}]/u;
const EMOJI = /:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):/iy;
const BARE_LINK = /https?:\/\/[^\s<>|*~`]*[^\s<>|*~`.,;:!?)\]'"”]/iy;
const ANGLE = /<([^<>\n]+)>/y;
const ADDRESS = /^[a-z][a-z0-9+.-]*:/i;
const CODE = /`([^`\n]+)`/y;

/** Read a text: fences, quotes and lines, each with what is inline in it. */
export function treeOf(text) {
  return text.split(/\n?(```[\s\S]+?```)\n?/).flatMap((part) => (
    /^```[^]+```$/.test(part) ? [{ is: "pre", text: fenced(part) }] : linesOf(part)
  ));
}

function fenced(part) {
  const inside = part.slice(3, -3).replace(/^\n/, "").replace(/\n$/, "");
  return plainAngles(inside);
}

function linesOf(text) {
  const nodes = [];
  let quoted = null;
  const all = text.split("\n");
  for (let at = 0; at < all.length; at += 1) {
    const everything = /^(?:&gt;|>){3}\s?/.exec(all[at]);
    if (everything) {
      const rest = [all[at].slice(everything[0].length), ...all.slice(at + 1)].join("\n");
      return [...nodes, { is: "quote", of: inline(rest) }];
    }
    const mark = /^(?:&gt;|>) ?/.exec(all[at]);
    const inside = inline(mark ? all[at].slice(mark[0].length) : all[at]);
    if (mark && quoted) quoted.of.push({ is: "break" }, ...inside);
    else if (mark) nodes.push(quoted = { is: "quote", of: inside });
    else {
      if (at > 0 && !quoted) nodes.push({ is: "break" });
      nodes.push(...inside);
      quoted = null;
    }
  }
  return nodes.filter((node) => node !== "");
}

/** Read one stretch of text without blocks. */
export function inline(text) {
  const nodes = [];
  let words = "";
  const put = (node) => {
    if (words) nodes.push(unescaped(words));
    words = "";
    nodes.push(node);
  };
  for (let at = 0; at < text.length;) {
    const [node, end] = tokenAt(text, at);
    if (node === null) words += text[at];
    else put(node);
    at = end;
  }
  if (words) nodes.push(unescaped(words));
  return nodes;
}

function tokenAt(text, at) {
  const sign = text[at];
  if (sign === "\n") return [{ is: "break" }, at + 1];
  if (sign === "<") return matched(ANGLE, text, at, (found) => angled(found[1]));
  if (sign === "`") return matched(CODE, text, at, (found) => ({ is: "code", text: plainAngles(found[1]) }));
  if ((sign === ":" || sign === "h") && WORD.test(text[at - 1] ?? "")) return [null, at + 1];
  if (sign === ":") return matched(EMOJI, text, at, (found) => ({ is: "emoji", code: found[1].toLowerCase() }));
  if (sign === "h") return matched(BARE_LINK, text, at, (found) => linked(unescaped(found[0])));
  const end = STYLES[sign] ? closing(text, at) : -1;
  return end < 0 ? [null, at + 1] : [{ is: STYLES[sign], of: inline(text.slice(at + 1, end)) }, end + 1];
}

function linked(url) {
  return { is: "link", url, of: [url] };
}

function matched(pattern, text, at, made) {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  return found ? [made(found), at + found[0].length] : [null, at + 1];
}

/** Where the sign that opens at `at` is closed, or -1: it opens before a word and closes after one, on one line. */
function closing(text, at) {
  const sign = text[at];
  const [before, after] = [text[at - 1] ?? " ", text[at + 1] ?? " "];
  if (WORD.test(before) || before === sign || after === sign || /\s/.test(after)) return -1;
  for (let end = at + 1; end < text.length && text[end] !== "\n"; end += 1) {
    if (text[end] === "<") end = Math.max(end, text.indexOf(">", end));
    else if (text[end] === "`" && text.indexOf("`", end + 1) > 0) end = text.indexOf("`", end + 1);
    else if (text[end] === sign && !/\s/.test(text[end - 1]) && !WORD.test(text[end + 1] ?? "")) return end;
  }
  return -1;
}

function angled(inside) {
  const bar = inside.indexOf("|");
  const [body, label] = bar < 0 ? [inside, undefined] : [inside.slice(0, bar), unescaped(inside.slice(bar + 1))];
  const rest = body.slice(1);
  if (body[0] === "@") return { is: "user", id: rest, label };
  if (body[0] === "#") return { is: "channel", id: rest, label: label || undefined };
  if (body[0] === "!") return special(rest, label);
  if (!ADDRESS.test(body)) return `<${unescaped(inside)}>`;
  const url = unescaped(body);
  return { is: "link", url, of: [label || url.replace(/^(mailto|tel):/, "")] };
}

function special(body, label) {
  const [name, first, format, url] = body.split("^");
  if (name === "date") {
    return { is: "date", seconds: Number(first), format: unescaped(format ?? ""), fallback: label ?? "", url };
  }
  if (name === "subteam") return { is: "group", id: first, label: label?.replace(/^@/, "") };
  return { is: "everyone", id: label?.replace(/^@/, "") ?? name };
}

function plainAngles(text) {
  return unescaped(text.replaceAll(/<([^<>\n]*)>/g, (_, inside) => inside.split("|").at(-1)));
}

function unescaped(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
