/** Values in the words that people read: bytes, numbers, answers, and who they go to. */
import { byteLength, type HashTree, type Hex, type Origin, type Path, type Result } from "../../spec/index.ts";

/** Digits in groups of three. */
export const inGroups = (count: bigint | number): string => count.toString().replace(/\B(?=(\d{3})+(?!\d))/g, "_");

export const bytesInWords = (bytes: Hex): string => {
  if (bytes === "") return "nothing";
  return bytes.length <= 32 ? `0x${bytes}` : `0x${bytes.slice(0, 16)}... (${byteLength(bytes)} bytes)`;
};

/** Bytes that are meant as a text: as one, when all of them are letters that can be seen. */
export const textInWords = (bytes: Hex): string => {
  const text = asciiIn(bytes);
  return text !== "" && /^[ -~]+$/.test(text) ? `"${text}"` : bytesInWords(bytes);
};

const asciiIn = (bytes: Hex): string => (bytes.match(/../g) ?? []).map((byte) => String.fromCharCode(parseInt(byte, 16))).join("");

export const originInWords = (origin: Origin): string =>
  origin.kind === "ingress"
    ? `ingress ${origin.ingress}`
    : origin.kind === "canister"
      ? `callback ${origin.callback} of ${origin.canister}`
      : "the system";

export const resultInWords = (result: Result): string =>
  result.kind === "reply" ? `reply ${bytesInWords(result.payload)}` : `reject ${result.error}`;

/** Most paths that are told one by one. */
const mostTold = 8;

export const pathsInWords = (paths: readonly Path[]): string =>
  [
    ...paths.slice(0, mostTold).map((path) => `/${path.join("/")}`),
    ...(paths.length > mostTold ? [`${paths.length - mostTold} more paths`] : []),
  ].join(" and ");

/** What a witness shows: the values by their paths, and the labels with nothing shown below them. */
export const witnessInWords = (tree: HashTree): string => shownBy(tree, "").join(" and ");

const shownBy = (tree: HashTree, above: string): readonly string[] => {
  switch (tree.kind) {
    case "fork":
      return [...shownBy(tree.left, above), ...shownBy(tree.right, above)];
    case "labeled":
      return tree.tree.kind === "pruned" ? [`${above}/${tree.label}`] : shownBy(tree.tree, `${above}/${tree.label}`);
    case "leaf":
      return [`${above} = ${bytesInWords(tree.value)}`];
    case "empty":
      return [`${above === "" ? "/" : above} is empty`];
    case "pruned":
      return [];
  }
};
