/** Blocks that show: section, context, header, divider, image, alert, card, carousel. */
import { html, useContext } from "../lib.js";
import { Element } from "./element.js";
import { Here } from "./here.js";
import { Text, wordsIn } from "./mrkdwn.js";

const ALERTS = {
  default: ["", "Notice"],
  info: ["ℹ", "For information"],
  success: ["✓", "Done"],
  warning: ["⚠", "Warning"],
  error: ["✕", "Error"],
};

const TOPIC = 60;

/** What stands at a block, in a few words: the first line of its text.  It tells its elements from their like. */
export function topicOf(block) {
  return wordsIn(block?.text ?? block?.fields?.[0]).split("\n")[0].slice(0, TOPIC);
}

/** A paragraph, with fields in two columns and an element at its side. */
export function Section({ block }) {
  const { surface } = useContext(Here);
  return html`
    <div class="section-body">
      ${block.text && html`<${Text} of=${block.text} block fold=${surface === "message" && !block.expand} />`}
      ${block.fields && html`<div class="fields">${block.fields.map((field) => html`<${Text} of=${field} block />`)}</div>`}
    </div>
    ${block.accessory && html`<div class="accessory">
      <${Element} key=${`${block.accessory.action_id} ${block.accessory.type}`} block=${block} element=${block.accessory}
        about=${topicOf(block)} />
    </div>`}`;
}

/** A line of small print. */
export function Context({ block }) {
  return block.elements.map((each) => (
    each.type === "image" ? html`<${Picture} image=${each} />` : html`<span class="context-text"><${Text} of=${each} /></span>`
  ));
}

/** A heading. */
export function Header({ block }) {
  const { surface } = useContext(Here);
  return html`<${surface === "home" ? "h2" : "h3"}><${Text} of=${block.text} /><//>`;
}

/** A rule across. */
export function Divider() {
  return html`<hr />`;
}

/** A picture with its title. */
export function ImageBlock({ block }) {
  return html`<figure>
    ${block.title && html`<figcaption><${Text} of=${block.title} /></figcaption>`}
    <${Picture} image=${block} large />
  </figure>`;
}

/** A picture that this page may load, else the words that stand for it. */
export function Picture({ image, large = false }) {
  const address = URL.parse(image.image_url ?? "");
  const size = large ? "large" : "";
  if (address?.origin === location.origin) {
    return html`<img class=${size} src=${address.href} alt=${image.alt_text} loading="lazy" />`;
  }
  const inside = large ? html`<span>${image.alt_text}</span>${address && html`<small>${address.host}</small>`}` : "▨";
  return html`<span class=${`no-picture ${size}`} role="img" aria-label=${image.alt_text} title=${image.alt_text}>${inside}</span>`;
}

/** A notice with a level. */
export function Alert({ block }) {
  const level = ALERTS[block.level] ? block.level : "default";
  const [sign, name] = ALERTS[level];
  return html`<div class=${`notice ${level}`} role="note" aria-label=${name}>
    ${sign && html`<span aria-hidden="true">${sign}</span>`}<div><${Text} of=${block.text} block /></div>
  </div>`;
}

/** A card: picture, title, words, buttons. */
export function Card({ block }) {
  return html`<article class="card-body">
    ${block.hero_image && html`<${Picture} image=${block.hero_image} large />`}
    <div class="card-head">
      ${block.icon && html`<${Picture} image=${block.icon} />`}
      <div>
        ${block.title && html`<b><${Text} of=${block.title} /></b>`}
        ${block.subtitle && html`<div class="soft"><${Text} of=${block.subtitle} /></div>`}
      </div>
    </div>
    ${block.body && html`<${Text} of=${block.body} block />`}
    ${block.subtext && html`<div class="soft"><${Text} of=${block.subtext} /></div>`}
    ${block.actions && html`<div class="card-actions">${block.actions.map((element) => (
      html`<${Element} key=${element.action_id} block=${block} element=${element} />`))}</div>`}
  </article>`;
}

/** Cards side by side. */
export function Carousel({ block }) {
  return html`<div class="cards" tabindex="0" role="group" aria-label="Cards">
    ${block.elements.map((card) => html`<div class="block card">
      <${Card} block=${{ block_id: block.block_id, ...card }} />
    </div>`)}
  </div>`;
}
