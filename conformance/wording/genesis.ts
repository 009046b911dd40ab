/** A genesis in the words that people read: what its network sets differently, its neighbours, its canisters and their scripts. */
import {
  managementCanister,
  publishedParameters,
  type CanisterGenesis,
  type CanisterId,
  type CodeGenesis,
  type Committee,
  type FeeTable,
  type Genesis,
  type Instruction,
  type Module,
  type Network,
  type Parameters,
  type Script,
  type TokenGenesis,
  type Value,
} from "../../spec/index.ts";
import { encode } from "../json.ts";
import { bytesInWords, inGroups, textInWords } from "./words.ts";

/** A subnet at the beginning, one line an item. */
export const genesisInWords = ({ parameters, committee, network, tokens, modules = [], canisters }: Genesis): readonly string[] => [
  parametersInWords(parameters),
  ...(committee === undefined ? [] : [committeeInWords(committee)]),
  ...(network === undefined ? [] : networkInWords(network)),
  ...(tokens === undefined ? [] : [tokensInWords(tokens)]),
  ...modules.flatMap(moduleInWords),
  ...canisters.flatMap(canisterInWords),
];

/** The parameters that a reader must know: those that differ from the published ones. */
const parametersInWords = (parameters: Parameters): string => {
  const different = (Object.keys(publishedParameters) as (keyof Parameters)[]).filter(
    (key) => key !== "fees" && encode(parameters[key]) !== encode(publishedParameters[key]),
  );
  const said = (key: keyof Parameters, value: Parameters[keyof Parameters]) =>
    key === "priority" || key === "storage"
      ? partsInWords(key, parameters)
      : `${key} ${typeof value === "string" || typeof value === "boolean" ? value : inGroups(value as number | bigint)}`;
  return [`fees ${parameters.fees.name}`, ...different.map((key) => said(key, parameters[key]))].join(", ");
};

/** Bounds that belong together: each that differs, under its own name. */
const partsInWords = (key: "priority" | "storage", parameters: Parameters): string => {
  const published = new Map<string, number>(Object.entries(publishedParameters[key]));
  return Object.entries<number>({ ...parameters[key] })
    .filter(([part, value]) => published.get(part) !== value)
    .map(([part, value]) => `${key} ${part} ${inGroups(value)}`)
    .join(", ");
};

/** A fee table by its name, and what of it is not zero. */
export const feesInWords = ({ name, schedule, ...prices }: FeeTable): string => {
  const told = Object.entries(prices).filter(([, price]) => price !== 0n);
  return [
    name,
    ...(schedule === "free" ? ["free"] : []),
    ...told.map(([of, price]) => `${of} ${typeof price === "string" ? price : inGroups(price)}`),
  ].join(", ");
};

export const tokensInWords = ({ accounts, permyriad, transferFee, penalties, mintLimit, mintWindow }: TokenGenesis): string =>
  [
    `tokens: ${accounts.map(({ account, balance }) => `${account} has ${inGroups(balance)} e8s`).join(", ") || "nobody has any"}`,
    `one is worth ${inGroups(permyriad)} ten-thousandths of an XDR`,
    `transfer fee ${inGroups(transferFee)}`,
    `penalty ${inGroups(penalties.topUp)} for a top-up, ${inGroups(penalties.create)} for a creation`,
    `at most ${inGroups(mintLimit)} cycles in ${inGroups(mintWindow)} ns`,
  ].join("; ");

export const committeeInWords = ({ nodes, threshold, dealing, offset }: Committee): string =>
  `a committee of ${nodes}, threshold ${threshold}, dealing ${bytesInWords(dealing)}${offset === 0 ? "" : `, tapes ${offset} ahead`}`;

const networkInWords = ({ own, routes }: Network): readonly string[] => [
  `it is ${own}${routes.length === 0 ? ", and knows no route" : `, and knows ${routes.map(({ canister, subnet }) => `${canister} on ${subnet}`).join(", ")}`}`,
];

/** A canister as it comes into being, one line an item. */
export const canisterInWords = ({
  id,
  computeAllocation,
  freezingThreshold,
  balance,
  controllers,
  reservedLimit,
  stablePages,
  ...code
}: CanisterGenesis): readonly string[] => {
  const said = [
    `${id}: balance ${inGroups(balance)}`,
    ...(computeAllocation ? [`allocation ${computeAllocation} %`] : []),
    ...(freezingThreshold ? [`freezing threshold ${inGroups(freezingThreshold)} s`] : []),
    ...(controllers === undefined || controllers.length === 0 ? [] : [`controlled by ${controllers.join(" and ")}`]),
    ...(reservedLimit === undefined ? [] : [`sets at most ${inGroups(reservedLimit)} aside`]),
    ...(stablePages === undefined ? [] : [`stable memory of ${pagesInWords(stablePages)}`]),
    ...(code.persistentHeap === true ? [persistent] : []),
  ];
  return [said.join(", "), ...scriptsInWords(code)];
};

/** What can be installed, one line an item. */
const moduleInWords = ({ name, ...code }: Module): readonly string[] => [
  `module ${name}${code.persistentHeap === true ? `: ${persistent}` : ""}`,
  ...scriptsInWords(code),
];

const persistent = "its heap can outlive an upgrade";

const scriptsInWords = ({ methods, lowMemory, ...code }: CodeGenesis): readonly string[] => {
  const scripts: readonly (readonly [name: string, script: Script | undefined])[] = [
    ...methods.map(({ name, mode = "update", body }) => [mode === "update" ? name : `${nameOfMode[mode]} ${name}`, body] as const),
    ["on timer", code.onTimer.length > 0 ? code.onTimer : undefined],
    ["on heartbeat", code.onHeartbeat],
    ["inspect", code.inspect],
    [`when fewer than ${lowMemory?.threshold} of ${lowMemory?.limit} pages of the heap are left`, lowMemory?.hook],
    ["when installed", code.onInit],
    ["before an upgrade", code.onPreUpgrade],
    ["after an upgrade", code.onPostUpgrade],
  ];
  return scripts.flatMap(([name, script]) =>
    script === undefined ? [] : [`  ${name} ${script.length > 0 ? `{ ${scriptInWords(script)} }` : "{}"}`],
  );
};

const pagesInWords = (count: number): string => `${inGroups(count)} page${count === 1 ? "" : "s"}`;

const nameOfMode = { query: "query", composite: "composite query" } as const;

const scriptInWords = (script: Script): string => script.map(instructionInWords).join("; ");

const instructionInWords = (instruction: Instruction): string => {
  switch (instruction.op) {
    case "consume":
      return `consume ${inGroups(instruction.instructions)}`;
    case "write":
      return `write page ${instruction.page} = ${valueInWords(instruction.value)}`;
    case "stable-grow":
      return `grow stable memory by ${pagesInWords(instruction.pages)}`;
    case "when-odd":
      return `when ${valueInWords(instruction.value)} is odd ${block(instruction.then)}${instruction.otherwise.length > 0 ? ` else ${block(instruction.otherwise)}` : ""}`;
    case "call": {
      const { timeout, callee, method, payload, attached, onReply, onReject, onCleanup, onRefused } = instruction;
      const continuations = [
        ["on reply", onReply],
        ["on reject", onReject],
        ["on cleanup", onCleanup],
        ["on refused", onRefused],
      ] as const;
      const told = continuations.filter(([, script]) => script.length > 0).map(([name, script]) => ` ${name} ${block(script)}`);
      return `call ${callee}.${method}(${argumentInWords(callee, payload)})${attached > 0n ? ` attaching ${inGroups(attached)}` : ""}${timeout === undefined ? "" : ` within ${inGroups(timeout)} ns`}${told.join("")}`;
    }
    case "accept":
    case "burn":
      return `${instruction.op} ${inGroups(instruction.cycles)}`;
    case "reply":
      return `reply ${valueInWords(instruction.payload)}`;
    case "reject":
    case "trap":
      return instruction.op;
    case "accept-message":
      return "accept message";
    case "certify":
      return `certify ${valueInWords(instruction.data)}`;
    case "set-timer":
      return instruction.after === null ? "unset timer" : `set timer in ${inGroups(instruction.after)} ns`;
  }
};

/** What the management canister is told is a text. */
const argumentInWords = (callee: CanisterId, payload: Value): string =>
  callee === managementCanister && payload.kind === "bytes" ? textInWords(payload.bytes) : valueInWords(payload);

const block = (script: Script): string => (script.length > 0 ? `{ ${scriptInWords(script)} }` : "{}");

const valueInWords = (value: Value): string => {
  switch (value.kind) {
    case "bytes":
      return bytesInWords(value.bytes);
    case "page":
      return `page ${value.page}`;
    case "stable-size":
      return "the size of stable memory";
    case "certified":
      return "whether there is a certificate";
    case "controller":
      return `whether ${value.principal} is a controller`;
    default:
      return value.kind;
  }
};
