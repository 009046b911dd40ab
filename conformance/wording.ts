/**
 * The words in which a case is shown to people: scripts, inputs and events as short text. What is shown is for reading;
 * the case itself lies in the failure's file.
 */
import {
  byteLength,
  publishedParameters,
  type CanisterGenesis,
  type Cause,
  type Committee,
  type Event,
  type Executed,
  type Hex,
  type Input,
  type Instruction,
  type Origin,
  type Parameters,
  type Result,
  type Script,
  type SentCall,
  type ShareOrigin,
  type Value,
} from "../spec/index.ts";
import type { Relation } from "../properties/index.ts";
import { encode } from "./json.ts";

/** The parameters that a reader must know: those that differ from the published ones. */
export const parametersInWords = (parameters: Parameters): string => {
  const different = (Object.keys(publishedParameters) as (keyof Parameters)[]).filter(
    (key) => key !== "fees" && parameters[key] !== publishedParameters[key],
  );
  return [`fees ${parameters.fees.name}`, ...different.map((key) => `${key} ${encode(parameters[key])}`)].join(", ");
};

export const committeeInWords = ({ nodes, threshold, dealing, offset }: Committee): string =>
  `a committee of ${nodes}, threshold ${threshold}, dealing ${bytesInWords(dealing)}${offset === 0 ? "" : `, tapes ${offset} ahead`}`;

export const canisterInWords = ({
  id,
  computeAllocation,
  freezingThreshold,
  balance,
  methods,
  onTimer,
}: CanisterGenesis): readonly string[] => [
  `${id}: balance ${inGroups(balance)}${computeAllocation ? `, allocation ${computeAllocation} %` : ""}${freezingThreshold ? `, freezing threshold ${freezingThreshold} s` : ""}`,
  ...methods.map(({ name, body }) => `  ${name} { ${scriptInWords(body)} }`),
  ...(onTimer.length > 0 ? [`  on timer { ${scriptInWords(onTimer)} }`] : []),
];

export const scriptInWords = (script: Script): string => script.map(instructionInWords).join("; ");

const instructionInWords = (instruction: Instruction): string => {
  switch (instruction.op) {
    case "consume":
      return `consume ${inGroups(instruction.instructions)}`;
    case "write":
      return `write page ${instruction.page} = ${valueInWords(instruction.value)}`;
    case "when-odd":
      return `when ${valueInWords(instruction.value)} is odd ${block(instruction.then)}${instruction.otherwise.length > 0 ? ` else ${block(instruction.otherwise)}` : ""}`;
    case "call": {
      const { callee, method, payload, attached, onReply, onReject, onCleanup, onRefused } = instruction;
      const continuations = [
        ["on reply", onReply],
        ["on reject", onReject],
        ["on cleanup", onCleanup],
        ["on refused", onRefused],
      ] as const;
      const told = continuations.filter(([, script]) => script.length > 0).map(([name, script]) => ` ${name} ${block(script)}`);
      return `call ${callee}.${method}(${valueInWords(payload)})${attached > 0n ? ` attaching ${inGroups(attached)}` : ""}${told.join("")}`;
    }
    case "accept":
    case "burn":
      return `${instruction.op} ${inGroups(instruction.cycles)}`;
    case "reply":
      return `reply ${valueInWords(instruction.payload)}`;
    case "reject":
    case "trap":
      return instruction.op;
    case "set-timer":
      return instruction.after === null ? "unset timer" : `set timer in ${inGroups(instruction.after)} ns`;
  }
};

const block = (script: Script): string => (script.length > 0 ? `{ ${scriptInWords(script)} }` : "{}");

const valueInWords = (value: Value): string => {
  switch (value.kind) {
    case "bytes":
      return bytesInWords(value.bytes);
    case "page":
      return `page ${value.page}`;
    default:
      return value.kind;
  }
};

const bytesInWords = (bytes: Hex): string => {
  if (bytes === "") return "nothing";
  return bytes.length <= 32 ? `0x${bytes}` : `0x${bytes.slice(0, 16)}... (${byteLength(bytes)} bytes)`;
};

export const inputInWords = (input: Input): string => {
  switch (input.kind) {
    case "ingress":
      return `ingress ${input.id}: ${input.canister}.${input.method}(${bytesInWords(input.payload)})`;
    case "round":
      return `round: ${inGroups(input.elapsed)} ns later, tape ${bytesInWords(input.tape)}${input.coreOrder ? `, cores in the order ${input.coreOrder.join(" ")}` : ""}${input.checkpoint ? ", with a checkpoint" : ""}`;
    case "top-up":
      return `top-up of ${input.canister} with ${inGroups(input.cycles)}`;
    case "create-canister":
      return `canister ${input.canister.id} is created`;
    case "delete-canister":
      return `canister ${input.canister} is deleted`;
    case "set-compute-allocation":
      return `canister ${input.canister} is to have ${input.computeAllocation} percent of a core`;
    case "finalise":
      return `node ${input.node} sees block ${input.height} as final`;
    case "share":
      return `${shareInWords(input.origin)} node ${input.from} for height ${input.height}, to node ${input.to}`;
    case "restart":
      return "restart";
  }
};

const shareInWords = (origin: ShareOrigin): string => {
  switch (origin.kind) {
    case "released":
      return "the share of";
    case "leaked":
      return "a share that is leaked by";
    case "forged":
      return `a made-up share ${bytesInWords(origin.share)} in the name of`;
  }
};

export const relationInWords = (relation: Relation): string | null => {
  switch (relation.kind) {
    case "none":
      return null;
    case "rerun":
      return "the same again";
    case "restarted":
      return `the same, with a restart before input ${relation.before.map((at) => at + 1).join(", ")}`;
    case "reordered":
      return "the same, with the canisters of the genesis listed in another order";
    case "cores-permuted":
      return `the same, with the cores run in the order ${relation.coreOrder.join(" ")}`;
    case "tape-replaced":
      return `the same, with another tape in round ${relation.round}: ${bytesInWords(relation.tape)}`;
  }
};

/** An event on one line: its kind, who, and what is not zero. */
export const eventInWords = (event: Event): string => {
  const { kind, ...fields } = event;
  const told = Object.entries(fields as Readonly<Record<string, unknown>>).flatMap(([name, value]) => {
    if ((value === 0 && !naming.has(name)) || value === 0n || value === "none" || (Array.isArray(value) && value.length === 0)) return [];
    if (value === null && name !== "context") return [];
    return [name === "canister" ? fieldInWords(name, value) : `${name} ${fieldInWords(name, value)}`];
  });
  return [kind, ...told].join(", ");
};

/** Numbers that name something: zero is a name like any other. */
const naming = new Set(["callback", "context", "core", "index", "height", "node", "from"]);

const fieldInWords = (name: string, value: unknown): string => {
  if (typeof value === "bigint" || typeof value === "number") return inGroups(value);
  if (typeof value === "string") return value;
  if (name === "origin") return originInWords(value as Origin);
  if (name === "cause") return causeInWords(value as Cause);
  if (name === "result") return resultInWords(value as Result);
  if (name === "calls") return (value as readonly SentCall[]).map(callInWords).join(" and ");
  if (name === "wrote")
    return (value as Executed["wrote"]).map(([page, content]) => `page ${page} = ${bytesInWords(content)}`).join(" and ");
  return encode(value);
};

const causeInWords = (cause: Cause): string => {
  switch (cause.kind) {
    case "update":
      return `${cause.method} for ${originInWords(cause.origin)}${cause.attached > 0n ? ` with ${inGroups(cause.attached)}` : ""}`;
    case "response":
      return `${cause.result} to callback ${cause.callback}`;
    case "timer":
      return "timer";
  }
};

const callInWords = ({ callback, callee, method, bytes, attached, fee, reserve }: SentCall): string =>
  `callback ${callback} to ${callee}.${method} (${bytes} bytes, attached ${inGroups(attached)}, fee ${inGroups(fee)}, reserve ${inGroups(reserve)})`;

const originInWords = (origin: Origin): string =>
  origin.kind === "ingress"
    ? `ingress ${origin.ingress}`
    : origin.kind === "canister"
      ? `callback ${origin.callback} of ${origin.canister}`
      : "the system";

const resultInWords = (result: Result): string =>
  result.kind === "reply" ? `reply ${bytesInWords(result.payload)}` : `reject ${result.error}`;

/** Digits in groups of three. */
export const inGroups = (count: bigint | number): string => count.toString().replace(/\B(?=(\d{3})+(?!\d))/g, "_");
