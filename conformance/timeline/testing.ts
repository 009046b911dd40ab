/** Sessions for the tests of this folder: small worlds of the current scheduler, in which a slice fills a round of a core. */
import { createModel } from "../../model/index.ts";
import {
  asciiOf,
  canisterId,
  hex,
  instructions,
  managementCanister,
  nanoseconds,
  type CanisterGenesis,
  type Input,
  type ManagementMethod,
  type Parameters,
  type Script,
  type Value,
} from "../../spec/index.ts";
import { callTo, canister, genesisOf, ingress, round } from "../testing/worlds.ts";
import type { Timeline } from "./data.ts";
import { record } from "./record.ts";
import { timelineOf } from "./timeline.ts";

const sliced: Partial<Parameters> = {
  scheduler: "current",
  roundInstructionLimit: instructions(105),
  messageInstructionLimit: instructions(1_000),
  sliceInstructionLimit: instructions(100),
};

/** The timeline of the reference. */
export const timelineFrom = async (
  canisters: readonly CanisterGenesis[],
  inputs: readonly Input[],
  parameters: Partial<Parameters> = {},
): Promise<Timeline> => timelineOf(await record(createModel(), { genesis: genesisOf(canisters, { ...sliced, ...parameters }), inputs }));

/** Executes so many instructions in all, and replies. */
export const working = (count: number): Script => [
  { op: "consume", instructions: instructions(count - 1) },
  { op: "reply", payload: { kind: "bytes", bytes: hex("") } },
];

export const rounds = (count: number): readonly Input[] => Array.from({ length: count }, () => round());

export const checkpointed: Input = { kind: "round", elapsed: nanoseconds(1n), tape: hex("ab".repeat(32)), checkpoint: true };

/** So many messages to a canister. */
export const asked = (id: string, method: string, count: number): readonly Input[] =>
  Array.from({ length: count }, (_, k) => ingress(`${id}-${method}-${k}`, id, method));

const text = (said: string): Value => ({ kind: "bytes", bytes: asciiOf(said) });

const deciding = (method: ManagementMethod): Script => [callTo(managementCanister, method, { payload: text("b") })];

/** Canister a decides about b, which may have to wait for randomness before it can answer. */
export const decided: readonly CanisterGenesis[] = [
  canister("a", { stop: deciding("stop_canister"), start: deciding("start_canister"), remove: deciding("delete_canister") }),
  canister(
    "b",
    { linger: [callTo(managementCanister, "raw_rand", { onReply: [{ op: "reply", payload: text("") }] })] },
    { controllers: [canisterId("a")] },
  ),
];

/** B is stopped, with something still to do, and started again. */
export const stopped = (): Promise<Timeline> =>
  timelineFrom(decided, [ingress("s", "a", "stop"), ingress("l", "b", "linger"), ...rounds(4), ingress("r", "a", "start"), ...rounds(2)], {
    tapeLag: 2,
  });

/** A field of all cells of a canister. */
export const cellsOf = <Field extends keyof Timeline["canisters"][number]["cells"][number]>(
  timeline: Timeline,
  id: string,
  field: Field,
): readonly Timeline["canisters"][number]["cells"][number][Field][] =>
  timeline.canisters.find(({ canister }) => canister === id)?.cells.map((cell) => cell[field]) ?? [];
