/**
 * The rooms of the house as data: who may import whom, and which packages a room may use. The tidy test holds every
 * import to this table, and ARCHITECTURE.md says the same in words; a change here is a decision and gets a record in
 * docs/decisions/.
 */

export interface Room {
  readonly name: string;
  /** What the room is for, in one sentence. */
  readonly purpose: string;
  /** The rooms that its files may import, through their `index.ts`. */
  readonly rooms: readonly string[];
  /** The packages that its files may import; a leaf may use whatever the package declares. */
  readonly packages: readonly string[] | "declared";
  /** Whether it may use the modules of Node; a list names the files, or folders with a trailing slash, that may. */
  readonly node: boolean | readonly string[];
}

/** The rooms that a leaf may visit, and a test of any room. Nobody visits a leaf. */
export const everyRoom: readonly string[] = ["spec", "model", "impl", "properties", "conformance", "cli"];

export const rooms: readonly Room[] = [
  { name: "spec", purpose: "what is said: words, rules, parameters, the door", rooms: [], packages: [], node: false },
  {
    name: "model",
    purpose: "what it means: the executable reference state machine",
    rooms: ["spec"],
    packages: ["immer", "ts-pattern", "@noble/curves", "@noble/hashes"],
    node: false,
  },
  { name: "impl", purpose: "the same, fast", rooms: ["spec"], packages: ["@noble/curves", "@noble/hashes"], node: false },
  {
    name: "properties",
    purpose: "what must always hold, and the worlds to try it in",
    rooms: ["spec"],
    // The curve for tapes alone: docs/decisions/0005-properties-may-sign.md; special functions for statistics alone:
    // docs/decisions/0006-special-functions-from-a-library.md.
    packages: ["fast-check", "ts-pattern", "@noble/curves", "@noble/hashes", "cephes"],
    node: false,
  },
  {
    name: "conformance",
    purpose: "where a machine is tried",
    rooms: ["spec", "model", "properties"],
    packages: ["fast-check", "ts-pattern", "zod", "@noble/hashes"],
    node: ["conformance/adapters/", "conformance/failures.ts", "conformance/store.ts"],
  },
  {
    name: "cli",
    purpose: "the only room with console and exit codes",
    rooms: ["spec", "conformance", "model", "impl"],
    packages: ["commander", "cli-progress", "cli-table3", "zod"],
    node: true,
  },
  {
    name: "docs",
    purpose: "the reading room",
    rooms: ["spec", "model", "properties", "conformance"],
    packages: ["typescript"],
    node: true,
  },
  { name: "vectors", purpose: "frozen scenarios and traces: JSON, no code", rooms: [], packages: [], node: false },
  { name: "bench", purpose: "a leaf: how fast", rooms: everyRoom, packages: "declared", node: true },
  { name: "examples", purpose: "a leaf: machines of strangers", rooms: everyRoom, packages: "declared", node: true },
  { name: "tools", purpose: "a leaf: what keeps the house in order", rooms: everyRoom, packages: "declared", node: true },
  {
    name: "(root)",
    purpose: "the rooms as one package, and the configuration of the tools",
    rooms: ["spec", "model", "impl", "properties", "conformance"],
    packages: "declared",
    node: true,
  },
];

/** The room of a file: its first folder, or the root. */
export const roomOf = (path: string): Room | undefined => {
  const slash = path.indexOf("/");
  return rooms.find(({ name }) => name === (slash < 0 ? "(root)" : path.slice(0, slash)));
};

/** Most lines of a file; a longer one has its reason here. A reason whose file became short again must go. */
export const longestFile = 300;
export const longestPython = 400;
export const longerFiles: Readonly<Record<string, string>> = {};

/** Whether a file is a test. A test may meet any room through its door, and may use the modules of Node. */
export const isTest = (path: string): boolean => path.endsWith(".test.ts");
