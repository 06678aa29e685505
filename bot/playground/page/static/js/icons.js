/** Line icons drawn for this page on a 20 x 20 grid. */
import { html } from "./lib.js";

const PATHS = {
  hash: "M7.5 3.5 6 16.5M14 3.5l-1.5 13M3.5 7.5h13M3 12.5h13",
  lock: "M5 9.5h10v7H5zM7 9.5V7a3 3 0 0 1 6 0v2.5",
  box: "M3.5 4.5h13v3h-13zM5 7.5v8h10v-8M8 10.5h4",
  globe: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M3.4 10h13.2M10 3c2.4 2 3.2 4.5 3.2 7S12.4 15 10 17M10 3C7.6 5 6.8 7.5 6.8 10S7.6 15 10 17",
  people: "M7.5 9.500a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.500M2.5 16c.4-3 2.3-4.5 5-4.500s4.6 1.5 5 4.500M12.5 4.300a2.6 2.6 0 0 1 0 4.900M14.3 11.900c1.8.6 2.9 2 3.2 4.1",
  bolt: "M11 2.5 4.5 11.500H9l-.5 6 6.5-9.500h-4.600z",
  dots: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  reply: "M4 4.500h12v9h-7l-3.5 3v-3H4zM7 8h6M7 10.500h4",
  close: "m5 5 10 10M15 5 5 15",
  back: "M12.5 4 6.5 10l6 6",
  down: "m5 8 5 5 5-5",
  search: "M8.5 3.500a5 5 0 1 0 0 10 5 5 0 0 0 0-10M12.3 12.300l4.2 4.2",
  send: "M3.5 3.5 17 10 3.5 16.5 5.5 10zM5.5 10H11",
  sun: "M10 6.500a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M10 2v1.800M10 16.200V18M2 10h1.800M16.2 10H18M4.3 4.300l1.3 1.300M14.4 14.400l1.3 1.300M15.7 4.300l-1.3 1.300M5.6 14.400l-1.3 1.3",
  moon: "M15.8 12.200A6.5 6.5 0 0 1 7.8 4.200a6.5 6.5 0 1 0 8 8",
  screen: "M3 4.500h14v9H3zM7 16.500h6M10 13.500v3",
  gauge: "M3.5 5.500h7M14.5 5.500h2M12.5 3.500v4M3.5 10h2M9.5 10h7M7.5 8v4M3.5 14.500h8M15.5 14.500h1M13.5 12.500v4",
  eye: "M2.5 10c2-3.5 4.5-5 7.5-5s5.5 1.5 7.5 5c-2 3.5-4.5 5-7.5 5s-5.5-1.5-7.5-5M10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
  check: "m4 10.5 4 4 8-9",
  clock: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M10 6v4.300l2.8 1.7",
};

/** One icon, for the eye only: what it means is said by its button. */
export function Icon({ name, size = 18 }) {
  return html`<svg class="icon" width=${size} height=${size} viewBox="0 0 20 20" fill="none" stroke="currentColor"
    stroke-width=${name === "dots" ? 2.6 : 1.5} stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
    <path d=${PATHS[name]} /></svg>`;
}

/** The app's mark: a small flame. */
export function Flame({ size = 20 }) {
  return html`<svg width=${size} height=${size} viewBox="0 0 20 20" aria-hidden="true">
    <path fill="#e8711a" d="M10 1.500c.6 3 5.5 5 5.5 10.300a5.5 5.5 0 0 1-11 0c0-2.6 1.3-4.1 2.5-5.4.2 1.3.8 2 1.5 2.300C8.3 6 8.9 3.5 10 1.500z" />
    <path fill="#ffd58a" d="M10.2 9.500c.3 1.5 2.3 2.2 2.3 4.300a2.5 2.5 0 0 1-5 0c0-1.6 2-2.3 2.7-4.300z" /></svg>`;
}
