/** Sessions for the tests of this folder: small worlds of the current scheduler, in which a slice fills a round of a core. */
import { createModel } from "../../model/index.ts";
import { hex, instructions, nanoseconds, type CanisterGenesis, type Input, type Parameters, type Script } from "../../spec/index.ts";
import { genesisOf, ingress, round } from "../testing/worlds.ts";
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

/** A field of all cells of a canister. */
export const cellsOf = <Field extends keyof Timeline["canisters"][number]["cells"][number]>(
  timeline: Timeline,
  id: string,
  field: Field,
): readonly Timeline["canisters"][number]["cells"][number][Field][] =>
  timeline.canisters.find(({ canister }) => canister === id)?.cells.map((cell) => cell[field]) ?? [];
