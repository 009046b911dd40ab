/** Scenes of stable memory that grows: to the end of its room and of the subnet, kept and taken back, exchanged, brought back and lost. */
import {
  bytes,
  canisterId,
  cycles,
  hex,
  instructions,
  nanoseconds,
  seconds,
  type Instruction,
  type Method,
  type Move,
  type Parameters,
  type Scenario,
  type Script,
  type Value,
} from "../../spec/index.ts";
import { errand, rich, say, staged } from "./scenes-of-code.ts";
import { callTo, canister, ingress, network, reply, round, world } from "./stories.ts";

const grow = (pages: number): Instruction => ({ op: "stable-grow", pages });
const write = (page: number): Instruction => ({ op: "write", page, value: { kind: "stable-size" } });
const size: Value = { kind: "stable-size" };
const told: Instruction = { op: "reply", payload: size };
const show = (page: number): Instruction => ({ op: "reply", payload: { kind: "page", page } });

const methods: Readonly<Record<string, Script>> = {
  size: [told],
  stretch: [grow(1), told],
  leap: [grow(2), told],
  rest: [grow(0), told],
  reach: [write(2), told],
  beyond: [write(3), told],
  seen: [show(2)],
  unseen: [show(3)],
  spoil: [grow(1), write(2), { op: "trap" }],
  regret: [callTo({ method: "nowhere", onReject: [grow(1), { op: "trap" }], onCleanup: [grow(1), write(0)] })],
  alarm: [{ op: "set-timer", after: nanoseconds(0n) }, reply()],
};

const queries: readonly Method[] = [
  { name: "ask", mode: "query", body: [told] },
  { name: "dream", mode: "query", body: [grow(1), write(3), told] },
];

const question = (method: string): Move => ({ kind: "query", canister: canisterId("a"), method, payload: hex("") });

/** Page 0 is the heap; of stable memory there can be three pages, and a has one. */
const shape: Partial<Parameters> = { maxPages: 4, heapPages: 1, queueCapacity: 9 };

const asked = (names: readonly string[]): readonly Move[] => names.flatMap((name, at) => [ingress(`${name}${at}`, "a", name), round()]);

const stretching = (stablePages: number, parameters: Partial<Parameters>, inputs: readonly Move[]): Scenario => {
  const a = canister("a", methods, { ...rich, stablePages, onTimer: [grow(1)] });
  return { genesis: world([{ ...a, methods: [...a.methods, ...queries] }], { ...shape, ...parameters }), inputs };
};

/** A is asked for what it has not, and for more and more, until there is no more. */
export const expanse = stretching(1, {}, [
  ...asked(["size", "reach", "rest", "spoil", "size", "stretch", "reach", "seen", "beyond", "unseen", "leap"]),
  question("ask"),
  question("dream"),
  { kind: "restart" },
  ...asked(["alarm", "dream", "size"]),
  question("ask"),
  ...asked(["stretch"]),
  { kind: "uninstall", canister: canisterId("a") },
  round(),
]);

/** The cleanup of a grows it, when what the callback did is taken back. */
export const remorse = stretching(0, {}, [...asked(["regret"]), round(), ...asked(["size"])]);

/** The subnet has room for two pages. */
export const confinement = stretching(0, { storage: { ...network.storage, capacity: bytes(2 * network.pageSize), period: seconds(0) } }, [
  ...asked(["leap", "stretch", "regret"]),
  round(),
  question("dream"),
]);

const kept: readonly Method[] = ["size", "stretch"].map((name) => ({ name, body: methods[name]! }));

/** What becomes of the size when b is exchanged, upgraded, brought back and emptied. */
export const turnover = staged(
  [
    ...say("size"),
    ...errand("take_canister_snapshot", "b"),
    ...errand("install_code", "b reinstall plain"),
    ...errand("install_code", "b upgrade failing"),
    ...errand("install_code", "b reinstall lasting"),
    ...errand("load_canister_snapshot", "b b 0"),
    ...say("size"),
    ...errand("install_code", "b upgrade plain"),
    ...errand("list_canister_snapshots", "b"),
    ...errand("uninstall_code", "b"),
    ...errand("install_code", "b install plain"),
  ],
  { snapshotInstructions: instructions(0) },
  { methods: kept, stablePages: 1 },
);

/** Whoever cannot pay for its stable memory loses it. */
export const squander: Scenario = {
  genesis: world([canister("a", methods, { balance: cycles(1_000n), stablePages: 3 })], {
    ...shape,
    chargePeriod: nanoseconds(1_000_000_000n),
    fees: { ...network.fees, gibSecond: cycles(2n ** 25n) },
  }),
  inputs: [...asked(["size"]), round(10n ** 15n), ...asked(["size"])],
};
