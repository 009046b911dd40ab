/**
 * Worlds for one chapter each: what it is about happens in most of them, and every path of it in one of six at least.
 * @source facts/messages.md MSG-11.1
 */
import * as fc from "fast-check";
import type { Parameters, Scenario } from "../../spec/index.ts";
import { bytes, instructions, nanoseconds } from "../../spec/index.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { backloggedWorlds } from "./backlogged.ts";
import { bitcoinWorlds } from "./bitcoin.ts";
import { busyWorlds, networkedWorlds } from "./busy.ts";
import { certifyingWorlds } from "./certifying.ts";
import { chargedWorlds } from "./charged.ts";
import { allottedWorlds, chunkedWorlds, codedWorlds, keptWorlds } from "./coded.ts";
import type { Dice } from "./dice.ts";
import type { Focus } from "./focus.ts";
import { impatientWorlds } from "./impatient.ts";
import { managedWorlds } from "./managed.ts";
import { introducedWorlds } from "./introduced.ts";
import { isScarce } from "./networks.ts";
import { outcallWorlds } from "./outcalls.ts";
import { queryWorlds } from "./queries.ts";
import { abortingWorlds, currentWorlds, heapWorlds, memberWorlds, slicedWorlds } from "./scheduled.ts";
import { slowConsumerWorlds } from "./slow.ts";
import { strangeWorlds } from "./strange.ts";
import { billedWorlds, repricedWorlds, storedWorlds } from "./thrifty.ts";
import { stretchedWorlds } from "./stretched.ts";
import { tokenWorlds } from "./tokens.ts";
import { usersWorlds } from "./users.ts";

/** Worlds of every chapter in one pool; busy ones among them more often than others. */
export const allWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> =>
  fc.oneof(
    { arbitrary: busyWorlds(vocabulary), weight: 5 },
    { arbitrary: networkedWorlds(vocabulary), weight: 3 },
    ...scheduled.map((worlds) => ({ arbitrary: worlds(vocabulary), weight: 1 })),
    ...focused.map((worlds) => ({ arbitrary: worlds(vocabulary), weight: 1 })),
  );

/** The chapters of the scheduler. */
const scheduled: readonly ((vocabulary: Vocabulary) => fc.Arbitrary<Scenario>)[] = [
  slicedWorlds,
  abortingWorlds,
  currentWorlds,
  heapWorlds,
  memberWorlds,
];

/** Best-effort calls, and what may become of them on their way. */
export const bestEffortWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> =>
  fc.oneof(lateWorlds(vocabulary), sheddingWorlds(vocabulary), impatientWorlds(vocabulary));

/** Best-effort messages that come too late, wherever they are. */
export const lateWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> => networkedWorlds(vocabulary, late);

const late: Focus = {
  always: ["call", "reply", "accept"],
  customs: ["best-effort"],
  limits: ["roundInstructionLimit", "streamCapacity", "requestLifetime"],
  ample: [
    "guaranteedResponseMemory",
    "bestEffortMemory",
    "callbackLimit",
    "ingressLifetime",
    "historyLifetime",
    "historyCapacity",
    "chargePeriod",
  ],
  programs: [["hurry"], ["serve", "serve", "serve", "linger"], ["serve"]],
  network: (network, dice) => narrow({ ...network, queueCapacity: dice.whole(3, 5) }, dice),
  fate: "returned",
  sluggish: true,
  hasty: true,
};

/** Best-effort messages for which there is no memory, wherever they are. */
export const sheddingWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> => networkedWorlds(vocabulary, shedding);

const shedding: Focus = {
  ...late,
  limits: ["roundInstructionLimit", "streamCapacity", "bestEffortMemory"],
  ample: [...(late.ample ?? []).filter((limit) => limit !== "bestEffortMemory"), "bestEffortLifetime"],
  network: (network, dice) => {
    const drawn = late.network!(network, dice);
    return { ...drawn, ...(isScarce(drawn, "bestEffortMemory") && { bestEffortMemory: bytes(dice.whole(4, 20)) }) };
  },
  fate: "lost",
  patient: true,
  hasty: false,
};

/** Calls that cannot be sent, or wait for room: too many at once, for little memory and few callbacks. */
export const crampedWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> => busyWorlds(vocabulary, cramped);

const cramped: Focus = {
  always: ["call", "reply"],
  limits: ["guaranteedResponseMemory", "callbackLimit", "roundInstructionLimit"],
  plant: ["crowd"],
  programs: [
    ["crowd", "fan"],
    ["fan", "linger"],
    ["serve", "linger"],
  ],
  network: (network, dice) => ({
    ...network,
    queueCapacity: dice.whole(3, 5),
    ...(isScarce(network, "guaranteedResponseMemory") && {
      cores: 1,
      guaranteedResponseMemory: bytes(network.maxPayload * dice.whole(2, 5)),
    }),
    ...(isScarce(network, "callbackLimit") && { callbackLimit: dice.whole(0, 4), callbackQuota: dice.whole(0, 2) }),
  }),
};

/** Timers, heartbeats and hooks, and more messages than there is time for. */
export const taskedWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> => busyWorlds(vocabulary, tasked);

const tasked: Focus = {
  always: ["set-timer", "write", "reply"],
  customs: ["heartbeats", "hooks"],
  limits: ["roundInstructionLimit"],
  ample: ["ingressLifetime", "historyLifetime", "historyCapacity"],
  programs: [["alarm", "grow"], ["alarm"]],
  crowded: true,
  network: (network, dice) => narrow({ ...network, cores: dice.chance(70) ? 1 : 2 }, dice),
};

/** Messages of users that are looked at before they are let in. */
export const inspectingWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> => busyWorlds(vocabulary, inspecting);

const inspecting: Focus = {
  always: ["accept-message", "trap", "reply", "write"],
  customs: ["inspections"],
  ample: ["historyCapacity", "ingressLifetime"],
};

/** Messages of users that expire, and a history that is full, forgets and drops. */
export const forgetfulWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> => busyWorlds(vocabulary, forgetful);

const forgetful: Focus = {
  always: ["reply"],
  limits: ["roundInstructionLimit", "ingressLifetime", "historyLifetime", "historyMemory", "historyCapacity"],
  programs: [["serve"], ["serve"]],
  network: (network, dice) => narrow({ ...network, cores: 1, ...shortLived(network, dice) }, dice),
  hasty: true,
};

/** Where answers are dropped at all, they are soon. */
const shortLived = (network: Parameters, dice: Dice): Partial<Parameters> => {
  if (!isScarce(network, "historyLifetime")) return {};
  const ingressLifetime = dice.big(500_000_000n, 4_000_000_000n);
  return {
    ingressLifetime: nanoseconds(ingressLifetime),
    historyLifetime: nanoseconds(ingressLifetime + dice.pick([0n, 1n, dice.big(0n, 2_000_000_000n)])),
  };
};

/** Canisters that lose their code while calls are open on both sides of them. */
export const uninstallingWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> => busyWorlds(vocabulary, uninstalling);

const uninstalling: Focus = {
  always: ["call", "reply"],
  inputs: ["uninstall"],
  limits: ["roundInstructionLimit"],
  ample: ["guaranteedResponseMemory", "callbackLimit", "ingressLifetime"],
  programs: [["linger", "fan"], ["linger"]],
};

/** Cycles from nothing, and memory that they may have to pay for. */
export const providedWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> =>
  fc.oneof(
    { arbitrary: codedWorlds(vocabulary, { provided: true }), weight: 3 },
    { arbitrary: codedWorlds(vocabulary, { provided: true, allotted: true }), weight: 1 },
    { arbitrary: codedWorlds(vocabulary, { provided: true, allotted: true, stored: true }), weight: 1 },
  );

const focused = [
  lateWorlds,
  sheddingWorlds,
  impatientWorlds,
  crampedWorlds,
  taskedWorlds,
  inspectingWorlds,
  forgetfulWorlds,
  uninstallingWorlds,
  backloggedWorlds,
  slowConsumerWorlds,
  strangeWorlds,
  chargedWorlds,
  storedWorlds,
  billedWorlds,
  repricedWorlds,
  tokenWorlds,
  queryWorlds,
  managedWorlds,
  codedWorlds,
  keptWorlds,
  chunkedWorlds,
  allottedWorlds,
  providedWorlds,
  certifyingWorlds,
  outcallWorlds,
  bitcoinWorlds,
  usersWorlds,
  introducedWorlds,
  stretchedWorlds,
] as const;

/** A round has time for a message or two, and a stream has room for as many. */
const narrow = (network: Parameters, dice: Dice): Parameters => ({
  ...network,
  ...(isScarce(network, "roundInstructionLimit") && {
    roundInstructionLimit: instructions((network.messageInstructionLimit + network.messageOverhead) * dice.whole(1, 2)),
  }),
  ...(isScarce(network, "streamCapacity") && { streamCapacity: dice.whole(1, 2) }),
});
