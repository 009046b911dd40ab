/**
 * Clerks: canisters that ask the management canister for what their users tell them, word for word, alone or several things at
 * once, with more or less to give, and now and then in a hurry.
 */
import {
  asciiOf,
  cycles,
  managementCanister,
  isProvisional,
  managementMethods,
  nanoseconds,
  type Instruction,
  type ManagementMethod,
  type Method,
  type Parameters,
  type Script,
} from "../../spec/index.ts";
import { creationFee } from "../money.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { offering, type Offer } from "./coded-allotments.ts";
import type { Dice } from "./dice.ts";
import { answer, callTo, message } from "./plain.ts";
import { within } from "./scripts.ts";

/** Everything that a clerk has a method for: each method of the management canister, with as much as it gives, and how soon it must be done. */
export const clerkMethods = (
  dice: Dice,
  { instructions: words, customs }: Vocabulary,
  parameters: Parameters,
  draw: () => readonly [ManagementMethod, string],
  offers: readonly Offer[] = [],
): readonly Method[] => {
  const told = { onReply: [answer(message)], onReject: [answer(message)], onRefused: [{ op: "reject" } as const] };
  const fee = creationFee(parameters);
  const gifts = [fee, fee - 1n, fee + 40n, fee + 10n ** 9n].map((gift) => (gift > 0n ? gift : 0n));
  const known = managementMethods.filter((method) => customs.has("provision") || !isProvisional(method));
  const alone = known.map((method): Method => ({
    name: method,
    body: [
      callTo(managementCanister, method, {
        payload: message,
        attached: cycles(isProvisional(method) ? 5n : dice.pick([0n, 0n, 5n])),
        ...told,
      }),
    ],
  }));
  const given = [
    ...gifts.map((attached, at) => [`create_canister-${at}`, attached] as const),
    ...offers.map(({ attached }, at) => [offering(at), attached] as const),
  ];
  const giving = given.map(([name, attached]): Method => ({
    name,
    body: [callTo(managementCanister, "create_canister", { payload: message, attached: cycles(attached), ...told })],
  }));
  const hasty = known.map((method): Method => ({
    name: `${method}-soon`,
    body: [
      callTo(managementCanister, method, {
        payload: message,
        attached: cycles(method === "create_canister" ? fee + 7n : 3n),
        ...(customs.has("best-effort") && { timeout: nanoseconds(dice.pick([0n, 1n, 1_000_000_000n])) }),
        ...told,
      }),
    ],
  }));
  const several = dice.times(3, 5, (): Script => [...dice.times(2, 4, () => fixed(draw())), answer()]);
  const mixed = several.map((body, at): Method => ({ name: `several-${at}`, body }));
  return [...alone, ...giving, ...hasty, ...mixed].map((method) => ({ ...method, body: within(words, method.body) }));
};

/** Of several questions none is waited for. */
const fixed = ([method, words]: readonly [ManagementMethod, string]): Instruction =>
  callTo(managementCanister, method, {
    payload: { kind: "bytes", bytes: asciiOf(words) },
    attached: cycles(method === "create_canister" ? 600n : 0n),
  });
