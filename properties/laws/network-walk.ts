/**
 * A law of several subnets at once: what an onlooker sees who stands between them. One walk goes along the whole trace in
 * its order, with a notebook for each subnet; a law looks at each event with the notebooks of all of them.
 */
import type { Event, Scenario, Step, SubnetId, Trace } from "../../spec/index.ts";
import type * as fc from "fast-check";
import { alone } from "../case.ts";
import { fails, holds, traceLaw, vacuous, type Claim, type Property, type Verdict } from "../property.ts";
import { absorb, anticipate } from "../tracking/absorb.ts";
import type { Complaint } from "../tracking/watch.ts";
import { openWorld, type World } from "../tracking/world.ts";
import type { Vocabulary } from "../vocabulary.ts";

/** One subnet of a trace, with what is known of it so far. */
export interface Site {
  readonly number: number;
  readonly name: SubnetId;
  readonly world: World;
}

export interface Between {
  /** An event on a subnet, and its world just before; `at` is the number of the step in the whole trace. */
  readonly onEvent?: (event: Event, site: Site, at: number) => Complaint;
  /** A step of a subnet, and the world after it. */
  readonly onStep?: (step: Step, site: Site, at: number) => Complaint;
  /** What is to be said when all is over. */
  readonly onEnd?: () => Complaint;
  readonly interested: () => boolean;
}

interface Said extends Claim {
  readonly otherwise: string;
  readonly worlds: (vocabulary: Vocabulary) => fc.Arbitrary<Scenario>;
  readonly watch: (sites: readonly Site[], trace: Trace) => Between;
}

/** A law on the whole trace of several subnets. */
export const lawBetween = ({ worlds, watch, otherwise, ...said }: Said): Property =>
  traceLaw({
    ...said,
    cases: (vocabulary) => worlds(vocabulary).map(alone),
    judge: (trace) => judged(trace, watch, otherwise),
  });

const judged = (trace: Trace, watch: Said["watch"], otherwise: string): Verdict => {
  const sites = sitesOf(trace.scenario);
  const watcher = watch(sites, trace);
  let at = 0;
  try {
    for (; at < trace.steps.length; at++) {
      const because = walked(trace.steps[at]!, sites, watcher, at);
      if (because !== undefined) return fails(at, because);
    }
    const because = watcher.onEnd?.();
    if (because !== undefined) return fails(null, because);
  } catch (reason) {
    return fails(at, `the trace makes no sense here: ${reason instanceof Error ? reason.message : String(reason)}`);
  }
  return watcher.interested() ? holds : vacuous(otherwise);
};

const sitesOf = ({ genesis, others = [] }: Scenario): readonly Site[] =>
  [genesis, ...others].map((own, number) => {
    const world = openWorld(own);
    return { number, name: world.own, world };
  });

const walked = (step: Step, sites: readonly Site[], watcher: Between, at: number): Complaint => {
  const site = sites[step.subnet ?? 0];
  if (site === undefined) return `there is no subnet ${step.subnet}`;
  const { world } = site;
  world.previous = null;
  for (const event of step.observation.events) {
    anticipate(world, event, step);
    const because = watcher.onEvent?.(event, site, at);
    if (because !== undefined) return because;
    absorb(world, event, step);
  }
  return watcher.onStep?.(step, site, at);
};
