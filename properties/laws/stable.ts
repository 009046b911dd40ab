/**
 * The size of stable memory: it is what was asked for, as far as there is room, and lasts like what is written there; beyond it there is
 * nothing. What an execution makes of it is foretold by its script, and is told when it is another than before.
 */
import * as fc from "fast-check";
import { stableRoomOf, type CanisterId, type Event, type Executed } from "../../spec/index.ts";
import { codedWorlds } from "../arbitraries/coded.ts";
import { stretchedWorlds } from "../arbitraries/stretched.ts";
import { alone } from "../case.ts";
import { reachable, readingOf } from "../reading.ts";
import { isInside } from "../tracking/pages.ts";
import { wide } from "../tracking/reads.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { World } from "../tracking/world.ts";

export const stableMemoryHasASize = watchedLaw({
  id: "stable-memory-has-a-size",
  statement:
    "Stable memory has another size only where an execution that completed, or an installation, grew it, where an installation that is no upgrade left none of it, and where a snapshot is brought back; there is none after an uninstallation, or running dry; that is told, right then, exactly when the size is another than before; it is never beyond the room for it; what is written, there or in the heap, is inside; and whoever reads the size reads that.",
  source: "docs/machine.md sections 1, 3, 5, 14, 16 and 17; facts/messages.md X13, MSG-10.1.15, MSG-10.4.16",
  cites: [
    "stable-grow",
    "page-write",
    "value-read",
    "memory-grow",
    "execution-rollback",
    "execution-finish",
    "query-discard",
    "query-open",
    "query-resume",
    "query-end",
    "code-replace",
    "install-rollback",
    "snapshot-take",
    "snapshot-load",
    "canister-uninstall",
    "canister-exhaust",
    "restart",
  ],
  otherwise: "nobody made stable memory larger, or asked for its size",
  cases: (vocabulary) =>
    fc
      .oneof(
        { arbitrary: stretchedWorlds(vocabulary), weight: 4 },
        { arbitrary: codedWorlds(vocabulary), weight: 2 },
        { arbitrary: codedWorlds(vocabulary, { kept: true }), weight: 2 },
        { arbitrary: codedWorlds(vocabulary, { stored: true }), weight: 1 },
        { arbitrary: codedWorlds(vocabulary, { kept: true, charged: true }), weight: 1 },
      )
      .map(alone),
  watch: () => {
    let sized = false;
    let due: Due | null = null;
    /** What the answer that comes next was to say of the size, and whose it is. */
    let promised: { readonly canister: CanisterId; readonly size: string } | null = null;
    const settle = (world: World): Complaint => {
      const awaited = due;
      due = null;
      return awaited === null ? undefined : (untold(awaited, world) ?? outside(awaited, world));
    };
    return {
      onEvent: (event, world, { input }) => {
        if (event.kind === "execution-finished" || event.kind === "data-certified") return undefined;
        if (event.kind === "stable-resized") {
          sized = true;
          const awaited = due;
          due = awaited === null ? null : { ...awaited, size: null, told: event.stablePages };
          return mistold(event, awaited, world);
        }
        const complaint = settle(world);
        if (complaint !== undefined) return complaint;
        if (leavesSize(event)) due = dueAfter(event, world);
        sized ||= event.kind === "executed" && tried(event, world);
        if (event.kind === "executed") promised = promiseOf(event, world);
        if (event.kind === "query-answered" && input.kind === "query")
          return event.result.kind === "reply" ? misread(event, sizeAsked(event, world), event.result.payload) : undefined;
        if (event.kind !== "answered" || event.result.kind === "reject") return undefined;
        const expected = promised?.canister === event.canister ? promised.size : null;
        promised = null;
        sized ||= expected !== null;
        return misread(event, expected, event.result.payload);
      },
      onStep: (_, world) => settle(world),
      interested: () => sized,
    };
  },
});

/** What an execution, an installation or a snapshot leaves. */
interface Due {
  readonly canister: CanisterId;
  /** The size that is to be told, or to stay; `null` when an onlooker cannot know, or it was told. */
  readonly size: number | null;
  readonly told: number | null;
  /** The last page that was written. */
  readonly page: number;
}

type Leaving = Extract<Event, { readonly kind: "executed" | "installation-ran" | "snapshot-loaded" }>;

const leavesSize = (event: Event): event is Leaving =>
  event.kind === "executed" || event.kind === "installation-ran" || event.kind === "snapshot-loaded";

const dueAfter = (event: Leaving, { foreseen, installing, canisters }: World): Due => {
  const from = event.kind === "snapshot-loaded" ? canisters.get(event.source)?.snapshots.get(event.snapshot) : undefined;
  const failed = event.kind !== "snapshot-loaded" && event.trap !== null && !(event.kind === "executed" && event.cleanup === "completed");
  const left = failed ? canisters.get(event.canister) : (from ?? foreseen ?? installing);
  return {
    canister: event.canister,
    size: left?.stablePages ?? null,
    told: null,
    page: Math.max(-1, ...event.wrote.map(([page]) => page)),
  };
};

/** Whether an execution asks for more, whatever becomes of it. */
const tried = ({ canister }: Executed, { foreseen }: World): boolean =>
  foreseen?.canister.id === canister && reachable(foreseen.script).some(({ op }) => op === "stable-grow");

const mistold = (
  { canister, stablePages }: Extract<Event, { readonly kind: "stable-resized" }>,
  awaited: Due | null,
  { canisters, parameters }: World,
): Complaint => {
  const what = `the stable memory of ${canister} was told to have ${stablePages} pages`;
  if (awaited?.canister !== canister || awaited.told !== null) return `${what}, and nothing had just changed it`;
  if (stablePages > stableRoomOf(parameters)) return `${what}, and there is room for ${stableRoomOf(parameters)}`;
  if (stablePages === canisters.get(canister)?.stablePages) return `${what}, which it had before`;
  return awaited.size === null || awaited.size === stablePages ? undefined : `${what}, and was to have ${awaited.size}`;
};

const untold = ({ canister, size }: Due, { canisters }: World): Complaint => {
  const before = canisters.get(canister)?.stablePages;
  return size === null || size === before
    ? undefined
    : `the stable memory of ${canister} was to have ${size} pages in place of ${before ?? "none"}, and nothing was told of it`;
};

const outside = ({ canister, page }: Due, { canisters, parameters }: World): Complaint => {
  const size = canisters.get(canister)?.stablePages ?? 0;
  return page < 0 || isInside(parameters, size, page)
    ? undefined
    : `${canister} has page ${page}, and ${size} pages of stable memory behind ${parameters.heapPages} of the heap`;
};

/** What an execution that begins with telling the size must say. */
const promiseOf = ({ canister: id, trap }: Executed, { foreseen, canisters }: World): { canister: CanisterId; size: string } | null => {
  const first = trap === null ? foreseen?.script[0] : undefined;
  return first?.op === "reply" && first.payload.kind === "stable-size"
    ? { canister: id, size: wide(BigInt(canisters.get(id)?.stablePages ?? 0), 8) }
    : null;
};

/** The same of a query between two rounds. */
const sizeAsked = ({ canister: id, method }: Extract<Event, { readonly kind: "query-answered" }>, { canisters }: World): string | null => {
  const canister = canisters.get(id);
  const first = canister === undefined ? undefined : readingOf(canister.genesis).methods.get(method)?.[0];
  return canister !== undefined && first?.op === "reply" && first.payload.kind === "stable-size"
    ? wide(BigInt(canister.stablePages), 8)
    : null;
};

const misread = ({ canister }: { readonly canister: CanisterId }, expected: string | null, said: string): Complaint =>
  expected === null || said === expected
    ? undefined
    : `${canister} said "${said}" of the size of its stable memory, which is "${expected}"`;
