/** How the picture of a ledger looks, in light and in dark. A constant: nothing from outside is in it. */

/** A hue for each canister, light and dark, as in timelines. */
const hues: readonly (readonly [light: string, dark: string])[] = [
  ["#2563b8", "#6ea8f0"],
  ["#c79312", "#e3bc4e"],
  ["#178a78", "#49c3ae"],
  ["#8c51b8", "#c08fe8"],
  ["#c2558f", "#ea92c2"],
  ["#74861a", "#b4c64c"],
  ["#2296b8", "#5fcbea"],
  ["#96663a", "#cf9f72"],
  ["#5d6d8c", "#9cadc8"],
  ["#3f8f3f", "#7fca7f"],
];

export const hueCount = hues.length;

const kinds: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  minted: ["#16794c", "#4fc48b"],
  received: ["#0f6f8f", "#5fcbea"],
  accepted: ["#8a8f99", "#8a92a0"],
  burned: ["#c3271c", "#ff7b70"],
  lost: ["#7a1530", "#d8557f"],
  sent: ["#0f6f8f", "#5fcbea"],
  held: ["#b4610b", "#f0a04b"],
  nobody: ["#8a8f99", "#8a92a0"],
  balances: ["#16794c", "#4fc48b"],
};

/** Written out twice and without variables, so that programs that draw but know little of style sheets understand it. */
const inColours = (shade: 0 | 1): string =>
  [
    `.flows .paper { fill: ${["#fdfcf9", "#14161b"][shade]}; }`,
    `.flows .name { stroke: ${["#fdfcf9", "#14161b"][shade]}; }`,
    `.flows text { fill: ${["#1d2026", "#dcdfe6"][shade]}; } .flows .soft { fill: ${["#5c626e", "#9aa1ae"][shade]}; }`,
    `.flows .ribbon { fill-opacity: ${[0.42, 0.46][shade]}; }`,
    ...hues.map((hue, at) => `.flows .h${at} { fill: ${hue[shade]}; }`),
    ...Object.entries(kinds).map(([kind, hue]) => `.flows .${kind} { fill: ${hue[shade]}; }`),
  ].join("\n");

export const pictureStyle = `
.flows { font: 12px/1.4 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
.flows text { font-size: 12px; } .flows .name { font-weight: 600; paint-order: stroke; stroke-width: 3px; stroke-linejoin: round; } .flows .name .soft { font-weight: 400; }
.flows .mesh { fill: #fff; } .flows .rests { mask: url(#l-mask); }
.flows .ribbon:hover { fill-opacity: .8; }
${inColours(0)}
@media (prefers-color-scheme: dark) {
${inColours(1)}
}
`;
