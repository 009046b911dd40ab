/**
 * What scripts read of the world around them. Mostly it is there to be read where the script runs; now and then it is not, and the
 * script traps.
 */
import { anonymous, userId, type CanisterId, type Principal, type UserId, type Value } from "../../spec/index.ts";
import { mayRead, type Mode } from "../tracking/modes.ts";
import type { Custom, Vocabulary } from "../vocabulary.ts";
import type { Dice } from "./dice.ts";

/** Where a script runs, and whom it may name. */
export interface Reader {
  readonly mode: Mode;
  readonly canisters: readonly CanisterId[];
  readonly customs: ReadonlySet<Custom>;
}

/** What is mostly drawn here, where it is there to be read; else one of who takes part, or one that traps. */
export const readOf = (dice: Dice, reader: Reader, usual: readonly (readonly [weight: number, value: () => Value])[]): Value => {
  const { mode, customs } = reader;
  const stray = dice.chance(4) ? strayOf(dice, reader) : null;
  if (stray !== null) return stray;
  if (customs.has("identities") && dice.chance(18)) return identityOf(dice, reader);
  if (customs.has("data-certificates") && dice.chance(mayRead("certificate", mode) ? 12 : 3)) return certificateOf(dice, mode);
  const drawn = dice.weigh(usual)();
  return mayRead(drawn.kind, mode) ? drawn : dice.pick<Value>([{ kind: "page", page: 0 }, { kind: "time" }]);
};

/** What may not be read there; `null` where everything may. */
export const strayOf = (dice: Dice, { mode, customs }: Reader): Value | null => {
  if (customs.has("data-certificates") && !mayRead("certificate", mode) && dice.chance(12)) return certificate;
  const strays = [...(customs.has("identities") ? identityStrays : []), ...usualStrays].filter(({ kind }) => !mayRead(kind, mode));
  return strays.length === 0 ? null : dice.pick(strays);
};

const usualStrays: readonly Value[] = (["message", "available", "refunded", "deadline"] as const).map((kind) => ({ kind }));
const identityStrays: readonly Value[] = (["reject-code", "method"] as const).map((kind) => ({ kind }));

export const certificate: Value = { kind: "certificate" };

/** The certificate, where some may read it; else whether it is there. */
export const certificateOf = (dice: Dice, mode: Mode): Value =>
  mayRead("certificate", mode) && dice.chance(60) ? certificate : { kind: "certified" };

/** What says who takes part, and is there to be read. */
export const identityOf = (dice: Dice, { mode, canisters }: Pick<Reader, "mode" | "canisters">): Value => {
  const code = mayRead("reject-code", mode) ? 4 : 0;
  const method = mayRead("method", mode) ? 4 : 0;
  return dice.weigh<() => Value>([
    [4, () => ({ kind: "caller" })],
    [2, () => ({ kind: "self" })],
    [3, () => ({ kind: "status" })],
    [3, () => ({ kind: "controller", principal: principalOf(dice, canisters) })],
    [code, () => ({ kind: "reject-code" })],
    [method, () => ({ kind: "method" })],
  ])();
};

/** Somebody: a canister, a user, or who is nowhere. */
const principalOf = (dice: Dice, canisters: readonly CanisterId[]): Principal =>
  dice.chance(65) && canisters.length > 0 ? dice.pick(canisters) : dice.pick<Principal>([...namedUsers, anonymous, userId("@nobody")]);

/** Users who have names. */
export const namedUsers = ["@ann", "@bob", "@eve"].map(userId) as [ann: UserId, bob: UserId, eve: UserId];

/** Who sends a message or asks a query; where users have no names, nobody says who it is. */
export const senderDrawn = (dice: Dice, { customs }: Vocabulary): { readonly sender?: UserId } =>
  customs.has("users") && dice.chance(60) ? { sender: dice.pick([...namedUsers, anonymous]) } : {};

/** Controllers, where scripts ask for them. */
export const controllersDrawn = (
  dice: Dice,
  customs: ReadonlySet<Custom>,
  canisters: readonly CanisterId[],
): { readonly controllers?: readonly Principal[] } =>
  customs.has("identities") && dice.chance(60)
    ? {
        controllers: [
          ...new Set([...dice.times<Principal>(0, 2, () => dice.pick(canisters)), ...dice.times(0, 1, () => dice.pick(namedUsers))]),
        ],
      }
    : {};
