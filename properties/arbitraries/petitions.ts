/** What canisters ask of consensus, word for word, and what they give for it: each has some methods, and the same question is asked again and again. */
import {
  asciiOf,
  cycles,
  managementCanister,
  nanoseconds,
  type Instruction,
  type ManagementMethod,
  type Method,
  type Parameters,
} from "../../spec/index.ts";
import { outcallPrice, signaturePrice } from "../money.ts";
import type { Vocabulary } from "../vocabulary.ts";
import type { Dice } from "./dice.ts";
import { answer, callTo, message } from "./plain.ts";
import { within } from "./scripts.ts";

/** Where questions are handed in. */
export interface Counter {
  readonly dice: Dice;
  readonly vocabulary: Vocabulary;
  readonly parameters: Parameters;
}

/** The methods of one canister. */
export const petitionsTo = (counter: Counter): readonly Method[] => {
  const { dice, vocabulary } = counter;
  const told = { onReply: [answer(message)], onReject: [answer(message)], onRefused: [{ op: "reject" } as const] };
  const timeout = vocabulary.customs.has("best-effort") ? { timeout: nanoseconds(dice.pick([0n, 0n, 1n, 1_000_000_000n])) } : {};
  const methods: readonly Method[] = [
    ...Array.from({ length: 8 }, (_, at): Method => ({ name: `ask-${at}`, body: [petition(counter, told)] })),
    { name: "sign", body: [asking(signatureOf(counter, true), 0n, told)] },
    { name: "several", body: [petition(counter), petition(counter), answer()] },
    { name: "hurry", body: [petition(counter, { ...told, ...timeout }, true)] },
    ...(vocabulary.randomness ? [{ name: "throw", body: [callTo(managementCanister, "raw_rand", told)] }] : []),
    { name: "keep", body: [{ op: "write", page: 0, value: message }, answer()] },
  ];
  return methods.map((method) => ({ ...method, body: within(vocabulary.instructions, method.body) }));
};

/** One question, mostly paid for exactly. */
const petition = (counter: Counter, more: Partial<Instruction & { op: "call" }> = {}, sound = false): Instruction => {
  const { dice } = counter;
  const question = dice.chance(40) ? outcallOf(counter, sound) : signatureOf(counter, sound);
  return asking(question, dice.pick(sound ? [0n, 1n, 40n] : [0n, 0n, 0n, 0n, 1n, 40n, -1n]), more);
};

const asking = ([method, words, price]: Petition, beyond: bigint, more: Partial<Instruction & { op: "call" }>): Instruction =>
  callTo(managementCanister, method, {
    payload: { kind: "bytes", bytes: asciiOf(words) },
    attached: cycles(price + beyond > 0n ? price + beyond : 0n),
    ...more,
  });

type Petition = readonly [method: ManagementMethod, words: string, price: bigint];

const signatureOf = ({ dice, parameters }: Counter, sound: boolean): Petition => {
  const method = dice.pick(["sign_with_ecdsa", "sign_with_schnorr", "sign_with_schnorr", "vetkd_derive_key"] as const);
  const key = sound ? parameters.keys[0] : dice.pick(["key-1", "key-1", "key-1", "key-1", "key-2", "key-3"]);
  const text = method === "sign_with_ecdsa" ? "0f".repeat(32) : dice.pick(["pay", "to-whom-it-may-concern", "~"]);
  const words = !sound && dice.chance(5) ? dice.pick([key, `${key} ${text} x`, `${key} `, ` ${text}`, `Key ${text}`]) : `${key} ${text}`;
  return [method, words ?? "", signaturePrice(parameters)];
};

const outcallOf = ({ dice, parameters }: Counter, sound: boolean): Petition => {
  const url = dice.pick(["https://x", "https://example.com/prices?of=icp"]);
  const most = dice.pick([null, 0, 1, 2, 2, 3, 3, parameters.maxPayload, parameters.maxPayload + 1]);
  const good = most === null ? url : `${url} ${most}`;
  const words = !sound && dice.chance(5) ? dice.pick(["https://", `http${url.slice(5)}`, `${url} 03`, `${url} 2000001`]) : good;
  return ["http_request", words, outcallPrice(parameters, words.length, most ?? 2_000_000)];
};
