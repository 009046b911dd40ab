/**
 * What scripts of drawn worlds read, and who asks in them. The scripts are those that were drawn; here and there one of them reads something else,
 * mostly what is there to be read, so that few of them trap for it; and there is stable memory. Ingress messages and queries come from several users.
 */
import { managementCanister, principal, userId, type CodeGenesis, type Genesis, type Instruction } from "../spec/index.ts";
import type { Method, Move, Scenario, Script, Value } from "../spec/index.ts";
import { abilities, guardedValues, type GuardedValue, type Kind } from "./abilities.ts";
import { drawFrom, type Draw } from "./drawing.ts";
import { withStableMemory } from "./drawn-stable.ts";

/** The same world, by the same seed for ever. */
export const withValues = (seed: number, { genesis, others = [], inputs }: Scenario): Scenario => {
  const draw = drawFrom(seed ^ 0x7a1e);
  const read: Read = (kind, value) => valueFor(draw, kind, value);
  const leave = drawFrom(seed ^ 0x1ea7e);
  return withStableMemory(seed, {
    genesis: leaving(leave, genesisWith(read, genesis)),
    others: others.map((one) => leaving(leave, genesisWith(read, one))),
    inputs: inputs.map((move) => moveWith(draw, read, move)),
  });
};

/** What an execution reads in the place of a value. */
export type Read = (kind: Kind, value: Value) => Value;

/** The same world, in which its scripts read something else. */
export const genesisWith = (read: Read, genesis: Genesis): Genesis => ({
  ...genesis,
  canisters: genesis.canisters.map((born) => codeWith(read, born)),
  ...(genesis.modules && { modules: genesis.modules.map((module) => codeWith(read, module)) }),
});

/** Where code comes and goes, the first that a canister has sometimes reads something when it goes. */
const leaving = (draw: Draw, { canisters, ...genesis }: Genesis): Genesis => ({
  ...genesis,
  canisters: canisters.map((born) => {
    const value = draw.of(draw.chance(1, 8) ? guarded : everywhere);
    if (!draw.chance(1, 3) || genesis.modules === undefined || born.onPreUpgrade !== undefined) return born;
    return { ...born, onPreUpgrade: [{ op: "write", page: draw.of([0, 4, 5]), value }] };
  }),
});

const users = ["@ann", "@ann", "@bob", "@eve"].map(userId);

/** What the management canister is asked depends on who asks, so that is left as it is. */
const moveWith = (draw: Draw, read: Read, move: Move): Move => {
  if (move.kind === "create-canister") return { ...move, canister: codeWith(read, move.canister) };
  if (move.kind !== "query" && (move.kind !== "ingress" || move.canister === managementCanister)) return move;
  return draw.chance(2, 3) ? { ...move, sender: draw.of(users) } : move;
};

/** The same code, all scripts of which read something else. */
export const codeWith = <T extends CodeGenesis>(read: Read, code: T): T => {
  const { inspect, onHeartbeat, lowMemory, onInit, onPreUpgrade, onPostUpgrade } = code;
  return {
    ...code,
    methods: code.methods.map((method) => ({ ...method, body: scriptIn(read, kinds[method.mode ?? "update"], method.body) })),
    onTimer: scriptIn(read, "task", code.onTimer),
    ...(onHeartbeat && { onHeartbeat: scriptIn(read, "task", onHeartbeat) }),
    ...(lowMemory && { lowMemory: { ...lowMemory, hook: scriptIn(read, "task", lowMemory.hook) } }),
    ...(inspect && { inspect: scriptIn(read, "inspection", inspect) }),
    ...(onInit && { onInit: scriptIn(read, "installation", onInit) }),
    ...(onPreUpgrade && { onPreUpgrade: scriptIn(read, "farewell", onPreUpgrade) }),
    ...(onPostUpgrade && { onPostUpgrade: scriptIn(read, "installation", onPostUpgrade) }),
  };
};

/** A query may be asked in a round, too, where it reads a little more. */
const kinds: Readonly<Record<NonNullable<Method["mode"]>, Kind>> = { update: "update", query: "question", composite: "composite" };

const scriptIn = (read: Read, kind: Kind, script: Script): Script => script.map((instruction) => instructionIn(read, kind, instruction));

const instructionIn = (read: Read, kind: Kind, instruction: Instruction): Instruction => {
  const valueIn = (value: Value): Value => read(kind, value);
  switch (instruction.op) {
    case "write":
      return { ...instruction, value: valueIn(instruction.value) };
    case "reply":
      return { ...instruction, payload: valueIn(instruction.payload) };
    case "certify":
      return { ...instruction, data: valueIn(instruction.data) };
    case "when-odd": {
      const { value, then, otherwise } = instruction;
      return { ...instruction, value: valueIn(value), then: scriptIn(read, kind, then), otherwise: scriptIn(read, kind, otherwise) };
    }
    case "call": {
      const { payload, onReply, onReject, onCleanup, onRefused } = instruction;
      const isQuery = abilities[kind].calls === "queries";
      return {
        ...instruction,
        payload: valueIn(payload),
        onReply: scriptIn(read, isQuery ? "follow-up" : "callback", onReply),
        onReject: scriptIn(read, isQuery ? "follow-up" : "callback", onReject),
        onCleanup: scriptIn(read, isQuery ? "afterthought" : "cleanup", onCleanup),
        onRefused: scriptIn(read, kind, onRefused),
      };
    }
    case "consume":
    case "stable-grow":
    case "accept":
    case "accept-message":
    case "reject":
    case "trap":
    case "burn":
    case "set-timer":
      return instruction;
    default: {
      const never: never = instruction;
      throw new Error(`an instruction of no kind: ${JSON.stringify(never)}`);
    }
  }
};

/** The messages and bytes of a script are mostly what it is about. */
const valueFor = (draw: Draw, kind: Kind, value: Value): Value => {
  const cut = draw.below(48);
  const stray = draw.of(guarded);
  const other = draw.of(everywhere);
  if (cut < (rare.has(kind) ? 8 : 2)) return stray;
  if (!isThere(kind, value)) return cut < 4 ? value : other;
  const isVital = value.kind === "message" || value.kind === "bytes";
  if (cut >= (isVital ? 5 : 16)) return value;
  return !isVital && cut < 7 && isThere(kind, stray) ? stray : other;
};

/** What seldom runs, and whose end hardly anything waits for. */
const rare: ReadonlySet<Kind> = new Set<Kind>(["cleanup", "afterthought", "farewell"]);

/** A certificate is strewn apart from the others. */
const guarded: readonly Value[] = guardedValues.filter((kind) => kind !== "certificate").map((kind) => ({ kind }));

const isThere = (kind: Kind, value: Value): boolean => abilities[kind].reads[value.kind as GuardedValue] ?? true;

/** Values that are there everywhere. */
const everywhere: readonly Value[] = [
  { kind: "self" },
  { kind: "caller" },
  { kind: "caller" },
  { kind: "caller" },
  { kind: "status" },
  { kind: "status" },
  ...["a", "a", "b", "@ann", "nobody"].map((one): Value => ({ kind: "controller", principal: principal(one) })),
  { kind: "time" },
  { kind: "balance" },
  { kind: "version" },
  { kind: "instructions" },
];
