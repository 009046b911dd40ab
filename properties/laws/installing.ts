/**
 * Code that changes. It changes whole or not at all; what it leaves of the old canister is settled by how it came; and whoever
 * installs pays for what ran, whatever became of it. None of these laws leads a hook along: they read which hooks there are.
 */
import * as fc from "fast-check";
import { stableRoomOf, type CanisterId, type Event, type Executed, type Parameters, type Script } from "../../spec/index.ts";
import { codedWorlds } from "../arbitraries/coded.ts";
import { alone } from "../case.ts";
import { executionPrice, installPrepayment, settlementSlack } from "../money.ts";
import { reachable, readingOf } from "../reading.ts";
import { rulingOf, type Ruling } from "../tracking/ingress.ts";
import { isKept, type ForeseenInstallation } from "../tracking/installations.ts";
import { heapOf, pagesInUse } from "../tracking/pages.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { TrackedCanister, World } from "../tracking/world.ts";

type Installation = Extract<Event, { readonly kind: "installation-ran" }>;

export const codeChangesWhole = watchedLaw({
  id: "code-changes-whole",
  statement:
    "An installation that traps, at whatever stage, leaves the canister as it was but for what it is charged: its pages, its timer, its certified data, what it set aside and its code, which goes on; after one that completes, what the new code exports can be called, and nothing else.",
  source: "facts/messages.md MSG-P24, MSG-M24a, F12, F13, F14",
  cites: ["install-rollback", "code-replace", "install-commit", "page-write", "timer-set", "data-certify", "cycles-burn", "restart"],
  needs: ["code"],
  otherwise: "no code was installed",
  cases: (vocabulary) => codedWorlds(vocabulary).map(alone),
  watch: () => {
    const changed = new Set<CanisterId>();
    return {
      onEvent: (event, world) => {
        const { previous } = world;
        if (event.kind === "data-certified" && previous?.kind === "installation-ran" && previous.trap !== null)
          return `an installation on ${event.canister} trapped with ${previous.trap}, and left "${event.data}" certified`;
        if (event.kind === "installation-ran") {
          changed.add(event.canister);
          return event.trap === null ? undefined : leftovers(event, world);
        }
        if ((event.kind === "executed" || event.kind === "not-executed") && changed.has(event.canister)) return misread(event, world);
        return undefined;
      },
      interested: () => changed.size > 0,
    };
  },
});

const leftovers = (
  { canister: id, trap, charged, burned, reserved, wrote, pages, timer, balance }: Installation,
  world: World,
): Complaint => {
  const canister = world.canisters.get(id);
  if (canister === undefined) return `an installation ran on ${id}, which does not exist`;
  const what = `an installation on ${id} trapped with ${trap}, but`;
  if (burned !== 0n) return `${what} burned ${burned} cycles`;
  if (reserved !== 0n) return `${what} set ${reserved} cycles aside`;
  if (wrote.length > 0) return `${what} changed page ${wrote[0]![0]}`;
  const before = pagesInUse(world.parameters, canister);
  if (pages !== before) return `${what} left ${pages} pages of ${before}`;
  if (timer !== canister.timer) return `${what} the timer went from ${canister.timer ?? "none"} to ${timer ?? "none"}`;
  return balance === canister.balance - charged
    ? undefined
    : `${what} of ${canister.balance} cycles, less a charge of ${charged}, it left ${balance}`;
};

/** A call that was executed though its method is no more, or refused though it is there. */
const misread = (event: Executed | Extract<Event, { readonly kind: "not-executed" }>, { canisters }: World): Complaint => {
  const { canister: id, cause } = event;
  const canister = canisters.get(id);
  if (canister === undefined || !canister.installed || cause.kind !== "update") return undefined;
  const exported = readingOf(canister.genesis).methods.has(cause.method);
  if (event.kind === "executed") return exported ? undefined : `${id} ran ${cause.method}, which its code does not export`;
  return exported && event.error === "IC0536" ? `${id} refused ${cause.method}, which its code exports` : undefined;
};

export const installationsLeaveWhatTheyKeep = watchedLaw({
  id: "installations-leave-what-they-keep",
  statement:
    "After an installation that completes there is the stable memory of before where it is an upgrade, the heap where the upgrade keeps it, what the hooks which ran write and let stable memory grow by, and no more; no timer but one that the hook of the new code sets; and no certified data but what hooks certify, and, after an upgrade, what was certified before.",
  source: "facts/messages.md MSG-P24, MSG-P26, F12, F13, F14",
  cites: ["code-replace", "memory-grow", "page-write", "timer-set", "data-certify", "timer-begin", "execution-rollback"],
  needs: ["code"],
  otherwise: "no installation completed",
  cases: (vocabulary) => fc.oneof(codedWorlds(vocabulary), codedWorlds(vocabulary, { hurried: true })).map(alone),
  watch: () => {
    let completed = false;
    /** The certified data that the installation told last leaves, and whose; they are told next where they are others than before. */
    let due: { readonly canister: CanisterId; readonly data: string } | null = null;
    return {
      onEvent: (event, world) => {
        const awaited = due;
        due = null;
        if (awaited !== null) {
          const before = world.canisters.get(awaited.canister)?.certifiedData;
          const told = event.kind === "data-certified" && event.canister === awaited.canister ? event.data : before;
          if (told !== awaited.data)
            return `an installation on ${awaited.canister} leaves "${awaited.data}" certified, and told was "${told ?? "nothing"}"`;
        }
        if (event.kind !== "installation-ran" || event.trap !== null) return undefined;
        const canister = world.canisters.get(event.canister);
        const { installing } = world;
        if (canister === undefined || installing === null)
          return `${event.module} was installed on ${event.canister}, and nobody asked for that`;
        completed = true;
        const certifying = [...reachable(installing.old), ...reachable(installing.new)].some(({ op }) => op === "certify");
        if (!certifying) due = { canister: event.canister, data: event.mode === "upgrade" ? canister.certifiedData : "" };
        return mistaken(event, canister, installing, world);
      },
      interested: () => completed,
    };
  },
});

const mistaken = (event: Installation, canister: TrackedCanister, hooks: ForeseenInstallation, { parameters, time }: World): Complaint => {
  const { canister: id, mode, wrote, timer } = event;
  const { heap } = hooks;
  const named = (script: Script): readonly number[] =>
    reachable(script).flatMap((instruction) => (instruction.op === "write" ? [instruction.page] : []));
  const lasting = (all: Iterable<number>): readonly number[] => [...all].filter((page) => isKept(parameters, { mode, heap }, page));
  const kept = lasting(canister.pages.keys());
  const written = new Set([...lasting(named(hooks.old)), ...named(hooks.new)]);
  const strange = wrote.find(([page]) => !written.has(page));
  if (strange !== undefined) return `an installation on ${id} changed page ${strange[0]}, which no hook of it writes`;
  const heapWith = (pages: Iterable<number>): number =>
    heapOf(parameters, { pages: new Map([...kept, ...pages].map((page) => [page, null])) });
  const stable = mode === "upgrade" ? canister.stablePages : 0;
  const grown = grownBy([...(mode === "upgrade" ? hooks.old : []), ...hooks.new]);
  // A page that was written is inside.
  const reached = Math.max(stable, ...wrote.map(([page]) => page - parameters.heapPages + 1));
  const least = heapWith(wrote.map(([page]) => page)) + reached;
  const most = heapWith(written) + Math.max(reached, Math.min(stable + grown, stableRoomOf(parameters)));
  if (event.pages < least || event.pages > most)
    return `an installation on ${id} leaves ${event.pages} pages, and ${heapWith([]) + stable} outlive it: expected ${least} to ${most}`;
  const set = reachable(hooks.new).some(
    (instruction) => instruction.op === "set-timer" && instruction.after !== null && time + instruction.after === timer,
  );
  return timer === null || set
    ? undefined
    : `an installation on ${id} leaves its timer at ${timer}, and no hook of the new code sets it so`;
};

/** The most pages that a script may let stable memory grow by. */
const grownBy = (script: Script): number =>
  reachable(script).reduce((sum, instruction) => sum + (instruction.op === "stable-grow" ? instruction.pages : 0), 0);

export const installationsArePaidFor = watchedLaw({
  id: "installations-are-paid-for",
  statement:
    "An installation is charged what its instructions cost, or more by what two roundings can lose, of a prepayment for all that it may use, which it never passes; trapped or not. As many instructions as it used stand against the next installation on this canister, which is refused with IC0209 until rounds have forgiven them all.",
  source: "facts/cycles.md CYC-2.17, CYC-P7; facts/scheduler.md SCH-4.4, SCH-C06, SCH-C17; facts/messages.md IC0209",
  cites: ["install-begin", "install-settle", "debit-decay", "install-rollback", "instructions-use", "restart"],
  needs: ["code"],
  otherwise: "no installation ran",
  cases: (vocabulary) =>
    fc
      .oneof({ arbitrary: codedWorlds(vocabulary), weight: 3 }, { arbitrary: codedWorlds(vocabulary, { hurried: true }), weight: 2 })
      .map(alone),
  watch: () => {
    let ran = false;
    /** What was used on each canister, and not forgiven. */
    const debits = new Map<CanisterId, number>();
    return {
      onEvent: (event, world) => {
        if (event.kind === "installation-ran") {
          ran = true;
          const debit = debits.get(event.canister) ?? 0;
          debits.set(event.canister, event.instructions);
          return debit > 0
            ? `an installation ran on ${event.canister}, against which ${debit} instructions of another one stand`
            : mispaid(event, world.parameters);
        }
        if (event.kind === "canister-deleted") debits.delete(event.canister);
        if (event.kind === "round-ended" && world.round?.skipped === false)
          for (const [id, debit] of debits) debits.set(id, Math.max(0, debit - world.parameters.installRateLimit));
        const ruling = rulingOf(event, world);
        return ruling === null ? undefined : hastened(ruling, debits);
      },
      interested: () => ran,
    };
  },
});

const mispaid = ({ canister: id, trap, instructions, prepaid, charged }: Installation, parameters: Parameters): Complaint => {
  const { installInstructionLimit: limit } = parameters;
  const what = `an installation on ${id} that used ${instructions} instructions`;
  if (instructions > limit || (trap === "IC0522" && instructions < limit))
    return `${what} ended with ${trap ?? "success"}, and its limit is ${limit}`;
  const most = installPrepayment(parameters);
  if (prepaid !== most) return `${what} was prepaid with ${prepaid}, and the most that one costs is ${most}`;
  const price = executionPrice(parameters, instructions);
  return charged >= price && charged <= prepaid && charged - price <= settlementSlack(parameters)
    ? undefined
    : `${what} was charged ${charged}: expected ${price}, or a little more, and at most ${prepaid}`;
};

/** Whoever was told to wait had something to wait for. */
const hastened = ({ asking, result, what }: Ruling, debits: ReadonlyMap<CanisterId, number>): Complaint => {
  if (result.kind === "reply" || result.error !== "IC0209") return undefined;
  const debit = asking?.named == null ? 0 : (debits.get(asking.named) ?? 0);
  return debit > 0 ? undefined : `${what} was refused with IC0209, and nothing stands against an installation`;
};
