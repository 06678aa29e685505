/** Everything the page knows, as signals; pushes change it here and nowhere else. */
import { batch, computed, effect, signal } from "./lib.js";
import { ask, onPush, sitAs } from "./link.js";
import { dayOf } from "./when.js";

const PAGE = 50;
const OLDER = 100;
const WIRE_KEPT = 500;
const TICK_MS = 20_000;
const TOAST_MS = 8000;
const NO_MESSAGES = Object.freeze({ messages: [], more: false, loaded: false });

/** The acting person's id. */
export const me = signal("");
/** The workspace: {id, name, domain}. */
export const team = signal({ id: "", name: "", domain: "" });
/** Map of id -> Member. */
export const members = signal(new Map());
/** Map of id -> Channel, those the acting person sees. */
export const channels = signal(new Map());
/** The app: {id, name, description, user, bot_id, dm, commands, shortcuts}, or null before the first scene. */
export const app = signal(null);
/** The stand-in's clock: {now, moved}; read it through `now()`. */
export const clock = signal({ now: new Date().toISOString(), moved: false });
/** The modal stack, lowest first. */
export const views = signal([]);
/** The app's Home view, or null. */
export const home = signal(null);
/** Faults that can be switched on: [{kind, label, on}]. */
export const faults = signal([]);
/** The hint strip's steps: [{title, text, command?}]. */
export const tour = signal([]);
/** Is there a database to look into? */
export const hasTables = signal(false);
/** Briefs of requests on the wire, newest last. */
export const wire = signal([]);
/** Toasts on show: [{id, text, tone}]. */
export const toasts = signal([]);
/** Where the person looks: {channel: id}, {app: "home" | "messages"}, or null for the side bar alone (phone). */
export const place = signal(null);
/** The open thread: {channel, ts}, with `reply` where one of its messages is looked for, or null. */
export const threadAt = signal(null);
/** Messages of the open thread, its parent first. */
export const threadMessages = signal([]);
/** The message that its conversation is to bring into view: {channel, ts}, or null. */
export const sought = signal(null);
/** The canvas that is being read: {title, markdown}, or null. */
export const canvas = signal(null);
/** Are the instruments open? */
export const panel = signal(false);
/** "light", "dark", or "system". */
export const theme = signal(localStorage.getItem("theme") ?? "system");

/** The acting Member, or undefined before the first scene. */
export const myself = computed(() => members.value.get(me.value));
/** The acting person's time zone. */
export const zone = computed(() => myself.value?.tz ?? "UTC");
/** The id of the conversation on show (the app's Messages tab is its DM), or null. */
export const channelHere = computed(() => {
  const here = place.value;
  if (here?.app === "messages") return app.value?.dm ?? null;
  return here?.channel ?? null;
});

/** The date of `now()` in the acting person's zone, as a key: changes at midnight and when the clock is moved. */
export const today = signal("");

const kept = new Map();
let clockSeenAt = performance.now();

/** The stand-in's time now, in milliseconds since 1970. */
export function now() {
  return Date.parse(clock.value.now) + (performance.now() - clockSeenAt);
}

/** Signal of {messages, more, loaded} for a conversation: what has been loaded of it, oldest first. */
export function messagesOf(channel) {
  if (!kept.has(channel)) kept.set(channel, signal(NO_MESSAGES));
  return kept.get(channel);
}

/** Show a short note at the foot of the page. */
export function toast(text, tone = "info") {
  const id = crypto.randomUUID();
  toasts.value = [...toasts.value, { id, text, tone }].slice(-4);
  setTimeout(() => dropToast(id), TOAST_MS);
}

/** Take a toast away. */
export function dropToast(id) {
  toasts.value = toasts.value.filter((each) => each.id !== id);
}

/** Load the newest messages of a conversation, once. */
export async function loadNewest(channel) {
  const answer = await ask("history", { channel, limit: PAGE });
  if (!answer.ok) return;
  messagesOf(channel).value = { messages: answer.messages, more: answer.more, loaded: true };
}

/** Load the page of messages before the oldest one loaded; resolves with whether there are any now. */
export async function loadOlder(channel) {
  const shown = messagesOf(channel);
  const before = shown.value.messages[0]?.ts;
  const answer = await ask("history", { channel, before, limit: OLDER }, { quiet: true });
  const { messages } = shown.value;
  if (!answer.ok || messages[0]?.ts !== before) return false;
  shown.value = { messages: [...answer.messages, ...messages], more: answer.more, loaded: true };
  return true;
}

/** Load a conversation as far back as a message. */
export async function loadBackTo(channel, ts) {
  const shown = messagesOf(channel);
  if (!shown.value.loaded) await loadNewest(channel);
  let oldest = null;
  while (shown.value.more && shown.value.messages[0]?.ts > ts && shown.value.messages[0].ts !== oldest) {
    oldest = shown.value.messages[0].ts;
    await loadOlder(channel);
  }
}

/** Forget all but the newest page of a conversation that is no longer on show. */
export function trim(channel) {
  const shown = messagesOf(channel);
  const { messages } = shown.value;
  if (messages.length > PAGE) shown.value = { messages: messages.slice(-PAGE), more: true, loaded: true };
}

/** Open a thread beside the conversation; `reply` is the message in it to look at, if any. */
export async function openThread(channel, ts, reply = null) {
  threadAt.value = { channel, ts, reply };
  threadMessages.value = messagesOf(channel).value.messages.filter((message) => message.ts === ts);
  const answer = await ask("thread", { channel, ts });
  if (answer.ok && threadAt.value?.ts === ts) threadMessages.value = answer.messages;
}

/** Close the thread. */
export function closeThread() {
  threadAt.value = null;
  threadMessages.value = [];
}

/** Go to a place: {channel} or {app}; the app's own DM opens as its Messages tab. */
export function go(where) {
  const next = where?.channel && where.channel === app.value?.dm ? { app: "messages" } : where;
  batch(() => {
    if (threadAt.value && threadAt.value.channel !== next?.channel) closeThread();
    place.value = next;
  });
}

function put(messages, message) {
  const at = messages.findIndex((each) => each.ts === message.ts);
  if (at >= 0) return messages.with(at, message);
  const before = messages.findLastIndex((each) => each.ts < message.ts);
  return messages.toSpliced(before + 1, 0, message);
}

function isReply(message) {
  return Boolean(message.thread_ts) && message.thread_ts !== message.ts;
}

const handlers = {
  scene(scene) {
    const person = me.value !== scene.me;
    batch(() => {
      me.value = scene.me;
      team.value = scene.team;
      members.value = byId(scene.members);
      channels.value = byId(scene.channels);
      app.value = scene.app;
      setClock(scene.clock);
      views.value = scene.views;
      home.value = scene.home;
      faults.value = scene.faults;
      tour.value = scene.tour;
      hasTables.value = scene.has_tables;
      for (const [id, shown] of kept) if (person || id !== channelHere.value) shown.value = NO_MESSAGES;
      if (person) closeThread();
      if (!exists(place.value)) place.value = null;
    });
    if (channelHere.value) loadNewest(channelHere.value);
    if (threadAt.value) openThread(threadAt.value.channel, threadAt.value.ts);
  },
  message({ channel, message }) {
    const open = threadAt.value;
    if (open?.channel === channel && (message.ts === open.ts || message.thread_ts === open.ts)) {
      threadMessages.value = put(threadMessages.value, message);
    }
    const shown = messagesOf(channel);
    const tooOld = shown.value.more && message.ts < (shown.value.messages[0]?.ts ?? "");
    if (!shown.value.loaded || tooOld || (isReply(message) && !message.broadcast)) return;
    shown.value = { ...shown.value, messages: put(shown.value.messages, message) };
  },
  gone({ channel, ts }) {
    const without = (messages) => messages.filter((each) => each.ts !== ts);
    const shown = messagesOf(channel);
    shown.value = { ...shown.value, messages: without(shown.value.messages) };
    threadMessages.value = without(threadMessages.value);
  },
  views: ({ stack }) => { views.value = stack; },
  home: ({ view }) => { home.value = view; },
  members: (push) => { members.value = byId(push.members); },
  channels: (push) => { channels.value = byId(push.channels); },
  channel: ({ channel }) => { channels.value = new Map(channels.value).set(channel.id, channel); },
  clock: (push) => setClock(push.clock),
  faults: (push) => { faults.value = push.faults; },
  wire: ({ records }) => { wire.value = [...wire.value, ...records].slice(-WIRE_KEPT); },
  toast: ({ text, tone }) => toast(text, tone),
};

function exists(where) {
  return where?.app ? app.value.dm !== null : channels.value.has(where?.channel);
}

function markDay() {
  today.value = dayOf(now(), zone.value);
}

function byId(list) {
  return new Map(list.map((each) => [each.id, each]));
}

function setClock(next) {
  clockSeenAt = performance.now();
  clock.value = next;
}

/** Start listening to the stand-in and to what the person chooses. */
export function start() {
  onPush((push) => handlers[push.push]?.(push));
  effect(() => {
    document.documentElement.dataset.theme = theme.value;
    localStorage.setItem("theme", theme.value);
  });
  effect(() => { if (me.value) sitAs(me.value); });
  effect(markDay);
  setInterval(markDay, TICK_MS);
  effect(() => {
    if (me.value && place.value?.app) ask("open_home", { tab: place.value.app });
  });
  effect(() => {
    const channel = channels.value.get(channelHere.value);
    if (channel?.unread) ask("read", { channel: channel.id }, { quiet: true });
  });
}
