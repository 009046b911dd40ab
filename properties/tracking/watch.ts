/**
 * A law that one walk along a trace shows. A watcher looks at each event with what an onlooker knows just before it,
 * and complains in one sentence; the first complaint decides. Many watchers can share one walk. A trace of several
 * subnets is walked along once for each, with watchers of their own: a law of one machine is judged on all of them.
 */
import type { Event, Step, Trace } from "../../spec/index.ts";
import { fails, holds, traceLaw, vacuous, type Property, type Verdict } from "../property.ts";
import { absorb, anticipate } from "./absorb.ts";
import { splitBySubnet, type SubnetTrace } from "./subnets.ts";
import { openWorld, type World } from "./world.ts";

/** What is wrong, or nothing. */
export type Complaint = string | undefined;

export interface Watcher {
  /** An event, and the world before it. `position` is its index in its observation. */
  readonly onEvent?: (event: Event, world: World, step: Step, position: number) => Complaint;
  /** A step, and the world after it. */
  readonly onStep?: (step: Step, world: World) => Complaint;
  /** Whether anything of interest has happened. */
  readonly interested: () => boolean;
}

/** A law that a watcher judges: `watch` opens one for each trace of a subnet. */
export interface WatchedLaw extends Property {
  readonly judge: (trace: Trace) => Verdict;
  readonly watch: (trace: Trace) => Watcher;
  /** What did not happen in a trace that says nothing. */
  readonly otherwise: string;
}

type Said = Omit<WatchedLaw, "kind" | "check" | "judge">;
type Judging = Pick<WatchedLaw, "watch" | "otherwise">;

export const watchedLaw = (said: Said): WatchedLaw => {
  const judge = (trace: Trace): Verdict => judgeTogether(trace, [said])[0]!;
  return { ...said, ...traceLaw({ ...said, judge }), judge };
};

/** The verdicts of several watched laws, in their order, from one walk along the trace of each subnet. */
export const judgeTogether = (trace: Trace, laws: readonly Judging[]): readonly Verdict[] => {
  const walks = splitBySubnet(trace).map((subnet) => walked(subnet, laws));
  return laws.map((_, law) => combined(walks.map((verdicts) => verdicts[law]!)));
};

/** The first failure; else it holds where it holds anywhere. */
const combined = (verdicts: readonly Verdict[]): Verdict => {
  const failures = verdicts.filter((verdict) => verdict.kind === "fails");
  failures.sort((left, right) => (left.at ?? 0) - (right.at ?? 0));
  return failures[0] ?? verdicts.find(({ kind }) => kind === "holds") ?? verdicts[0]!;
};

const walked = ({ name, trace, at: places }: SubnetTrace, laws: readonly Judging[]): readonly Verdict[] => {
  const world = openWorld(trace.scenario.genesis);
  const verdicts = new Array<Verdict | undefined>(laws.length);
  const watchers = laws.map((law) => law.watch(trace));
  let open = laws.length;
  let at = 0;
  const look = (ask: (watcher: Watcher) => Complaint): void =>
    watchers.forEach((watcher, law) => {
      if (verdicts[law] !== undefined) return;
      const because = ask(watcher);
      if (because === undefined) return;
      verdicts[law] = fails(places[at]!, name === null ? because : `on subnet ${name}: ${because}`);
      open--;
    });
  for (; at < trace.steps.length && open > 0; at++) {
    const step = trace.steps[at]!;
    world.previous = null;
    const unreadable = attempted(() =>
      step.observation.events.forEach((event, position) => {
        anticipate(world, event, step);
        look((watcher) => attempted(() => watcher.onEvent?.(event, world, step, position)));
        absorb(world, event, step);
      }),
    );
    look((watcher) => unreadable ?? attempted(() => watcher.onStep?.(step, world)));
  }
  return laws.map(({ otherwise }, law) => verdicts[law] ?? (watchers[law]!.interested() ? holds : vacuous(otherwise)));
};

/** A trace so absurd that a law cannot read it breaks that law: it must not break the kit. */
const attempted = (ask: () => Complaint | void): Complaint => {
  try {
    return ask() ?? undefined;
  } catch (reason) {
    return `the trace makes no sense here: ${reason instanceof Error ? reason.message : String(reason)}`;
  }
};
