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
  const leave = drawFrom(seed ^ 0x1ea7e);
  return withStableMemory(seed, {
    genesis: leaving(leave, genesisWith(draw, genesis)),
    others: others.map((one) => leaving(leave, genesisWith(draw, one))),
    inputs: inputs.map((move) => moveWith(draw, move)),
  });
};

const genesisWith = (draw: Draw, genesis: Genesis): Genesis => ({
  ...genesis,
  canisters: genesis.canisters.map((born) => codeWith(draw, born)),
  ...(genesis.modules && { modules: genesis.modules.map((module) => codeWith(draw, module)) }),
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
const moveWith = (draw: Draw, move: Move): Move => {
  if (move.kind === "create-canister") return { ...move, canister: codeWith(draw, move.canister) };
  if (move.kind !== "query" && (move.kind !== "ingress" || move.canister === managementCanister)) return move;
  return draw.chance(2, 3) ? { ...move, sender: draw.of(users) } : move;
};

const codeWith = <T extends CodeGenesis>(draw: Draw, code: T): T => {
  const { inspect, onHeartbeat, lowMemory, onInit, onPreUpgrade, onPostUpgrade } = code;
  return {
    ...code,
    methods: code.methods.map((method) => ({ ...method, body: scriptIn(draw, kinds[method.mode ?? "update"], method.body) })),
    onTimer: scriptIn(draw, "task", code.onTimer),
    ...(onHeartbeat && { onHeartbeat: scriptIn(draw, "task", onHeartbeat) }),
    ...(lowMemory && { lowMemory: { ...lowMemory, hook: scriptIn(draw, "task", lowMemory.hook) } }),
    ...(inspect && { inspect: scriptIn(draw, "inspection", inspect) }),
    ...(onInit && { onInit: scriptIn(draw, "installation", onInit) }),
    ...(onPreUpgrade && { onPreUpgrade: scriptIn(draw, "farewell", onPreUpgrade) }),
    ...(onPostUpgrade && { onPostUpgrade: scriptIn(draw, "installation", onPostUpgrade) }),
  };
};

/** A query may be asked in a round, too, where it reads a little more. */
const kinds: Readonly<Record<NonNullable<Method["mode"]>, Kind>> = { update: "update", query: "question", composite: "composite" };

const scriptIn = (draw: Draw, kind: Kind, script: Script): Script => script.map((instruction) => instructionIn(draw, kind, instruction));

const instructionIn = (draw: Draw, kind: Kind, instruction: Instruction): Instruction => {
  const valueIn = (value: Value): Value => valueFor(draw, kind, value);
  switch (instruction.op) {
    case "write":
      return { ...instruction, value: valueIn(instruction.value) };
    case "reply":
      return { ...instruction, payload: valueIn(instruction.payload) };
    case "certify":
      return { ...instruction, data: valueIn(instruction.data) };
    case "when-odd": {
      const { value, then, otherwise } = instruction;
      return { ...instruction, value: valueIn(value), then: scriptIn(draw, kind, then), otherwise: scriptIn(draw, kind, otherwise) };
    }
    case "call": {
      const { payload, onReply, onReject, onCleanup, onRefused } = instruction;
      const isQuery = abilities[kind].calls === "queries";
      return {
        ...instruction,
        payload: valueIn(payload),
        onReply: scriptIn(draw, isQuery ? "follow-up" : "callback", onReply),
        onReject: scriptIn(draw, isQuery ? "follow-up" : "callback", onReject),
        onCleanup: scriptIn(draw, isQuery ? "afterthought" : "cleanup", onCleanup),
        onRefused: scriptIn(draw, kind, onRefused),
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
