/**
 * What there is to be drawn of a book: from the sources on the left, through the canisters in the middle, to where the cycles
 * are at the end. A canister stands for all that is its own: its balance, its reserves, and what it attached and nobody has
 * accepted yet. So what comes back to it never left it, and what is left is what the session changed: between two canisters
 * only accepted cycles pass, which leave the payer on the right and reach the other one from the left.
 */
import { places } from "../../properties/index.ts";
import type { Owner, Posting, SubnetBook } from "./data.ts";
import { flowNames, kindOfPlace } from "./flows.ts";

/** Where cycles come from, or where they are in the end. */
export interface Site {
  readonly kind: "minted" | "received" | "accepted" | "burned" | "lost" | "sent" | "held" | "balances";
  /** The flow, the subnet or the place; of what was accepted, `from` or `by` another canister; empty where the kind says it. */
  readonly name: string;
}

export interface Node extends Site {
  readonly cycles: bigint;
}

export interface Middle {
  readonly label: string;
  readonly kind: "here" | "elsewhere" | "nobody" | "others";
  readonly cycles: bigint;
}

export interface Ribbon {
  /** The places of its source or end, and of its canister, in their lists. */
  readonly node: number;
  readonly canister: number;
  /** The canister whose colour it has: of what was accepted, the one who paid. */
  readonly hue: number;
  readonly cycles: bigint;
  /** Whether these lay on the balance from the beginning to the end: they have a scale of their own. */
  readonly resting: boolean;
  /** The canister that paid, or was paid; `null` where nobody else had a part in it. */
  readonly other: string | null;
}

export interface Drawing {
  readonly sources: readonly Node[];
  readonly canisters: readonly Middle[];
  readonly ends: readonly Node[];
  /** From a source to a canister, and from a canister to an end. */
  readonly incoming: readonly Ribbon[];
  readonly outgoing: readonly Ribbon[];
}

/** Most canisters that have a place of their own; those that move least share one. */
export const mostDrawn = 12;

export const drawingOf = (book: SubnetBook): Drawing => {
  const { ins, outs } = bundlesOf(book);
  const { middles, placeOf } = middlesOf(book, [...ins, ...outs]);
  const resting = restingOf(ins, outs);
  const [sources, ends] = [nodesOf(ins, sourceOrder), nodesOf(outs, endOrder)];
  const incoming = ribbonsOf("in", ins, sources, placeOf, resting);
  const outgoing = ribbonsOf("out", outs, ends, placeOf, resting);
  const canisters = middles.map((middle, at) => ({
    ...middle,
    cycles: incoming.reduce((sum, { canister, cycles }) => sum + (canister === at ? cycles : 0n), 0n),
  }));
  return { sources, canisters, ends, incoming, outgoing };
};

/** Cycles between a site and an owner; `other` is who paid, or was paid, and left out where nobody was. */
interface Bundle {
  readonly site: Site;
  readonly owner: Owner;
  readonly other?: Owner;
  readonly cycles: bigint;
}

const bundlesOf = ({ postings }: SubnetBook): { readonly ins: readonly Bundle[]; readonly outs: readonly Bundle[] } => {
  const [ins, outs, kept]: [Bundle[], Bundle[], Bundle[]] = [[], [], []];
  const keep = ({ place, owner }: Posting["from"], cycles: bigint): void => {
    const site: Site = place === "balances" ? { kind: place, name: "" } : { kind: "held", name: place };
    if (kindOfPlace[place] === "holding") kept.push({ site, owner, cycles });
  };
  for (const posting of postings) {
    const { from, to, cycles } = posting;
    keep(from, -cycles);
    keep(to, cycles);
    const [source, end] = [sourceOf(posting), endOf(posting)];
    // What is turned away at once is nobody's here.
    if (source !== null) ins.push({ site: source, owner: end === null ? to.owner : null, cycles });
    if (end !== null) outs.push({ site: end, owner: source === null ? from.owner : null, cycles });
    if (source !== null || end !== null || from.owner === to.owner) continue;
    outs.push({ site: { kind: "accepted", name: "by" }, owner: from.owner, other: to.owner, cycles });
    ins.push({ site: { kind: "accepted", name: "from" }, owner: to.owner, other: from.owner, cycles });
  }
  // Negative or nothing: there is nothing to draw. Only the books of a broken machine owe cycles.
  const drawn = (bundles: readonly Bundle[]): readonly Bundle[] => bundled(bundles).filter(({ cycles }) => cycles > 0n);
  return { ins: drawn(ins), outs: drawn([...outs, ...kept]) };
};

const sourceOf = ({ from: { place, owner }, flow }: Posting): Site | null => {
  if (place === "received") return { kind: place, name: owner ?? "" };
  return kindOfPlace[place] === "source" ? { kind: "minted", name: flow } : null;
};

const endOf = ({ to: { place, owner }, flow }: Posting): Site | null => {
  if (place === "sent") return { kind: place, name: owner ?? "" };
  if (kindOfPlace[place] !== "sink") return null;
  return { kind: place === "lost" ? "lost" : "burned", name: flow };
};

/** Those between the same two together. */
const bundled = (bundles: readonly Bundle[]): readonly Bundle[] => {
  const sums = new Map<string, Bundle>();
  for (const bundle of bundles) {
    const key = JSON.stringify([keyOf(bundle.site), bundle.owner, bundle.other]);
    const known = sums.get(key);
    sums.set(key, known === undefined ? bundle : { ...known, cycles: known.cycles + bundle.cycles });
  }
  return [...sums.values()];
};

const keyOf = ({ kind, name }: Site): string => `${kind} ${name}`;

interface Middles {
  readonly middles: readonly Omit<Middle, "cycles">[];
  readonly placeOf: (owner: Owner) => number;
}

const middlesOf = ({ canisters }: SubnetBook, bundles: readonly Bundle[]): Middles => {
  const here = new Set<Owner>(canisters.map(({ canister }) => canister));
  const kindOf = (owner: Owner): Middle["kind"] => (owner === null ? "nobody" : here.has(owner) ? "here" : "elsewhere");
  const moved = new Map<Owner, bigint>();
  for (const { owner, cycles } of bundles) moved.set(owner, (moved.get(owner) ?? 0n) + cycles);
  const byVolume = [...moved.keys()].sort((left, right) => (moved.get(left)! > moved.get(right)! ? -1 : 1));
  const kept = byVolume.slice(0, byVolume.length > mostDrawn ? mostDrawn - 1 : mostDrawn);
  const shown = kept.sort(
    (left, right) => middleOrder.indexOf(kindOf(left)) - middleOrder.indexOf(kindOf(right)) || ((left ?? "") < (right ?? "") ? -1 : 1),
  );
  const at = new Map(shown.map((owner, place) => [owner, place]));
  const others = byVolume.length - shown.length;
  return {
    middles: [
      ...shown.map((owner) => ({ label: nameOf(owner), kind: kindOf(owner) })),
      ...(others > 0 ? [{ label: `${others} others`, kind: "others" as const }] : []),
    ],
    placeOf: (owner) => at.get(owner) ?? shown.length,
  };
};

const middleOrder: readonly Middle["kind"][] = ["here", "elsewhere", "nobody", "others"];

const nameOf = (owner: Owner): string => owner ?? "turned away";

/** Of each owner, the least of what he had at the beginning and has at the end. */
const restingOf = (ins: readonly Bundle[], outs: readonly Bundle[]): ReadonlyMap<Owner, bigint> => {
  const last = new Map(outs.flatMap(({ site, owner, cycles }) => (site.kind === "balances" ? [[owner, cycles] as const] : [])));
  const first = ins.filter(({ site }) => isGenesis(site));
  return new Map(first.map(({ owner, cycles }) => [owner, least(cycles, last.get(owner) ?? 0n)]));
};

const isGenesis = ({ kind, name }: Site): boolean => kind === "minted" && name === "genesis";

const least = (one: bigint, other: bigint): bigint => (one < other ? one : other);

/** The sites that have bundles, in their order from top to bottom. */
const nodesOf = (bundles: readonly Bundle[], order: readonly string[]): readonly Node[] => {
  const nodes = new Map<string, Node>();
  for (const { site, cycles } of bundles) {
    const known = nodes.get(keyOf(site));
    nodes.set(keyOf(site), { ...site, cycles: (known?.cycles ?? 0n) + cycles });
  }
  const rank = (node: Node): number => order.findIndex((first) => first === node.kind || first === keyOf(node));
  return [...nodes.values()].sort((left, right) => rank(left) - rank(right) || (left.name < right.name ? -1 : 1));
};

/** What never moved lies at the bottom on either side. */
const sourceOrder: readonly string[] = ["accepted", "received", "minted top-up", "minted created", "minted"];
const endOrder: readonly string[] = [
  ...flowNames.map((flow) => `burned ${flow}`),
  "lost",
  "sent",
  "accepted",
  ...places.map((place) => `held ${place}`),
  "balances",
];

/** Ribbons, those of canisters that share a place together; each in the order in which it leaves its node and its canister. */
const ribbonsOf = (
  side: "in" | "out",
  bundles: readonly Bundle[],
  nodes: readonly Node[],
  placeOf: (owner: Owner) => number,
  resting: ReadonlyMap<Owner, bigint>,
): readonly Ribbon[] => {
  const at = new Map(nodes.map((node, place) => [keyOf(node), place]));
  const ribbons = new Map<string, Ribbon>();
  const lay = ({ site, owner, other }: Bundle, cycles: bigint, rests: boolean): void => {
    const [node, canister] = [at.get(keyOf(site))!, placeOf(owner)];
    // What arrives has the colour of the one who paid; what leaves is paid by the one whom it leaves.
    const hue = other !== undefined && side === "in" ? placeOf(other) : canister;
    const key = [node, canister, other ?? "", rests].join(" ");
    const sum = (ribbons.get(key)?.cycles ?? 0n) + cycles;
    if (sum > 0n) ribbons.set(key, { node, canister, hue, cycles: sum, resting: rests, other: other === undefined ? null : nameOf(other) });
  };
  for (const bundle of bundles) {
    const still = isGenesis(bundle.site) || bundle.site.kind === "balances" ? least(resting.get(bundle.owner) ?? 0n, bundle.cycles) : 0n;
    lay(bundle, bundle.cycles - still, false);
    lay(bundle, still, true);
  }
  return [...ribbons.values()].sort(
    (left, right) => left.node - right.node || left.canister - right.canister || Number(left.resting) - Number(right.resting),
  );
};
