/** Scenes of snapshots: chief keeps what b is, changes it, and brings it back, on b and on d; c has no say. */
import { asciiOf, bytes, canisterId, cycles, instructions, nanoseconds, seconds, type Method, type Parameters } from "../../spec/index.ts";
import { errand, hook, keep, rich, say, staged } from "./scenes-of-code.ts";
import { canister, ingress, network, reply, round } from "./stories.ts";

/** A snapshot costs 30. */
const priced: Partial<Parameters> = { snapshotInstructions: instructions(20), snapshotLimit: 2 };

const ownedByChief = { controllers: [canisterId("chief")] };

/** What d exports, and b does not. */
const idle: Method = { name: "idle", body: [reply("0d")] };

/** B is kept with two pages, gets other code, and is what it was again; so is d; and b once more, when it has no code at all. */
export const memoirs = staged(
  [
    ...say("keep", "01"),
    ...errand("take_canister_snapshot", "b"),
    ...errand("install_code", "b reinstall lasting"),
    ...errand("load_canister_snapshot", "b b 0"),
    ...say("keep", "04"),
    ...say("preserve", "05"),
    ...say("idle", "", "d"),
    { kind: "restart" },
    ...errand("load_canister_snapshot", "d b 0"),
    ...say("version", "", "d"),
    ...say("idle", "", "d"),
    ...errand("take_canister_snapshot", "b 0"),
    ...errand("uninstall_code", "b"),
    ...errand("take_canister_snapshot", "b"),
    ...errand("load_canister_snapshot", "b b 1"),
    ...say("version"),
    ...errand("load_canister_snapshot", "b c 0"),
    ...errand("load_canister_snapshot", "b nobody 0"),
    ...errand("canister_info", "b 1"),
  ],
  priced,
  {},
  [canister("d", {}, { ...rich, ...ownedByChief, methods: [idle] })],
);

/** Snapshots are taken, replaced, deleted, and told of; of two there may be at a time. */
export const archive = staged(
  [
    ...errand("list_canister_snapshots", "b"),
    ...errand("take_canister_snapshot", "b"),
    ...say("keep", "01"),
    ...errand("take_canister_snapshot", "b"),
    ...errand("take_canister_snapshot", "b"),
    ...errand("list_canister_snapshots", "b"),
    ...errand("take_canister_snapshot", "b 0"),
    ...errand("take_canister_snapshot", "b 0"),
    ...errand("list_canister_snapshots", "b"),
    ...errand("delete_canister_snapshot", "b 1"),
    ...errand("delete_canister_snapshot", "b 1"),
    { kind: "restart" },
    ...errand("uninstall_code", "b"),
    ...errand("list_canister_snapshots", "b"),
    ...errand("list_canister_snapshots", "b", "c"),
  ],
  priced,
);

/** Memory is scarce: the first two pages that are kept need 192 to be set aside, what replaces them nothing, and two more 320. */
export const upkeep = staged(
  [
    ...say("keep", "01"),
    ...errand("take_canister_snapshot", "b"),
    ...errand("take_canister_snapshot", "b 0"),
    ...errand("update_settings", "b reserved_cycles_limit=500"),
    ...errand("take_canister_snapshot", "b"),
    ...errand("update_settings", "b reserved_cycles_limit=1000"),
    ...errand("take_canister_snapshot", "b"),
    ...errand("load_canister_snapshot", "b b 1"),
  ],
  {
    ...priced,
    storage: { threshold: bytes(0), capacity: bytes(256), period: seconds(16) },
    fees: { ...network.fees, gibSecond: cycles(2n ** 29n) },
  },
);

/** A round forgives one page: when two are kept, or brought back, nothing more is kept in that round. */
export const rush = staged(
  [
    ...say("keep", "01"),
    round(),
    ...["b", "b"].map((words) => ingress("e", "chief", "take_canister_snapshot", asciiOf(words))),
    round(),
    round(),
    round(),
    round(),
    ...errand("take_canister_snapshot", "b 0"),
    round(),
    round(),
    ...errand("load_canister_snapshot", "b b 1"),
    ...say("keep", "02"),
    round(),
    round(),
  ],
  { ...priced, heapDeltaRateLimit: bytes(32) },
);

/** The hook of b ran, and runs again when b is what it was; and what it keeps meanwhile is forgotten. */
export const reunion = staged(
  [
    ...say("keep", "01"),
    ...errand("take_canister_snapshot", "b"),
    ...say("keep", "02"),
    ...errand("load_canister_snapshot", "b b 0"),
    ...say("show"),
    ...say("keep", "03"),
    round(),
  ],
  priced,
  {
    lowMemory: { ...hook, limit: 4, threshold: 4 },
    methods: [keep("keep"), { name: "show", body: [{ op: "reply", payload: { kind: "page", page: 0 } }] }],
  },
);

/** B keeps a snapshot until it cannot pay for it any more. */
export const forfeiture = staged(
  [
    ...say("keep", "01"),
    ...errand("take_canister_snapshot", "b"),
    ...errand("list_canister_snapshots", "b"),
    round(500_000_000_000n),
    ...errand("list_canister_snapshots", "b"),
    ...errand("load_canister_snapshot", "b b 0"),
  ],
  { ...priced, chargePeriod: nanoseconds(2_000_000_000n), fees: { ...network.fees, gibSecond: cycles(2n ** 25n) } },
  { balance: cycles(600n) },
);
