/**
 * The state root. All that the certified tree holds is told by events, too; so an onlooker can make the tree, and finds what a
 * machine keeps or forgets without telling.
 */
import * as fc from "fast-check";
import { mixedWorlds } from "../arbitraries/busy.ts";
import { certifyingWorlds } from "../arbitraries/certifying.ts";
import { chargedWorlds } from "../arbitraries/charged.ts";
import { forgetfulWorlds, uninstallingWorlds } from "../arbitraries/focuses.ts";
import { orScheduled } from "../arbitraries/scheduled.ts";
import { alone } from "../case.ts";
import { contentOf, digestOf, treeGrower } from "../certified/tree.ts";
import { watchedLaw } from "../tracking/watch.ts";

export const rootsAreOfTheTree = watchedLaw({
  id: "roots-are-of-the-tree",
  statement:
    "The state root is the digest of the tree of the time, of the certified data, controllers, pages and timers of all canisters, and of what became of the messages of users, as the events tell them; so it changes with them, and with nothing else.",
  source: "docs/machine.md section 7; facts/messages.md MSG-P1, MSG-P14, MSG-ST15, A9, X27; interface specification, the system state tree",
  cites: [
    "state-certify",
    "data-certify",
    "round-begin",
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
    "canister-make",
    "canister-delete",
    "settings-update",
    "ingress-forget",
    "ingress-prune",
    "ingress-expire",
  ],
  otherwise: "the machine computes no state root",
  cases: (vocabulary) =>
    orScheduled(
      fc.oneof(
        { arbitrary: certifyingWorlds(vocabulary), weight: 3 },
        { arbitrary: mixedWorlds(vocabulary, { always: ["write"] }), weight: 1 },
        { arbitrary: forgetfulWorlds(vocabulary), weight: 1 },
        { arbitrary: uninstallingWorlds(vocabulary), weight: 1 },
        { arbitrary: chargedWorlds(vocabulary), weight: 1 },
      ),
      vocabulary,
      { members: true },
    ).map(alone),
  watch: () => {
    const grow = treeGrower();
    let compared = false;
    return {
      onStep: ({ input, observation: { stateRoot } }, world) => {
        if (stateRoot === null) return undefined;
        compared = true;
        const expected = digestOf(grow(contentOf(world)));
        if (stateRoot === expected) return undefined;
        return `after ${input.kind}, the state root is ${stateRoot}, but that of the state that the events tell is ${expected}`;
      },
      interested: () => compared,
    };
  },
});
