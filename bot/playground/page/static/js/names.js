/** What a conversation is called. */
import { nameOf } from "./avatar.js";
import { app } from "./state.js";

const NAMES = new Intl.Collator();

/** "northwind" or "Ana": without the sign before it. */
export const channelName = (channel) => (channel.kind === "im" ? nameOf(channel.with) : channel.name);

/** "#northwind" or "Ana", as one writes it. */
export const channelTitle = (channel) => (channel.kind === "im" ? channelName(channel) : `#${channel.name}`);

/** The icon of a channel that is no DM. */
export const channelIcon = (channel) => {
  if (channel.archived) return "box";
  return channel.kind === "private" ? "lock" : "hash";
};

/** The app's DM is shown as its Messages tab, so lists of DMs leave it out. */
export const isAppDm = (channel) => channel.kind === "im" && channel.id === app.value?.dm;

/** Archived last, then by name. */
export const byName = (one, other) =>
  Number(one.archived) - Number(other.archived) || NAMES.compare(channelName(one), channelName(other));
