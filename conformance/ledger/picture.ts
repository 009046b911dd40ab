/**
 * The picture: ribbons from where cycles came from, through canisters, to where they are, each as wide as there are cycles
 * in it, but never thinner than a hair. What only lay on balances would drown all the rest, so where it is too much it has
 * a smaller scale, and is hatched. Everything says its exact number when it is pointed at.
 */
import { html, verbatim, type Markup } from "../timeline/markup.ts";
import { digits } from "../timeline/geometry.ts";
import { inGroups } from "../wording/words.ts";
import type { SubnetBook } from "./data.ts";
import { hueCount as hues, pictureStyle } from "./look.ts";
import { drawingOf, type Drawing, type Middle, type Node, type Ribbon, type Site } from "./ribbons.ts";

const width = 1_240;
/** Where the three columns begin, and how wide a node is. */
const columns = { sources: 214, canisters: 580, ends: 946 } as const;
const nodeWidth = 13;
const labelGap = 10;
const top = 34;
const [nodeGap, canisterGap] = [17, 30];
/** Heights of all that moved, and of all that rested at most; the least of a ribbon. */
const [movedHeight, restedHeight, hair] = [330, 90, 1];

/** A picture as it stands in a page. */
export const picture = (book: SubnetBook, title: string): Markup => {
  const { markup, height } = drawn(book, title);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${title}">
    <svg class="flows" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">${markup}</svg>
  </div>`;
};

/** The pictures of all subnets, one under the other, as a file of its own. */
export const svgOf = (books: readonly SubnetBook[], title: string): string => {
  let y = 0;
  const parts = books.map((book) => {
    const { markup, height } = drawn(book, titleOf(book, title));
    const part = html`<g transform="translate(0 ${y})">${markup}</g>`;
    y += height;
    return part;
  });
  return html`<svg class="flows" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}" role="img">
    ${verbatim(`<style>${pictureStyle}</style>`)}
    <rect class="paper" width="${width}" height="${y}" />
    ${parts}
  </svg> `.markup;
};

export const titleOf = ({ subnet }: SubnetBook, title: string): string => (subnet === null ? title : `${title}, subnet ${subnet}`);

/** A count that fits a label: three digits and a unit. */
export const roughly = (count: bigint): string => {
  const size = count.toString().length;
  if (size <= 4) return inGroups(count);
  const thousands = Math.floor((size - 1) / 3);
  const unit = units[thousands];
  if (unit === undefined) return `${count.toString()[0]}e${size - 1}`;
  const lead = Number((count * 100n) / 1_000n ** BigInt(thousands)) / 100;
  return `${lead >= 100 ? Math.floor(lead) : lead >= 10 ? Math.floor(lead * 10) / 10 : lead} ${unit}`;
};

const units = ["", "k", "M", "G", "T", "P", "E", "Z", "Y", "R", "Q"];

interface Placed {
  readonly y: number;
  readonly height: number;
}

const drawn = (book: SubnetBook, title: string): { readonly markup: Markup; readonly height: number } => {
  const drawing = drawingOf(book);
  const { sources, canisters, ends, incoming, outgoing } = drawing;
  const scale = scaleOf(drawing);
  const thickness = ({ cycles, resting }: Ribbon): number => Math.max(hair, Number(cycles) * (resting ? scale.resting : scale.moving));
  const filled = (ribbons: readonly Ribbon[], wanted: (ribbon: Ribbon) => boolean): number =>
    ribbons.reduce((height, ribbon) => height + (wanted(ribbon) ? thickness(ribbon) : 0), 0);
  const nodesOf = (nodes: readonly Node[], ribbons: readonly Ribbon[]): readonly Placed[] =>
    stacked(
      nodes.map((_, at) => filled(ribbons, ({ node }) => node === at)),
      nodeGap,
    );
  const middles = canisters.map((_, at) =>
    Math.max(...[incoming, outgoing].map((ribbons) => filled(ribbons, ({ canister }) => canister === at))),
  );
  const [left, middle, right] = centred([nodesOf(sources, incoming), stacked(middles, canisterGap), nodesOf(ends, outgoing)]);
  /** Every ribbon begins below the one before, at its node and at its canister. */
  const bands = (
    side: "left" | "right",
    ribbons: readonly Ribbon[],
    nodes: readonly Node[],
    placed: readonly Placed[],
  ): readonly Markup[] => {
    const [outer, inner] = [placed.map(({ y }) => y), middle.map(({ y }) => y)];
    return ribbons.map((ribbon) => {
      const { node, canister, hue, resting } = ribbon;
      const [thick, y, yCanister] = [thickness(ribbon), outer[node]!, inner[canister]!];
      outer[node] = y + thick;
      inner[canister] = yCanister + thick;
      const path =
        side === "left"
          ? band(columns.sources + nodeWidth, y, columns.canisters, yCanister, thick)
          : band(columns.canisters + nodeWidth, yCanister, columns.ends, y, thick);
      const says = ribbonInWords(side, ribbon, nodes[node]!, canisters[canister]!);
      return html`<path class="ribbon ${hueOf(canisters, hue)}${resting && scale.cut ? " rests" : ""}" d="${path}"
        ><title>${says}</title></path
      >`;
    });
  };
  const height = Math.max(...[left, middle, right].map(bottomOf)) + (scale.cut ? 36 : 16);
  const centre = columns.canisters + nodeWidth / 2;
  const markup = html`<title>${title}</title>
    <desc>From left to right: where cycles came from, whose they were, and where they are at the end.</desc>
    ${hatch} ${remark("where they came from", columns.sources - labelGap, 18, "end")} ${remark("whose they were", centre, 18, "middle")}
    ${remark("where they are at the end", columns.ends + nodeWidth + labelGap, 18, "start")} ${bands("left", incoming, sources, left)}
    ${bands("right", outgoing, ends, right)} ${sources.map((node, at) => nodeMark("left", node, left[at]!))}
    ${ends.map((node, at) => nodeMark("right", node, right[at]!))} ${canisters.map((_, at) => canisterMark(canisters, at, middle[at]!))}
    ${scale.cut ? remark("hatched: what lay on a balance all the time, drawn smaller than the rest", centre, height - 10, "middle") : null}`;
  return { markup, height: Math.ceil(height) };
};

/** Pixels for a cycle that moved, and for one that rested; whether they differ. */
const scaleOf = ({ incoming, outgoing }: Drawing): { readonly moving: number; readonly resting: number; readonly cut: boolean } => {
  const volume = (ribbons: readonly Ribbon[], rests: boolean): number =>
    ribbons.reduce((sum, { cycles, resting }) => sum + (resting === rests ? Number(cycles) : 0), 0);
  const moved = Math.max(volume(incoming, false), volume(outgoing, false));
  const rested = Math.max(volume(incoming, true), volume(outgoing, true));
  const moving = moved === 0 ? Infinity : movedHeight / moved;
  const most = rested === 0 ? Infinity : restedHeight / rested;
  return { moving: moved === 0 ? 0 : moving, resting: Math.min(moving, most), cut: most < moving && moved > 0 };
};

/** One under the other. */
const stacked = (heights: readonly number[], gap: number): readonly Placed[] => {
  let y = top + gap;
  return heights.map((height) => {
    const placed = { y, height: Math.max(height, 2) };
    y += placed.height + gap;
    return placed;
  });
};

/** Columns of different heights, each in the middle of the highest. */
const centred = <Columns extends readonly (readonly Placed[])[]>(columns: Columns): Columns => {
  const bottom = Math.max(...columns.map(bottomOf));
  return columns.map((placed) => {
    const shift = (bottom - bottomOf(placed)) / 2;
    return placed.map(({ y, height }) => ({ y: y + shift, height }));
  }) as unknown as Columns;
};

const bottomOf = (placed: readonly Placed[]): number => placed.reduce((bottom, { y, height }) => Math.max(bottom, y + height), top);

const band = (x0: number, y0: number, x1: number, y1: number, thick: number): string => {
  const half = digits((x0 + x1) / 2);
  const [a, b, c, d] = [y0, y1, y1 + thick, y0 + thick].map(digits);
  return `M${x0} ${a}C${half} ${a} ${half} ${b} ${x1} ${b}V${c}C${half} ${c} ${half} ${d} ${x0} ${d}z`;
};

const ribbonInWords = (side: "left" | "right", { cycles, other, resting }: Ribbon, node: Node, { label }: Middle): string => {
  const count = `${inGroups(cycles)} cycles`;
  if (other !== null) return side === "left" ? `${label} accepted ${count} of ${other}` : `${other} accepted ${count} of ${label}`;
  return `${label}, ${resting ? "on its balance all the time" : siteInWords(node)}: ${count}`;
};

const siteInWords = ({ kind, name }: Site): string => {
  switch (kind) {
    case "minted":
      return `minted, ${name}`;
    case "burned":
    case "lost":
      return name.includes(kind) ? name : `${kind}, ${name}`;
    case "received":
      return name === "" ? kind : `received from ${name}`;
    case "sent":
      return name === "" ? kind : `sent to ${name}`;
    case "accepted":
      return `accepted ${name} another canister`;
    case "held":
      return `still in ${name}`;
    case "balances":
      return "balances at the end";
  }
};

/** What is nobody's has no colour. */
const hueOf = (canisters: readonly Middle[], at: number): string => (canisters[at]?.kind === "nobody" ? "nobody" : `h${at % hues}`);

const remark = (words: string, x: number, y: number, anchor: string): Markup =>
  html`<text class="soft" x="${x}" y="${digits(y)}" text-anchor="${anchor}">${words}</text>`;

const nodeMark = (side: "left" | "right", node: Node, { y, height }: Placed): Markup => {
  const x = side === "left" ? columns.sources : columns.ends;
  const [label, anchor] = side === "left" ? [x - labelGap, "end"] : [x + nodeWidth + labelGap, "start"];
  return html`<g>
    <title>${siteInWords(node)}: ${inGroups(node.cycles)} cycles</title>
    <rect class="node ${node.kind}" x="${x}" y="${digits(y)}" width="${nodeWidth}" height="${digits(height)}" />
    <text x="${label}" y="${digits(y + height / 2 + 4)}" text-anchor="${anchor}"
      >${siteInWords(node)} <tspan class="soft">${roughly(node.cycles)}</tspan></text
    >
  </g>`;
};

const canisterMark = (canisters: readonly Middle[], at: number, { y, height }: Placed): Markup => {
  const { label, kind, cycles } = canisters[at]!;
  return html`<g>
    <title>${label}: ${inGroups(cycles)} cycles in all</title>
    <rect class="node ${hueOf(canisters, at)}" x="${columns.canisters}" y="${digits(y)}" width="${nodeWidth}" height="${digits(height)}" />
    <text class="name" x="${columns.canisters + nodeWidth / 2}" y="${digits(y - 6)}" text-anchor="middle"
      >${label}${kind === "elsewhere" ? ", of another subnet" : ""} <tspan class="soft">${roughly(cycles)}</tspan></text
    >
  </g>`;
};

const hatch = html`<defs>
  <pattern id="l-rests" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
    <rect class="mesh" width="3" height="6" />
  </pattern>
  <mask id="l-mask" maskContentUnits="userSpaceOnUse"><rect width="${width}" height="100000" fill="url(#l-rests)" /></mask>
</defs>`;
