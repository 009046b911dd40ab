/**
 * Certified data: a canister sets them, and nobody else; they last until it sets others, or loses its code. So what an execution
 * leaves of them is foretold by its script, and is told when it is something else than before.
 */
import { mostCertified, type CanisterId, type Event } from "../../spec/index.ts";
import { certifyingWorlds } from "../arbitraries/certifying.ts";
import { orKept } from "../arbitraries/coded.ts";
import { alone } from "../case.ts";
import { reachable } from "../reading.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { World } from "../tracking/world.ts";

export const certifiedDataFollowTheScript = watchedLaw({
  id: "certified-data-follow-the-script",
  statement:
    "The certified data of a canister are what it certified last in an update, a callback or a task that did not trap, at most 32 bytes, through restarts and traps, until its code is taken away, or those of a snapshot that is brought back; and they are told, right after an execution, exactly when they are others than before it.",
  source: "docs/machine.md sections 2, 3, 5 and 14; facts/messages.md MSG-ST15, MSG-10.4.13, MSG-10.1.26, H10",
  cites: ["data-certify", "system-call", "execution-rollback", "execution-finish", "restart", "snapshot-load"],
  otherwise: "no canister certified anything",
  cases: (vocabulary) => orKept(certifyingWorlds(vocabulary, { certified: true }), vocabulary).map(alone),
  watch: () => {
    let certified = false;
    let due: Due | null = null;
    return {
      onEvent: (event, world) => {
        if (event.kind === "execution-finished") return undefined;
        const awaited = due;
        due = leavesData(event) ? dueAfter(event, world) : null;
        certified ||= event.kind === "data-certified" || tried(event, world);
        return event.kind === "data-certified" ? mistold(event, awaited, world) : untold(awaited, world);
      },
      onStep: (_, world) => {
        const awaited = due;
        due = null;
        return untold(awaited, world);
      },
      interested: () => certified,
    };
  },
});

/** What an execution leaves certified; `null` when an onlooker cannot know. */
interface Due {
  readonly canister: CanisterId;
  readonly data: string | null;
}

type Leaving = Extract<Event, { readonly kind: "executed" | "installation-ran" | "snapshot-loaded" }>;

const leavesData = (event: Event): event is Leaving =>
  event.kind === "executed" || event.kind === "installation-ran" || event.kind === "snapshot-loaded";

const dueAfter = (event: Leaving, { foreseen, installing, canisters }: World): Due => {
  const from = event.kind === "snapshot-loaded" ? canisters.get(event.source)?.snapshots.get(event.snapshot) : undefined;
  return { canister: event.canister, data: (from ?? foreseen ?? installing)?.certifiedData ?? null };
};

/** Whether an execution has something to certify, whatever becomes of it. */
const tried = (event: Event, { foreseen }: World): boolean =>
  event.kind === "executed" && foreseen !== null && reachable(foreseen.script).some(({ op }) => op === "certify");

const mistold = (event: Extract<Event, { readonly kind: "data-certified" }>, awaited: Due | null, { canisters }: World): Complaint => {
  const { canister, data } = event;
  const what = `${canister} was told to certify "${data}"`;
  if (awaited?.canister !== canister) return `${what}, and had not just been executed`;
  if (data.length / 2 > mostCertified) return `${what}, which is too long`;
  if (data === canisters.get(canister)?.certifiedData) return `${what}, which it did before`;
  return awaited.data === null || awaited.data === data ? undefined : `${what}, but what its script leaves is "${awaited.data}"`;
};

const untold = (awaited: Due | null, { canisters }: World): Complaint => {
  if (awaited === null || awaited.data === null) return undefined;
  const before = canisters.get(awaited.canister)?.certifiedData;
  return awaited.data === before
    ? undefined
    : `the script of ${awaited.canister} leaves "${awaited.data}" certified, in place of "${before}", and nothing was told of it`;
};
