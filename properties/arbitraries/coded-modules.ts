/**
 * Code for worlds in which code comes and goes: methods that tell the version and what pages hold, tasks, and hooks of installations
 * that complete, trap early or late, use up what is left of the limit, grow too much, or try what no hook may.
 */
import {
  cycles,
  hex,
  instructions,
  managementCanister,
  moduleName,
  nanoseconds,
  stableRoomOf,
  type CanisterId,
  type CodeGenesis,
  type Instruction,
  type ManagementMethod,
  type Method,
  type Module,
  type Parameters,
  type Script,
  type Value,
} from "../../spec/index.ts";
import type { Mode } from "../tracking/modes.ts";
import type { Vocabulary } from "../vocabulary.ts";
import type { Dice } from "./dice.ts";
import { growOf } from "./grammar.ts";
import { answer, callTo, message, nothing } from "./plain.ts";
import { readOf, type Reader } from "./reads.ts";
import { within } from "./scripts.ts";

/** What code is drawn into. */
export interface Workshop {
  readonly dice: Dice;
  readonly vocabulary: Vocabulary;
  readonly parameters: Parameters;
  /** Who can be called. */
  readonly ids: readonly CanisterId[];
  /** Whether memory is scarce, so that growth is an event. */
  readonly stored: boolean;
  /** Whether versions are asked for more than anything else. */
  readonly candid: boolean;
  /** Whether snapshots come and go, so that more of what comes back with them is to be noticed. */
  readonly kept: boolean;
  /** Whether canisters look after their chunks themselves. */
  readonly chunked: boolean;
}

/** The modules of a world; `nothing` is none of them. */
export const modulesOf = (shop: Workshop): readonly Module[] => {
  const names = ["m0", "m1", "m2", "m3", "m4"].slice(0, shop.dice.whole(3, 5));
  return names.map((name) => ({ ...codeOf(shop, name), name: moduleName(name) }));
};

/** Some code; what it exports tells it from other code. */
export const codeOf = (shop: Workshop, name: string): CodeGenesis => {
  const { dice, vocabulary, parameters, kept } = shop;
  const { customs, instructions: words } = vocabulary;
  const heap = pageOf(shop, "heap");
  const mark: Script = [{ op: "write", page: heap, value: dice.pick<Value>([{ kind: "time" }, { kind: "version" }]) }];
  const hooked = customs.has("hooks") && dice.chance(kept ? 75 : 45);
  const hooks = hooksOf(shop);
  const most = Math.max(1, Math.min(parameters.heapPages, parameters.maxPages));
  return {
    methods: methodsOf(shop, name),
    onTimer: within(words, dice.chance(60) ? mark : []),
    ...(customs.has("heartbeats") && dice.chance(12) && { onHeartbeat: within(words, mark) }),
    ...(customs.has("inspections") && dice.chance(12) && { inspect: within(words, inspectionOf(dice)) }),
    ...(hooked && {
      lowMemory: {
        limit: most,
        threshold: dice.whole(kept ? Math.max(1, most - 1) : 1, most),
        hook: within(words, [{ op: "write", page: pageOf(shop, "stable"), value: { kind: "time" } }]),
      },
    }),
    ...hooks,
    ...(dice.chance(45) && { persistentHeap: dice.chance(85) }),
  };
};

/** Methods that every code has, and one that only this one has. */
const methodsOf = (shop: Workshop, name: string): readonly Method[] => {
  const { dice, vocabulary, parameters, ids } = shop;
  const { customs, instructions: words, randomness } = vocabulary;
  const [heap, stable] = [pageOf(shop, "heap"), pageOf(shop, "stable")];
  const late: Instruction = randomness
    ? callTo(managementCanister, "raw_rand", { onReply: [answer({ kind: "version" })], onReject: [{ op: "reject" }] })
    : answer();
  const all = Array.from({ length: parameters.maxPages }, (_, page): Instruction => ({ op: "write", page, value: message }));
  const most = parameters.messageInstructionLimit - 8;
  const effort = Math.max(0, dice.whole(Math.min(most, parameters.sliceInstructionLimit), most));
  const methods: readonly Method[] = [
    { name: "version", body: [answer({ kind: "version" })] },
    {
      name: "keep",
      body: [
        ...(dice.chance(75) ? roomFor(shop, stable) : []),
        { op: "write", page: heap, value: message },
        { op: "write", page: stable, value: message },
        answer(),
      ],
    },
    { name: "show-heap", body: [answer({ kind: "page", page: heap })] },
    { name: "show-stable", body: [answer({ kind: "page", page: stable })] },
    { name: "size", body: [answer({ kind: "stable-size" })] },
    { name: "stretch", body: [growOf(dice, shop), answer({ kind: "stable-size" })] },
    { name: "grow", body: [...roomFor(shop, parameters.maxPages - 1), ...all, answer()] },
    {
      name: "toil",
      body: [{ op: "consume", instructions: instructions(effort) }, { op: "write", page: stable, value: message }, answer()],
    },
    { name: "linger", body: [late] },
    { name: "fail", body: [{ op: "write", page: heap, value: message }, growOf(dice, shop), { op: "trap" }] },
    { name: "alarm", body: [{ op: "set-timer", after: nanoseconds(dice.pick([0n, 1n, 1_000_000_000n, 5_000_000_000n])) }, answer()] },
    { name: "certify", body: [{ op: "certify", data: message }, answer()] },
    {
      name: "visit",
      body: [callTo(dice.pick(ids), dice.pick(["keep", "linger", "version"]), { payload: message, onReply: [answer(message)] })],
    },
    { name: "falter", body: [falterOf(shop)] },
    ...(shop.chunked ? (["upload_chunk", "stored_chunks", "clear_chunk_store"] as const).map(forwarded) : []),
    { name: `only-${name}`, body: [answer({ kind: "bytes", bytes: hex("2a") })] },
    ...(customs.has("queries")
      ? ([
          { name: "read", mode: "query", body: [answer({ kind: "page", page: stable })] },
          { name: "ask", mode: "query", body: [answer({ kind: "version" })] },
        ] as const)
      : []),
  ];
  return methods
    .filter(({ name: of }) => of === "version" || dice.chance(90))
    .map((method) => ({ ...method, body: within(words, method.body) }));
};

/** What the management canister is asked for, word for word. */
const forwarded = (name: ManagementMethod): Method => ({
  name,
  body: [callTo(managementCanister, name, { payload: message, onReply: [answer(message)], onReject: [answer(message)] })],
});

/** A call whose reply is trapped over; the cleanup tells which version it saw, and may trap, too. */
const falterOf = (shop: Workshop): Instruction => {
  const { dice, ids } = shop;
  const told: Instruction = { op: "write", page: pageOf(shop, "stable"), value: { kind: "version" } };
  return callTo(dice.pick(ids), "version", {
    onReply: [{ op: "write", page: pageOf(shop, "stable"), value: message }, { op: "trap" }],
    onReject: [answer()],
    onCleanup: dice.chance(60) ? [told] : dice.pick<Script>([[], [told, { op: "trap" }]]),
  });
};

/** A page of the heap, or of stable memory, where there is such a one. */
const pageOf = ({ dice, parameters: { heapPages, maxPages } }: Workshop, part: "heap" | "stable"): number =>
  part === "heap"
    ? dice.whole(0, Math.max(0, Math.min(heapPages, maxPages) - 1))
    : dice.whole(Math.min(heapPages, maxPages - 1), maxPages - 1);

/** As many pages of stable memory as it takes for this one to be inside; where it is, there are more of them, or all. */
const roomFor = ({ parameters: { heapPages } }: Workshop, page: number): Script =>
  Array.from({ length: Math.max(0, page - heapPages + 1) }, (): Instruction => ({ op: "stable-grow", pages: 1 }));

const inspectionOf = (dice: Dice): Script => [
  { op: "when-odd", value: message, then: [{ op: "accept-message" }], otherwise: dice.chance(50) ? [{ op: "accept-message" }] : [] },
];

type Hooks = Pick<CodeGenesis, "onInit" | "onPreUpgrade" | "onPostUpgrade">;

const hooksOf = (shop: Workshop): Hooks => {
  const { dice, vocabulary } = shop;
  const hook = (mode: Mode): Script => within(vocabulary.instructions, hookOf(shop, mode));
  return {
    ...(dice.chance(75) && { onInit: hook("arrival") }),
    ...(dice.chance(70) && { onPreUpgrade: hook("departure") }),
    ...(dice.chance(75) && { onPostUpgrade: hook("arrival") }),
  };
};

/** What one hook does: mostly several things, and mostly to its end. */
const hookOf = (shop: Workshop, mode: Mode): Script => {
  const { dice, parameters } = shop;
  const deeds = dice.times(1, 4, () => deedOf(shop, mode));
  // Code that comes finds no stable memory, unless it is an upgrade.
  const roomy = mode === "arrival" && dice.chance(90);
  return [
    ...(roomy
      ? ([{ op: "stable-grow", pages: dice.chance(75) ? stableRoomOf(parameters) : dice.whole(0, stableRoomOf(parameters)) }] as const)
      : []),
    ...deeds,
    ...dice.weigh<() => Script>([
      [16, () => []],
      [2, () => [{ op: "trap" }]],
      [1, () => [dice.pick(forbidden), deedOf(shop, mode)]],
      // Whoever keeps just enough, and then grows.
      [9, () => [burnAll, ...growthOf(shop)]],
      [6, () => [{ op: "consume", instructions: instructions(shop.parameters.installInstructionLimit) }]],
      [1, () => [{ op: "write", page: shop.parameters.maxPages, value: nothing }]],
    ])(),
  ];
};

const deedOf = (shop: Workshop, mode: Mode): Instruction => {
  const { dice, parameters, stored, ids, vocabulary } = shop;
  const reader: Reader = { mode, canisters: ids, customs: vocabulary.customs };
  const page = pageOf(shop, dice.pick(["heap", "stable"]));
  const other = pageOf(shop, dice.pick(["heap", "stable"]));
  const half = Math.floor(parameters.installInstructionLimit / 2);
  return dice.weigh<() => Instruction>([
    [5, () => ({ op: "write", page, value: { kind: "bytes", bytes: hex("0b") } })],
    // What of the old memory the hook sees, it leaves where it can be seen.
    [4, () => ({ op: "write", page, value: { kind: "page", page: other } })],
    [3, () => ({ op: "write", page, value: readOf(dice, reader, seenByHooks) })],
    [2, () => growOf(dice, shop)],
    [2, () => ({ op: "when-odd", value: { kind: "page", page: other }, then: [{ op: "trap" }], otherwise: [] })],
    [3, () => ({ op: "set-timer", after: dice.chance(15) ? null : nanoseconds(dice.pick([0n, 1n, 1_000_000_000n])) })],
    [5, () => ({ op: "certify", data: { kind: "bytes", bytes: hex(dice.pick(["0c", "0d", ""])) } })],
    [stored ? 1 : 2, () => ({ op: "burn", cycles: cycles(dice.big(0n, 20n)) })],
    [1, () => burnAll],
    [2, () => ({ op: "consume", instructions: instructions(dice.whole(0, 5)) })],
    [2, () => ({ op: "consume", instructions: instructions(dice.chance(25) ? half * 2 : dice.whole(Math.max(0, half - 8), half + 2)) })],
  ])();
};

const seenByHooks = (["version", "balance", "time", "stable-size", "instructions", "message"] as const).map(
  (kind) => [1, (): Value => ({ kind })] as const,
);

/** More than anybody has, and still small enough for the border. */
const burnAll: Instruction = { op: "burn", cycles: cycles(10n ** 28n) };

const growthOf = ({ dice, parameters: { maxPages, heapPages } }: Workshop): Script =>
  dice.times(2, 4, () => {
    const page = dice.whole(0, maxPages - 1);
    return page < heapPages ? { op: "write", page, value: nothing } : { op: "stable-grow", pages: 1 };
  });

/** What no hook may do. */
const forbidden: Script = [
  callTo(managementCanister, "raw_rand"),
  { op: "accept", cycles: cycles(1n) },
  { op: "accept-message" },
  answer(),
  { op: "reject" },
];
