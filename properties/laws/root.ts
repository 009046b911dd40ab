/**
 * The state root. It is the sum of the digests of one text for each canister and each message of the history, and all
 * that those texts tell is told by events too; so an onlooker can compute it, and finds what a machine keeps or
 * forgets without telling.
 */
import * as fc from "fast-check";
import { ascii, sha256, toHex } from "../hashing.ts";
import { mixedWorlds } from "../arbitraries/busy.ts";
import { chargedWorlds } from "../arbitraries/charged.ts";
import { forgetfulWorlds, uninstallingWorlds } from "../arbitraries/focuses.ts";
import { orScheduled } from "../arbitraries/scheduled.ts";
import { alone } from "../case.ts";
import type { CanisterId, IngressId } from "../../spec/index.ts";
import { watchedLaw } from "../tracking/watch.ts";
import type { TrackedCanister, TrackedIngress, World } from "../tracking/world.ts";

export const stateRootTracksState = watchedLaw({
  id: "state-root-tracks-state",
  statement:
    "The state root is that of the timers, pages and answers that the events tell; so it changes with them, and with nothing else.",
  source: "docs/machine.md section 7; facts/messages.md MSG-P1, MSG-P14",
  cites: [
    "page-write",
    "timer-set",
    "timer-begin",
    "ingress-submit",
    "ingress-induct",
    "ingress-answer",
    "execution-rollback",
    "restart",
    "call-reply",
    "call-reject",
    "canister-uninstall",
    "canister-exhaust",
    "canister-create",
    "canister-delete",
    "ingress-forget",
    "ingress-prune",
    "ingress-expire",
  ],
  otherwise: "the machine computes no state root",
  cases: (vocabulary) =>
    orScheduled(
      fc.oneof(
        mixedWorlds(vocabulary, { always: ["write"] }),
        forgetfulWorlds(vocabulary),
        uninstallingWorlds(vocabulary),
        chargedWorlds(vocabulary),
      ),
      vocabulary,
      { members: true },
    ).map(alone),
  watch: () => {
    const sum = runningSum();
    let compared = false;
    return {
      onStep: ({ input, observation: { stateRoot } }, world) => {
        if (stateRoot === null) return undefined;
        compared = true;
        const expected = sum(world);
        if (stateRoot === expected) return undefined;
        return `after ${input.kind}, the state root is ${stateRoot}, but that of the state that the events tell is ${expected}`;
      },
      interested: () => compared,
    };
  },
});

/** The root of each next state of a world; only texts that changed are digested again. */
const runningSum = (): ((world: World) => string) => {
  const known = new Map<string, { readonly text: string; readonly digest: bigint }>();
  let sum = 0n;
  const note = (key: string, text: string): void => {
    const before = known.get(key);
    if (before?.text === text) return;
    const digest = BigInt(`0x${toHex(sha256(ascii(text)))}`);
    sum += digest - (before?.digest ?? 0n);
    known.set(key, { text, digest });
  };
  const forget = (key: string): void => {
    sum -= known.get(key)?.digest ?? 0n;
    known.delete(key);
  };
  let kept: ReadonlySet<IngressId> = new Set();
  let members = new Set<CanisterId>();
  return ({ canisters, ingress }) => {
    for (const id of kept) if (!ingress.has(id)) forget(`ingress ${id}`);
    for (const id of members) if (!canisters.has(id)) forget(`canister ${id}`);
    kept = new Set(ingress.keys());
    members = new Set(canisters.keys());
    for (const canister of canisters.values()) note(`canister ${canister.id}`, canisterText(canister));
    for (const message of ingress.values()) note(`ingress ${message.id}`, ingressText(message));
    return BigInt.asUintN(256, sum).toString(16).padStart(64, "0");
  };
};

const canisterText = ({ id, timer, pages }: TrackedCanister): string => {
  const written = [...pages].sort(([left], [right]) => left - right).map(([page, content]) => `${page}:${content}`);
  return `canister ${id} ${timer ?? "-"} ${written.join(",")}`;
};

const ingressText = ({ id, status, result }: TrackedIngress): string => {
  if (result === null || status === "done") return `ingress ${id} ${status}`;
  return `ingress ${id} ${result.kind === "reply" ? `reply:${result.payload}` : `reject:${result.error}`}`;
};
