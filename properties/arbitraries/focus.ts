/**
 * What a property needs to see of a busy world. Everything else is left to chance: every world first throws away a random
 * part of its vocabulary (swarm), so that what one word would hide behind another comes to light.
 * @source facts/messages.md MSG-11.1, MSG-11.3
 */
import type { InputKind, Parameters } from "../../spec/index.ts";
import { among, type Custom, type Limit, type Vocabulary } from "../vocabulary.ts";
import type { Dice } from "./dice.ts";
import type { Op } from "./grammar.ts";
import type { IdiomName } from "./idioms.ts";

export interface Focus {
  /** Instructions that every world knows. */
  readonly always?: readonly Op[];
  /** Inputs that every world has. */
  readonly inputs?: readonly InputKind[];
  /** What else every world has. */
  readonly customs?: readonly Custom[];
  /** What every world has little of. */
  readonly limits?: readonly Limit[];
  /** What no world has little of. */
  readonly ample?: readonly Limit[];
  /** One of these programs is planted, with messages that call it. */
  readonly plant?: readonly IdiomName[];
  /** What most methods do, by level, in the place of what the grammar draws. */
  readonly programs?: readonly (readonly IdiomName[])[];
  /** Whether nobody sets a timeout that ends within a few rounds. */
  readonly patient?: boolean;
  /** What mostly becomes of the cycles on messages that are dropped. */
  readonly fate?: Parameters["droppedCycles"];
  /** Whether the network between subnets delivers little. */
  readonly sluggish?: boolean;
  /** Whether most rounds last for seconds, so that what has to wait for one may come too late. */
  readonly hasty?: boolean;
  /** Whether most canisters have little more than they need, or less. */
  readonly scarce?: boolean;
  /** Whether execution always costs something. */
  readonly priced?: boolean;
  /** At least two canisters on a subnet, so that there is something to order. */
  readonly crowded?: boolean;
  /** Networks of this kind alone. */
  readonly network?: (parameters: Parameters, dice: Dice) => Parameters;
}

/** The words that one world knows. */
export interface Lexicon {
  readonly inputs: ReadonlySet<InputKind>;
  readonly instructions: ReadonlySet<Op>;
  readonly customs: ReadonlySet<Custom>;
  readonly scarce: ReadonlySet<Limit>;
  readonly randomness: boolean;
}

/** Most of the words, unless they are needed; each is thrown away in some worlds. */
export const lexiconOf = (dice: Dice, vocabulary: Vocabulary, focus: Focus): Lexicon => {
  const instructions = swarm(dice, vocabulary.instructions, () => 75, [
    ...(focus.always ?? []),
    ...(dice.chance(95) ? (["reply"] as const) : []),
  ]);
  const customs = swarm(dice, vocabulary.customs, (custom) => customary[custom], focus.customs ?? []);
  const scarce = swarm(dice, vocabulary.limits, (limit) => scarcity[limit], focus.limits ?? []);
  return {
    inputs: swarm(dice, vocabulary.inputs, () => 75, ["round", "ingress", ...(focus.inputs ?? [])]),
    instructions,
    customs: instructions.has("call") ? customs : new Set([...customs].filter((custom) => custom !== "best-effort")),
    scarce: new Set([...scarce].filter((limit) => !focus.ample?.includes(limit))),
    randomness: vocabulary.randomness && instructions.has("call") && (asks(focus) || dice.chance(75)),
  };
};

/** Whether a world is to have programs that ask for randomness. */
const asks = ({ plant = [], programs = [] }: Focus): boolean => plant.includes("throwDice") || programs.flat().includes("linger");

/** In how many of a hundred worlds something is the custom. */
const customary: Readonly<Record<Custom, number>> = {
  "best-effort": 45,
  strays: 85,
  heartbeats: 25,
  inspections: 25,
  hooks: 25,
  networks: 25,
  strangers: 60,
  // Of these there are worlds of their own.
  slices: 0,
  "current-scheduler": 0,
  "heap-limits": 0,
  checkpoints: 0,
  queries: 0,
  "replicated-queries": 0,
  "composite-queries": 0,
  "status-queries": 0,
  overheads: 0,
  reservations: 0,
  "message-rents": 0,
  tokens: 0,
  management: 0,
  code: 0,
  outcalls: 0,
  bitcoin: 0,
  provision: 0,
  users: 0,
  identities: 50,
  "data-certificates": 25,
  certificates: 0,
};

/** In how many of a hundred worlds there is little of something. */
const scarcity: Readonly<Record<Limit, number>> = {
  roundInstructionLimit: 88,
  guaranteedResponseMemory: 20,
  bestEffortMemory: 30,
  callbackLimit: 20,
  streamCapacity: 50,
  requestLifetime: 30,
  bestEffortLifetime: 40,
  ingressLifetime: 30,
  historyLifetime: 25,
  historyCapacity: 15,
  historyMemory: 25,
  inspectionInstructionLimit: 30,
  queryBudget: 0,
  chargePeriod: 12,
};

const swarm = <T>(dice: Dice, all: ReadonlySet<T>, chance: (word: T) => number, needed: readonly T[]): ReadonlySet<T> => {
  const must = among(all, needed);
  return new Set([...all].filter((word) => dice.chance(chance(word)) || must.has(word)));
};
