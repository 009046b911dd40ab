/**
 * Queries that hand out the certificate of the state, or say that they have none: when a user asks them, and when another query does; in
 * bodies, and in vain in callbacks and cleanups. Some call whoever the user asked, who then has it again.
 * @source facts/messages.md MSG-10.4.2, MSG-10.4.15, MSG-10.1.26
 */
import type { Instruction, Method, Script, Value } from "../../spec/index.ts";
import type { Mode } from "../tracking/modes.ts";
import type { Vocabulary } from "../vocabulary.ts";
import type { Office } from "./certifiers.ts";
import { answer, callTo, message } from "./plain.ts";
import { certificate, certificateOf } from "./reads.ts";
import { within } from "./scripts.ts";

/** What the scripts are drawn into. */
type Desk = Pick<Office, "dice" | "vocabulary" | "ids">;

/** The names of these queries, as often as they are asked; none where a machine has no certificates for them. */
export const handoutNames = ({ customs }: Vocabulary): readonly string[] =>
  customs.has("data-certificates") ? ["proof", ...(customs.has("composite-queries") ? ["proofs", "proofs"] : [])] : [];

/** The queries of one canister, as far as a machine knows them. */
export const handoutsOf = (office: Desk): readonly Method[] => {
  const { customs, instructions: words } = office.vocabulary;
  if (!customs.has("data-certificates")) return [];
  const drawn: readonly Method[] = [
    ...(customs.has("queries") || customs.has("replicated-queries")
      ? [{ name: "proof", mode: "query" as const, body: [...kept(office, "query", 20), ...proofOf(office)] }]
      : []),
    ...(customs.has("composite-queries")
      ? [{ name: "proofs", mode: "composite" as const, body: [...kept(office, "composite-query", 35), ...proofsOf(office)] }]
      : []),
  ];
  return drawn.map((method) => ({ ...method, body: within(words, method.body) }));
};

const certified: Value = { kind: "certified" };
const page = (at: number): Value => ({ kind: "page", page: at });

/** What is kept for later, in so many of a hundred. */
const kept = ({ dice }: Desk, mode: Mode, chance: number): Script =>
  dice.chance(chance) ? [{ op: "write", page: 0, value: certificateOf(dice, mode) }] : [];

/** The certificate; or whoever has none says so, mostly. */
const proofOf = ({ dice }: Desk): Script =>
  dice.weigh<() => Script>([
    [6, () => [answer(certificate)]],
    [4, () => [{ op: "when-odd", value: certified, then: [answer(certificate)], otherwise: [answer(certified)] }]],
    [2, () => [answer(certified)]],
    [2, () => [answer(page(0))]],
  ])();

/** Asks another, or itself; and says what it heard, what it has, or had. */
const proofsOf = (office: Desk): Script => {
  const { dice, ids } = office;
  const callback = (): Script => [
    ...(dice.chance(10) ? [{ op: "write" as const, page: 0, value: certificate }] : []),
    ...(dice.chance(12) ? [asked()] : []),
    answer(dice.pick([message, message, message, page(0), certified, certificate])),
    ...(dice.chance(8) ? [{ op: "trap" as const }] : []),
  ];
  const asked = (): Instruction =>
    callTo(dice.chance(40) ? ids[0]! : dice.pick(ids), dice.pick(["proof", "proof", "proof", "proof", "proofs", "proofs", "look"]), {
      payload: message,
      onReply: callback(),
      onReject: callback(),
      onCleanup: dice.times(0, 1, () => ({ op: "write" as const, page: 0, value: dice.chance(75) ? certified : certificate })),
    });
  return dice.times(1, 2, asked);
};
