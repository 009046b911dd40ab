/**
 * What an installation must do, told before it is told: the hooks of the old code and of the new one are scripts like any other,
 * and all that they see is known. Written from `docs/machine.md` section 17.5 alone.
 */
import type {
  Asked,
  CanisterGenesis,
  CanisterId,
  CodeGenesis,
  ErrorCode,
  InstallMode,
  Module,
  Parameters,
  Principal,
  Script,
} from "../../spec/index.ts";
import { installPrepayment, settled } from "../money.ts";
import { enact, heldBy, type Changing, type Enacted, type Seen } from "./enactment.ts";
import { atRest } from "./foresight.ts";
import { memorySeen, messageMemory, thresholdOf } from "./holdings.ts";
import type { TrackedCanister, World } from "./world.ts";

export type AskedInstallation = Extract<Asked, { readonly method: "install_code" }>;

export interface ForeseenInstallation {
  readonly heap: AskedInstallation["heap"];
  /** What runs of the old code, and then of the new. */
  readonly old: Script;
  readonly new: Script;
  readonly canister: CanisterId;
  readonly mode: InstallMode;
  readonly module: string;
  readonly trap: ErrorCode | null;
  readonly instructions: number;
  readonly prepaid: bigint;
  readonly charged: bigint;
  readonly burned: bigint;
  readonly reserved: bigint;
  readonly wrote: readonly (readonly [page: number, content: string])[];
  /** All that there are afterwards. */
  readonly pages: ReadonlyMap<number, string>;
  readonly stablePages: number;
  readonly timer: bigint | null;
  readonly certifiedData: string;
  readonly balance: bigint;
}

export const moduleNamed = ({ genesis }: Pick<World, "genesis">, name: string): Module | undefined =>
  genesis.modules?.find((module) => module.name === name);

/** Why an installation does not begin; `null` when it does. */
export const refusalOfInstallation = (world: World, canister: TrackedCanister, asked: AskedInstallation): ErrorCode | null => {
  const { parameters } = world;
  const module = moduleNamed(world, asked.module);
  const { installed, genesis, installDebit, balance } = canister;
  if (module === undefined) return "IC0505";
  if (asked.mode === "install" && installed) return "IC0514";
  if (asked.mode === "upgrade" && !installed) return "IC0537";
  if (asked.mode === "upgrade" && genesis.persistentHeap === true && asked.heap === null) return "IC0504";
  if (asked.heap === "keep" && module.persistentHeap !== true) return "IC0504";
  if (installDebit > 0) return "IC0209";
  return balance < thresholdOf(world, canister) + installPrepayment(parameters) ? "IC0207" : null;
};

/** What comes of an installation that somebody asked for, and that begins. @throws Error when there is no such module */
export const foreseeInstallation = (
  world: World,
  canister: TrackedCanister,
  asked: AskedInstallation,
  caller: Principal,
): ForeseenInstallation => {
  const { parameters } = world;
  const prepaid = installPrepayment(parameters);
  const seen: Omit<Seen, "mode"> = { ...atRest(world, canister), caller };
  const before: Changing = {
    balance: canister.balance - prepaid,
    available: 0n,
    pages: canister.pages,
    stablePages: canister.stablePages,
    timer: canister.timer,
    certifiedData: canister.certifiedData,
    reserved: canister.reserved,
    messages: messageMemory(canister, parameters),
    used: memorySeen(world),
    share: 0,
    callbacks: 0,
  };
  const hooks = hooksOf(world, canister, asked);
  const ran = run(parameters, asked, hooks, seen, before);
  const { instructions } = ran;
  const charged = settled(parameters, prepaid, instructions, parameters.installInstructionLimit);
  const { trap } = ran;
  const after = trap === null ? ran : { ...before, burned: 0n };
  return {
    canister: canister.id,
    mode: asked.mode,
    heap: asked.heap,
    old: hooks.old,
    new: hooks.new,
    module: asked.module,
    trap,
    instructions,
    prepaid,
    charged,
    burned: after.burned,
    reserved: after.reserved - before.reserved,
    wrote: [...after.pages].filter(([page, content]) => canister.pages.get(page) !== content).sort(([left], [right]) => left - right),
    pages: after.pages,
    stablePages: after.stablePages,
    timer: after.timer,
    certifiedData: after.certifiedData,
    balance: after.balance + prepaid - charged,
  };
};

type Ran = Changing & Pick<Enacted, "trap" | "instructions" | "burned">;

type Hooks = Pick<ForeseenInstallation, "old" | "new">;

const hooksOf = (world: World, { genesis }: TrackedCanister, { mode, module: name, skipsPreUpgrade }: AskedInstallation): Hooks => {
  const module = moduleNamed(world, name);
  if (module === undefined) throw new Error(`there is no module ${name}`);
  if (mode !== "upgrade") return { old: [], new: module.onInit ?? [] };
  return { old: skipsPreUpgrade ? [] : (genesis.onPreUpgrade ?? []), new: module.onPostUpgrade ?? [] };
};

/** The old code, what is put in its place, the new code, and whether it can be paid for. */
const run = (parameters: Parameters, asked: AskedInstallation, hooks: Hooks, seen: Omit<Seen, "mode">, before: Changing): Ran => {
  const limit = parameters.installInstructionLimit;
  const first = enacted(hooks.old, { ...seen, mode: "departure" }, before, limit);
  if (first.trap !== null) return first;
  const replaced: Changing = {
    ...first,
    pages: new Map([...first.pages].filter(([page]) => isKept(parameters, asked, page))),
    stablePages: asked.mode === "upgrade" ? first.stablePages : 0,
    timer: null,
    certifiedData: asked.mode === "upgrade" ? first.certifiedData : "",
  };
  const arriving: Seen = { ...seen, mode: "arrival", version: seen.version + 1, usedBefore: first.instructions };
  const second = enacted(hooks.new, arriving, replaced, limit - first.instructions);
  const both = { ...second, instructions: first.instructions + second.instructions, burned: first.burned + second.burned };
  return second.trap === null && both.balance < seen.threshold(heldBy(parameters, both)) ? { ...both, trap: "IC0207" } : both;
};

const enacted = (script: Script, seen: Seen, before: Changing, limit: number): Enacted => {
  const ended = enact(script, seen, before, limit);
  if (ended === null) throw new Error("an installation sees nothing that an onlooker does not know");
  return ended;
};

/** Whether a page is still there when the code was exchanged. */
export const isKept = ({ heapPages }: Parameters, { mode, heap }: Pick<AskedInstallation, "mode" | "heap">, page: number): boolean =>
  mode === "upgrade" && (page >= heapPages || heap === "keep");

/** A canister with other code: its settings stay. */
export const withCode = (
  { id, computeAllocation, freezingThreshold, balance, controllers, reservedLimit }: CanisterGenesis,
  { methods, onTimer, onHeartbeat, inspect, lowMemory, onInit, onPreUpgrade, onPostUpgrade, persistentHeap }: CodeGenesis,
): CanisterGenesis => ({
  id,
  computeAllocation,
  freezingThreshold,
  balance,
  ...(controllers && { controllers }),
  ...(reservedLimit !== undefined && { reservedLimit }),
  methods,
  onTimer,
  ...(onHeartbeat && { onHeartbeat }),
  ...(inspect && { inspect }),
  ...(lowMemory && { lowMemory }),
  ...(onInit && { onInit }),
  ...(onPreUpgrade && { onPreUpgrade }),
  ...(onPostUpgrade && { onPostUpgrade }),
  ...(persistentHeap !== undefined && { persistentHeap }),
});
