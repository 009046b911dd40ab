/**
 * Certificates in drawn worlds. The worlds are those that were drawn; here and there a script reads the certificate, or whether there is one, mostly where it
 * may, in queries of users; and every canister has two methods more, a query that tells of the certificate and a composite one that asks others
 * for it, which may ask whoever was asked first; and users ask for it before and after the first round.
 */
import {
  canisterId,
  hex,
  userId,
  type CanisterGenesis,
  type CanisterId,
  type Genesis,
  type Instruction,
  type Move,
  type Scenario,
  type Script,
  type Value,
} from "../spec/index.ts";
import { abilities, type Kind } from "./abilities.ts";
import { drawFrom, type Draw } from "./drawing.ts";
import { codeWith, genesisWith, type Read } from "./drawn-values.ts";
import { call, message, pageOf, reply, write } from "./small-world.ts";

/** The same world, by the same seed for ever. */
export const withCertificates = (seed: number, { genesis, others = [], inputs }: Scenario): Scenario => {
  const draw = drawFrom(seed ^ 0xce47);
  const read: Read = (kind, value) => valueFor(draw, kind, value);
  const ids = [genesis, ...others].map(({ canisters }) => canisters.map(({ id }) => id));
  const certified = (one: Genesis, at: number): Genesis => {
    const { canisters, ...rest } = genesisWith(read, one);
    return { ...rest, canisters: canisters.map((born) => proving(draw, ids[at]!, born)) };
  };
  return {
    genesis: certified(genesis, 0),
    others: others.map((one, at) => certified(one, at + 1)),
    inputs: inputs.flatMap((move): Move[] => [
      ...(draw.chance(1, 3) ? [questionFrom(draw, ids)] : []),
      move.kind === "create-canister" ? { ...move, canister: codeWith(read, move.canister) } : move,
    ]),
  };
};

const certificate: Value = { kind: "certificate" };
const certified: Value = { kind: "certified" };

/** What traps for the certificate does little else any more. */
const valueFor = (draw: Draw, kind: Kind, value: Value): Value => {
  const cut = draw.below(96);
  if (abilities[kind].calls === "requests") return cut < 1 ? certificate : cut < 4 ? certified : value;
  if (!abilities[kind].reads.certificate) return cut < 3 ? certificate : cut < 10 ? certified : value;
  return cut < 6 ? certificate : cut < 14 ? certified : value;
};

/** What tells of the certificate, and what asks for it. */
const ROOT = "root";
const PROOF = "proof";

const proving = (draw: Draw, ids: readonly CanisterId[], canister: CanisterGenesis): CanisterGenesis => ({
  ...canister,
  methods: [
    ...canister.methods,
    { name: ROOT, mode: "query", body: draw.of(telling) },
    { name: PROOF, mode: "composite", body: draw.list(1, 2, () => askingFrom(draw, ids)) },
  ],
});

const whereThere = (then: Script, otherwise: Script): Instruction => ({ op: "when-odd", value: certified, then, otherwise });

const telling: readonly Script[] = [
  [reply(certificate)],
  [whereThere([reply(certificate)], [reply(message)])],
  [whereThere([write(0, certificate)], [write(0, certified)]), reply(pageOf(0))],
  [reply(certified)],
];

/** Mostly a call, for what comes back is read in its callbacks. */
const askingFrom = (draw: Draw, ids: readonly CanisterId[]): Instruction => {
  if (draw.chance(1, 6)) return whereThere([reply(certificate)], [askingFrom(draw, ids)]);
  const callee = draw.chance(1, 12) ? canisterId("nobody") : draw.of(ids);
  return call(callee, {
    method: draw.chance(2, 3) ? ROOT : PROOF,
    payload: draw.of([message, message, certified, certificate]),
    onReply: draw.of(toldOf),
    onReject: draw.of(toldOf),
    onCleanup: draw.chance(1, 3) ? [write(draw.below(4), certified)] : [],
  });
};

const toldOf: readonly Script[] = [
  [reply(message)],
  [reply(message)],
  [write(1, message)],
  [reply(certified)],
  [whereThere([reply(certificate)], [reply(message)])],
  [reply(certificate)],
];

const users = ["@ann", "@bob"].map(userId);

const questionFrom = (draw: Draw, worlds: readonly (readonly CanisterId[])[]): Extract<Move, { kind: "query" }> => {
  const subnet = draw.below(worlds.length);
  return {
    kind: "query",
    subnet,
    ...(draw.chance(1, 2) ? {} : { sender: draw.of(users) }),
    canister: draw.of(worlds[subnet]!),
    method: draw.chance(1, 3) ? ROOT : PROOF,
    payload: hex(draw.of(["", "", "01"])),
  };
};
