/** What a select offers: its own options, people, channels, or what the app answers to a search. */
import { useEffect, useState } from "../lib.js";
import { ask } from "../link.js";
import { app, channels, me, members } from "../state.js";
import { wordsIn } from "./mrkdwn.js";

const PAUSE = 200;
const SHORTEST_QUERY = 3;

/** Is what is held an id rather than an option? */
export function holdsIds(element) {
  return !/(static|external)_select$/.test(element.type);
}

/** A held value as {key, label, hint, held}: `key` is unique among the choices. */
export function choiceOf(element, held) {
  if (!holdsIds(element)) return optionChoice(held);
  const person = members.value.get(held);
  return person ? memberChoice(person) : channelChoice(channels.value.get(held) ?? { id: held, name: held, kind: "public" });
}

/** {groups: [{label, choices}], note} for what is typed; `note` says why there is nothing. */
export function useChoices(here, block, element, query, open) {
  const external = element.type.endsWith("external_select");
  const found = useExternal(here, block, element, query, open && external);
  if (external) return found;
  const fitting = ({ label, choices }) => ({ label, choices: choices.filter((choice) => fits(choice, query)) });
  const some = ownGroups(element).map(fitting).filter((group) => group.choices.length);
  return { groups: some, note: some.length ? "" : "No results" };
}

function useExternal(here, block, element, query, wanted) {
  const [found, setFound] = useState({ groups: [], note: "" });
  const least = element.min_query_length ?? SHORTEST_QUERY;
  useEffect(() => {
    if (!wanted) return undefined;
    if (query.length < least) {
      setFound({ groups: [], note: least === 1 ? "Type to search" : `Type at least ${least} characters` });
      return undefined;
    }
    let current = true;
    setFound((before) => ({ groups: before.groups, note: "Looking…" }));
    const timer = setTimeout(async () => {
      const args = { place: here.place, block_id: block.block_id, action_id: element.action_id, query };
      const answer = await ask("options", args, { quiet: true });
      if (current) setFound(answer.ok ? answered(answer) : { groups: [], note: answer.told ?? "The list could not be loaded." });
    }, query ? PAUSE : 0);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [wanted, query, least]);
  return found;
}

function answered(answer) {
  const groups = grouped(answer);
  return { groups, note: groups.some((group) => group.choices.length) ? "" : "No results" };
}

function grouped({ option_groups: groups, options }) {
  if (groups?.length) return groups.map((group) => ({ label: wordsIn(group.label), choices: group.options.map(optionChoice) }));
  return [{ label: "", choices: (options ?? []).map(optionChoice) }];
}

function ownGroups(element) {
  if (element.type.endsWith("static_select")) return grouped(element);
  const people = [...members.value.values()].filter((member) => !member.deleted && !member.stranger);
  const talks = [...channels.value.values()].filter((channel) => !channel.archived);
  if (element.type.endsWith("users_select")) return [{ label: "", choices: people.map(memberChoice) }];
  const filter = element.type.endsWith("channels_select") ? { include: ["public"] } : element.filter ?? {};
  return [{ label: "", choices: talks.filter((channel) => passes(channel, filter)).map(channelChoice) }];
}

function passes(channel, filter) {
  if (filter.include && !filter.include.includes(channel.kind)) return false;
  if (filter.exclude_external_shared_channels && channel.shared) return false;
  const withBot = channel.id === app.value?.dm || members.value.get(channel.with)?.bot;
  return !(filter.exclude_bot_users && channel.kind === "im" && withBot);
}

function fits(choice, query) {
  const words = `${choice.label} ${choice.hint}`.toLowerCase();
  return query.toLowerCase().split(/\s+/).every((part) => words.includes(part));
}

function optionChoice(option) {
  return { key: option.value, label: wordsIn(option.text), hint: wordsIn(option.description), held: option };
}

function memberChoice(member) {
  const label = member.id === me.value ? `${member.name} (you)` : member.name;
  return { key: member.id, label, hint: `@${member.handle}`, held: member.id };
}

function channelChoice(channel) {
  const other = channel.kind === "im" && members.value.get(channel.with);
  if (other) return { ...memberChoice(other), key: channel.id, held: channel.id };
  const label = `${channel.kind === "private" ? "🔒" : "#"} ${channel.name}`;
  return { key: channel.id, label, hint: channel.shared ? "shared with another workspace" : "", held: channel.id };
}
