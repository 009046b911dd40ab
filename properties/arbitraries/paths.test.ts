/** Every path is taken in one world of six at least (one in eight where it is seldom), in the pool that is drawn for it. */
import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { impl } from "../../impl/index.ts";
import { drive, type Scenario, type Trace } from "../../spec/index.ts";
import { everything, type Vocabulary } from "../vocabulary.ts";
import { allotmentPaths, scarceAllotmentPaths } from "./allotment-paths.ts";
import { chunkPaths, codedPaths, scarceChunkPaths, scarceSnapshotPaths, snapshotPaths, storedCodePaths } from "./coded-paths.ts";
import { codedWorlds } from "./coded.ts";
import { bitcoinPaths, rareBitcoinPaths } from "./bitcoin-paths.ts";
import { bitcoinWorlds } from "./bitcoin.ts";
import { certifyingPaths, handoutPaths } from "./certifying-paths.ts";
import { certifyingWorlds } from "./certifying.ts";
import { chargedWorlds } from "./charged.ts";
import { abortingWorlds, heapWorlds, memberWorlds } from "./scheduled.ts";
import { slowConsumerWorlds } from "./slow.ts";
import {
  crampedWorlds,
  forgetfulWorlds,
  inspectingWorlds,
  lateWorlds,
  sheddingWorlds,
  taskedWorlds,
  uninstallingWorlds,
} from "./focuses.ts";
import { impatientWorlds } from "./impatient.ts";
import { managedWorlds } from "./managed.ts";
import { managedPaths } from "./managed-paths.ts";
import { outcallPaths, rareOutcallPaths } from "./outcall-paths.ts";
import { outcallWorlds } from "./outcalls.ts";
import { paths, pathsOf, type Path } from "./paths.ts";
import { provisionPaths, scarceProvisionPaths } from "./provision-paths.ts";
import { strangeWorlds } from "./strange.ts";
import { queryWorlds } from "./queries.ts";
import { queryPaths, statusPaths } from "./query-paths.ts";
import { exchangedPaths, stretchedPaths } from "./stretched-paths.ts";
import { stretchedWorlds } from "./stretched.ts";
import { storedWorlds, thriftyWorlds } from "./thrifty.ts";
import { tokenPaths } from "./token-paths.ts";
import { tokenWorlds } from "./tokens.ts";
import { usersPaths } from "./users-paths.ts";
import { usersWorlds } from "./users.ts";

type Worlds = (vocabulary: Vocabulary) => fc.Arbitrary<Scenario>;

const drawnFrom = (worlds: Worlds, numRuns: number): readonly Scenario[] => fc.sample(worlds(everything), { seed: 5, numRuns });

/** In how many of a hundred worlds a path is taken. */
const shareOf = (path: Path, taken: readonly ReadonlySet<Path>[]): number =>
  (100 * taken.filter((there) => there.has(path)).length) / taken.length;

const pools: readonly (readonly [name: string, worlds: Worlds, taken: readonly Path[]])[] = [
  [
    "calls that cannot be sent",
    crampedWorlds,
    ["a call is not sent for want of memory", "a call is not sent for want of a callback", "a request of a stream finds no memory"],
  ],
  [
    "calls that were given up",
    impatientWorlds,
    [
      "a call is not sent for want of a slot",
      "a request of a stream finds no slot",
      "a request waits for room at its callee",
      "a best-effort call is answered by its deadline",
      "a response comes when nobody waits for it",
      "a message goes through the loopback stream",
    ],
  ],
  [
    "messages that come too late",
    lateWorlds,
    [
      "a stream is full",
      "a request comes back because it did not leave in time",
      "a request is dropped because it came too late",
      "a response is dropped because it came too late",
      "dropped cycles are returned",
      "dropped cycles are streamed",
    ],
  ],
  [
    "messages without memory",
    sheddingWorlds,
    [
      "a request is shed where it was sent",
      "a request is shed where it arrived",
      "a response is shed where it was sent",
      "a response is shed where it arrived",
      "dropped cycles are lost",
    ],
  ],
  [
    "a history that forgets",
    forgetfulWorlds,
    [
      "an ingress message has expired when it comes",
      "an ingress message expires too late",
      "an ingress message expires before a block has it",
      "an ingress message expires in the queue of its canister",
      "the ingress history is full",
      "an answer is forgotten",
      "an ingress message is pruned",
      "the id of a pruned message comes again",
    ],
  ],
  [
    "inspections",
    inspectingWorlds,
    ["an inspection lets a message in", "an inspection lets a message stand outside", "an inspection traps"],
  ],
  [
    "tasks",
    taskedWorlds,
    [
      "the turn is that of the timer",
      "the turn is that of the heartbeat",
      "the turn is that of the messages",
      "tasks are dropped",
      "a hook becomes ready",
      "a hook runs",
      "an update grows beyond the limit of its canister",
    ],
  ],
  [
    "uninstallations",
    uninstallingWorlds,
    ["an open call is withdrawn", "a call context is deleted", "a response is discarded", "a message finds no code"],
  ],
  [
    "strangers",
    strangeWorlds,
    [
      "a request of a stream finds no callee",
      "a slice comes of no known subnet",
      "a slice leaves something out",
      "a slice has seen what was never sent",
      "a message of a stream is ignored",
      "a message of a stream is repeated",
      "a refund arrives",
    ],
  ],
  ["long messages", abortingWorlds, ["an execution is paused", "an execution is aborted", "an aborted execution begins afresh"]],
  ["much that is written", (vocabulary) => heapWorlds(vocabulary, true), ["a canister is suspended", "a round is skipped"]],
  ["canisters that come and go", memberWorlds, ["a canister comes", "a canister goes", "a response is orphaned"]],
  [
    "rents",
    chargedWorlds,
    [
      "canisters pay for their memory",
      "canisters pay for their allocation",
      "a canister runs dry",
      "an open call of a canister that ran dry is withdrawn",
    ],
  ],
  [
    "memory that is scarce",
    storedWorlds,
    ["cycles are set aside for memory", "growth is refused for want of cycles", "growth needs more than may be set aside"],
  ],
  [
    "messages that are billed",
    (vocabulary) => thriftyWorlds(vocabulary, { billed: true, charged: true }),
    ["a call is not sent for want of cycles for its place", "canisters pay for their messages", "a creation is not paid"],
  ],
  [
    "executions that begin again at other prices",
    (vocabulary) => thriftyWorlds(vocabulary, { repriced: true, priced: true, long: true, meanwhile: "executions" }),
    ["prices change", "a prepayment is adjusted", "an execution that begins again is given up"],
  ],
  [
    "responses that come at other prices",
    (vocabulary) => thriftyWorlds(vocabulary, { repriced: true, priced: true, meanwhile: "calls" }),
    ["a response is refused"],
  ],
  [
    "fees that wait",
    (vocabulary) => thriftyWorlds(vocabulary, { priced: true, long: true, meanwhile: "fees" }),
    ["an execution cannot pay what came while it was paused"],
  ],
  ["tokens", tokenWorlds, tokenPaths],
  ["queries", queryWorlds, queryPaths],
  ["queries about statuses", (vocabulary) => queryWorlds(vocabulary, { informed: true }), statusPaths],
  ["canisters that decide about each other", managedWorlds, managedPaths],
  ["code that comes and goes", codedWorlds, codedPaths],
  ["code that grows where memory is scarce", (vocabulary) => codedWorlds(vocabulary, { stored: true }), storedCodePaths.slice(0, 3)],
  ["code of who cannot pay", (vocabulary) => codedWorlds(vocabulary, { charged: true }), storedCodePaths.slice(3)],
  ["snapshots that come and go", (vocabulary) => codedWorlds(vocabulary, { kept: true }), snapshotPaths],
  [
    "snapshots of much that changed",
    (vocabulary) => codedWorlds(vocabulary, { kept: true, damped: true }),
    scarceSnapshotPaths.slice(0, 1),
  ],
  ["snapshots of who cannot pay", (vocabulary) => codedWorlds(vocabulary, { kept: true, poor: true }), scarceSnapshotPaths.slice(1, 3)],
  [
    "snapshots where memory is scarce",
    (vocabulary) => codedWorlds(vocabulary, { kept: true, stored: true }),
    scarceSnapshotPaths.slice(3, 5),
  ],
  ["snapshots of who runs dry", (vocabulary) => codedWorlds(vocabulary, { kept: true, charged: true }), scarceSnapshotPaths.slice(5)],
  ["chunks that come and go", (vocabulary) => codedWorlds(vocabulary, { chunked: true }), chunkPaths],
  ["chunks of much that changed", (vocabulary) => codedWorlds(vocabulary, { chunked: true, damped: true }), scarceChunkPaths.slice(0, 1)],
  ["chunks of who cannot pay", (vocabulary) => codedWorlds(vocabulary, { chunked: true, poor: true }), scarceChunkPaths.slice(1, 2)],
  ["chunks where memory is scarce", (vocabulary) => codedWorlds(vocabulary, { chunked: true, stored: true }), scarceChunkPaths.slice(2, 4)],
  ["chunks of who runs dry", (vocabulary) => codedWorlds(vocabulary, { chunked: true, charged: true }), scarceChunkPaths.slice(4)],
  ["memory that is allocated", (vocabulary) => codedWorlds(vocabulary, { allotted: true }), allotmentPaths],
  [
    "memory that is allocated where it is scarce",
    (vocabulary) => codedWorlds(vocabulary, { allotted: true, stored: true }),
    scarceAllotmentPaths.slice(0, 4),
  ],
  ["memory of who runs dry", (vocabulary) => codedWorlds(vocabulary, { allotted: true, charged: true }), scarceAllotmentPaths.slice(4)],
  ["cycles from nothing", (vocabulary) => codedWorlds(vocabulary, { provided: true }), provisionPaths],
  [
    "cycles from nothing where memory is scarce",
    (vocabulary) => codedWorlds(vocabulary, { provided: true, allotted: true, stored: true }),
    scarceProvisionPaths,
  ],
  ["certified state", (vocabulary) => certifyingWorlds(vocabulary, { signed: true }), certifyingPaths],
  ["certificates that queries hand out", (vocabulary) => certifyingWorlds(vocabulary, { handed: true }), handoutPaths],
  ["what consensus answers", outcallWorlds, outcallPaths],
  [
    "what consensus answers when nobody is left",
    (vocabulary) => outcallWorlds(vocabulary, { deserted: true }),
    rareOutcallPaths.slice(0, 1),
  ],
  [
    "what consensus answers in rounds that are skipped",
    (vocabulary) => outcallWorlds(vocabulary, { gated: true }),
    rareOutcallPaths.slice(1),
  ],
  ["what is asked of Bitcoin", bitcoinWorlds, bitcoinPaths],
  ["users who ask the management canister", usersWorlds, usersPaths],
  ["stable memory that has little room", stretchedWorlds, stretchedPaths],
  ["stable memory of code that comes and goes", (vocabulary) => codedWorlds(vocabulary, { kept: true }), exchangedPaths],
  ["a Bitcoin canister that asks", (vocabulary) => bitcoinWorlds(vocabulary, { place: "caller" }), rareBitcoinPaths.slice(0, 1)],
  ["a Bitcoin canister that is nowhere", (vocabulary) => bitcoinWorlds(vocabulary, { place: "nowhere" }), rareBitcoinPaths.slice(1, 2)],
  ["no Bitcoin canister", (vocabulary) => bitcoinWorlds(vocabulary, { place: "unnamed" }), rareBitcoinPaths.slice(2, 3)],
  ["a Bitcoin canister that never answers", (vocabulary) => bitcoinWorlds(vocabulary, { place: "silent" }), rareBitcoinPaths.slice(3)],
  ["a slow consumer", slowConsumerWorlds, ["a call to another subnet is completed", "a stream is full"]],
];

/** What comes about in one world of eight. */
const seldom: ReadonlySet<Path> = new Set<Path>([
  "an installation leaves no stable memory",
  "a response is dropped because it came too late",
  "a query learns that somebody does not run",
]);

describe.each(pools)("worlds of %s", (_, worlds, taken) => {
  let there: readonly ReturnType<typeof pathsOf>[] = [];
  beforeAll(() => {
    there = drawnFrom(worlds, 200).map((world) => pathsOf(drive(impl, world) as Trace));
  }, 180_000);
  test.each(taken)("reach often that %s", (path) => expect(shareOf(path, there)).toBeGreaterThanOrEqual(100 / (seldom.has(path) ? 8 : 6)));
});

test("every path is reached by a pool", () => {
  const covered = new Set(pools.flatMap(([, , taken]) => taken));
  expect(paths.filter((path) => !covered.has(path))).toEqual([]);
});
