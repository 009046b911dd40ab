/**
 * The state root: what it costs the optimized engine to keep it while one canister in a hundred changes between two roots, and beside it what the
 * same root costs when every digest is made again, on the same tree, which need not be built.
 */
import { certifyPage, emptyRoot, enter, isFork, rootOf, type CertifiedCanister, type Place, type Root, type Tip } from "../impl/index.ts";
import { hex, nanoseconds, type Hex } from "../spec/index.ts";
import { ranged, rounded, tableOf } from "./markdown.ts";
import { interleaved, scaled, spreadOf, timed } from "./measure.ts";
import type { RootRow } from "./report.ts";

export const trees: readonly number[] = [1_000, 10_000, 100_000];

/** One in so many changes between two roots. */
const share = 100;

export const root = (repetitions: number, canisters: readonly number[] = trees): readonly RootRow[] =>
  canisters.flatMap((count) => {
    const { touched, acts } = subjectOf(count);
    const [kept, scratch] = interleaved(acts, repetitions, 2).map(spreadOf);
    const micro = (milliseconds: number): number => 1_000 * milliseconds;
    return {
      canisters: count,
      touched,
      kept: scaled(kept!, micro),
      perTouched: scaled(kept!, (time) => micro(time) / touched),
      scratch: scaled(scratch!, micro),
      ratio: scratch!.median / kept!.median,
    };
  });

/** Each gives milliseconds for one root: one in a hundred changed since the last one; no digest is there. */
const subjectOf = (count: number): { readonly touched: number; readonly acts: readonly (() => number)[] } => {
  const tree = emptyRoot();
  const canisters = Array.from({ length: count }, (_, at) => canisterOf(at));
  for (const canister of canisters) enter(tree.canisters, canister);
  const touched = Math.ceil(count / share);
  let changes = 0;
  const touch = (): void => {
    for (let at = 0; at < touched; at++) certifyPage(canisters[(changes + at * share) % count]!, 0, contentOf(changes));
    changes++;
  };
  const kept = (): number =>
    timed(() => {
      touch();
      read(tree);
    });
  const scratch = (): number => {
    const before = read(tree);
    forget(tree, canisters);
    let after: Hex | null = null;
    const time = timed(() => (after = read(tree)));
    if (after !== before) throw new Error(`the root that was kept is ${before}, from scratch it is ${String(after)}`);
    return time;
  };
  read(tree);
  return { touched, acts: [kept, scratch] };
};

const now = nanoseconds(1_000_000_000n);
const read = (tree: Root): Hex => rootOf(tree, now);

/** Two pages, certified data, no controllers and no timer. */
const canisterOf = (at: number): CertifiedCanister => {
  const none = { controllers: [], timer: null, memory: null, above: null, digest: null };
  const canister: CertifiedCanister = { id: `c-${at.toString(36)}`, certifiedData: contentOf(at), ...none };
  for (const page of [0, 1]) certifyPage(canister, page, contentOf(at));
  return canister;
};

const contentOf = (number: number): Hex => hex(number.toString(16).padStart(64, "0"));

/** No digest of the tree is there any more. */
const forget = (tree: Root, canisters: readonly CertifiedCanister[]): void => {
  forgetBelow(tree.canisters.top);
  for (const { memory } of canisters) forgetBelow(memory === null ? null : memory.top);
};

const forgetBelow = <T extends Tip<T>>(place: Place<T> | null): void => {
  if (place === null) return;
  place.digest = null;
  if (!isFork(place)) return;
  forgetBelow(place.left);
  forgetBelow(place.right);
};

const rootText = `## The state root: kept, and from scratch

Each canister has certified data and two pages, 32 bytes each. Between two roots one canister in ${share} writes a page; the time is that of telling the tree and of the root. From scratch, every digest of the same tree is made again; the tree itself need not be built, and both give the same root, which is asserted.`;

export const rootSection = (rows: readonly RootRow[]): string =>
  [
    rootText,
    tableOf(
      ["canisters", "touched", "kept, µs", "per touched, µs", "from scratch, µs", "ratio"],
      rows.map(({ canisters, touched, kept, perTouched, scratch, ratio }) => [
        rounded(canisters),
        rounded(touched),
        ranged(kept),
        ranged(perTouched),
        ranged(scratch),
        `**${rounded(ratio)}**`,
      ]),
    ),
  ].join("\n\n");
