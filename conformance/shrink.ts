/**
 * Makes a failing case small. The passes go from coarse to fine: subnets, inputs in chunks, whole canisters, methods and
 * instructions in chunks, nested scripts unwrapped, what may be left unsaid, then single values lowered; and again, until a
 * whole turn changes nothing. Every step is checked by trying the same property again, so what comes out fails for the same property and
 * in the same way. No chance is involved: the same case comes out small in the same way.
 */
import type { Step } from "../spec/index.ts";
import type { Case } from "../properties/index.ts";
import {
  allAlike,
  isValid,
  laterSlice,
  lengthAt,
  listsOf,
  optionalFields,
  replaced,
  scriptPathsOf,
  simplerLeaves,
  slicesOf,
  unwrapped,
  withoutCanister,
  withoutFields,
  withoutInputs,
  withoutItems,
} from "./edits.ts";
import { encode } from "./json.ts";
import { unsliced } from "./limit-edits.ts";
import { merged, projected, withoutSubnet } from "./subnet-edits.ts";
import { genesesOf } from "./subnets.ts";

export interface ShrinkLimits {
  /** Most cases that are tried. */
  readonly tries: number;
  /** No try begins after this point of `performance.now()`. @unit milliseconds */
  readonly deadline: number;
  /** Leads a case as far as it goes: so one of several subnets can be looked at alone, with what came from the others. */
  readonly lead?: (tried: Case) => Promise<readonly Step[]>;
}

export interface Shrunk {
  readonly case: Case;
  readonly tries: number;
  /** Whether a limit ended the search before nothing more could be made smaller. */
  readonly cut: boolean;
}

export const shrink = async (failing: Case, stillFails: (smaller: Case) => Promise<boolean>, limits: ShrinkLimits): Promise<Shrunk> => {
  let best = failing;
  let tries = 0;
  const spent = () => tries >= limits.tries || performance.now() >= limits.deadline;
  const attempt = async (smaller: Case | null): Promise<boolean> => {
    if (!smaller || smaller === best || spent() || !isValid(smaller)) return false;
    tries++;
    if (!(await stillFails(smaller))) return false;
    best = smaller;
    return true;
  };

  const inputs = () =>
    chunks(
      () => best.scenario.inputs.length,
      (from, to) => attempt(withoutInputs(best, from, to)),
      spent,
    );

  const subnets = async () => {
    const count = () => genesesOf(best.scenario).length;
    if (count() === 1) return;
    const led = limits.lead && !spent() ? await limits.lead(best) : null;
    const whole = best;
    if (led) for (let at = count() - 1; at >= 0; at--) if (await attempt(projected(whole, at, led))) return;
    for (let at = count() - 1; at >= 0; at--) await attempt(withoutSubnet(best, at));
    for (let at = count() - 1; at >= 1; at--) if (!(await attempt(merged(best, at, 0)))) await attempt(merged(best, 0, at));
  };

  const canisters = async () => {
    for (let subnet = genesesOf(best.scenario).length - 1; subnet >= 0; subnet--) {
      const here = () => genesesOf(best.scenario)[subnet]!.canisters.length;
      for (let at = here() - 1; at >= 0; at--) {
        if (subnet === 0 && here() === 1) break;
        if (!(await attempt(withoutCanister(best, subnet, at, true)))) await attempt(withoutCanister(best, subnet, at, false));
      }
    }
  };

  const lists = async () => {
    for (const path of listsOf(best))
      await chunks(
        () => lengthAt(best, path),
        (from, to) => attempt(withoutItems(best, path, from, to)),
        spent,
      );
  };

  const slices = async () => {
    for (const path of slicesOf(best)) while (lengthAt(best, path) > 0 && (await attempt(laterSlice(best, path, 1))));
  };

  const nesting = async () => {
    for (const path of scriptPathsOf(best)) {
      for (let at = 0; at < lengthAt(best, path); at++) await firstOf(unwrapped(best, path, at), attempt);
    }
  };

  const fields = async () => {
    for (const paths of optionalFields(best)) await attempt(withoutFields(best, paths));
  };

  const leaves = async () => {
    if (encode(unsliced(best)) !== encode(best)) await attempt(unsliced(best));
    for (const alike of allAlike(best)) await attempt(alike);
    for (const [path, simpler] of simplerLeaves(best))
      await firstOf(
        simpler.map((value) => replaced(best, path, value)),
        attempt,
      );
  };

  for (let before: Case | null = null; before !== best && !spent();) {
    before = best;
    for (const pass of [subnets, inputs, canisters, inputs, fields, lists, slices, nesting, leaves]) await pass();
  }
  return { case: best, tries, cut: spent() };
};

/** Deletes chunks of a list: halves, quarters, and so on down to single items, each from the end. */
const chunks = async (
  length: () => number,
  remove: (from: number, to: number) => Promise<boolean>,
  spent: () => boolean,
): Promise<void> => {
  for (let size = length(); size >= 1; size = Math.floor(size / 2)) {
    for (let to = length(); to > 0 && !spent(); to -= size) await remove(Math.max(0, to - size), to);
  }
};

const firstOf = async (candidates: readonly Case[], attempt: (smaller: Case) => Promise<boolean>): Promise<void> => {
  for (const candidate of candidates) if (await attempt(candidate)) return;
};
