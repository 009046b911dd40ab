/**
 * Queries to the management canister in drawn worlds. The worlds are those that were drawn; canisters that nobody controlled are in the
 * hands of each other and of users, composite queries and their callbacks ask about this canister and that, about themselves and about whoever asks them, as does
 * a query of each canister that does nothing else, and users ask, too. Some ask what nobody can ask in a query, or in words that nobody understands.
 */
import {
  asciiOf,
  canisterId,
  hex,
  isForQueries,
  managementCanister,
  managementMethods,
  principal,
  userId,
  type CanisterId,
  type CodeGenesis,
  type Genesis,
  type Hex,
  type Instruction,
  type Method,
  type MethodName,
  type Move,
  type Principal,
  type Scenario,
  type Script,
  type Value,
} from "../spec/index.ts";
import { drawFrom, type Draw } from "./drawing.ts";
import { call, message, pageOf, reply, trap, write } from "./small-world.ts";

/** The same world, by the same seed for ever; where there are controllers, nothing happens in it that did not happen before. */
export const withStatuses = (seed: number, { genesis, others = [], inputs }: Scenario): Scenario => {
  const draw = drawFrom(seed ^ 0x57a7);
  const worlds = [genesis, ...others];
  const isRuled = worlds.some(({ canisters }) => canisters.some(({ controllers }) => controllers !== undefined));
  const ids = worlds.map(({ canisters }) => canisters.map(({ id }) => id));
  const asking = (one: Genesis, at: number): Genesis => ({
    ...one,
    canisters: one.canisters.map((born) => codeWith(draw, ids[at]!, isRuled ? born : { ...born, controllers: rulersFrom(draw) })),
    ...(one.modules && { modules: one.modules.map((module) => codeWith(draw, ids[at]!, module)) }),
  });
  return {
    genesis: asking(genesis, 0),
    others: others.map((one, at) => asking(one, at + 1)),
    inputs: inputs.flatMap((move): Move[] => [
      move.kind === "create-canister" ? { ...move, canister: codeWith(draw, ids[0]!, move.canister) } : move,
      ...(draw.chance(1, 3) ? [questionFrom(draw, ids)] : []),
    ]),
  };
};

const rulersFrom = (draw: Draw): Principal[] => draw.list(0, 3, () => draw.of(rulers));
const rulers = ["a", "a", "b", "c", "@ann", "@ann", "@bob"].map(principal);
const users = ["@ann", "@ann", "@ann", "@bob", "@eve"].map(userId);

/** Whoever is there, and now and then somebody else. */
const someoneOf = (draw: Draw, ids: readonly CanisterId[]): CanisterId =>
  draw.chance(1, 8) ? canisterId(draw.of(["canister-0", "a", "x", "far", "nobody", managementCanister])) : draw.of(ids);

const notForQueries: readonly MethodName[] = [
  ...managementMethods.filter((method) => !isForQueries(method)),
  "raw_rand",
  "bitcoin_a",
  "go",
];

const methodFrom = (draw: Draw): MethodName => (draw.chance(1, 10) ? draw.of(notForQueries) : "canister_status");

const questionFrom = (draw: Draw, worlds: readonly (readonly CanisterId[])[]): Extract<Move, { kind: "query" }> => {
  const subnet = draw.below(worlds.length);
  const ids = worlds[subnet]!;
  return {
    kind: "query",
    subnet,
    ...(draw.chance(1, 12) ? {} : { sender: draw.of(users) }),
    ...(draw.chance(1, 2) ? { canister: draw.of(ids), method: WATCH } : { canister: managementCanister, method: methodFrom(draw) }),
    payload: draw.chance(1, 10) ? strayFrom(draw) : asciiOf(someoneOf(draw, ids)),
  };
};

/** What names no canister; the last of it is too long in any world. */
const strayFrom = (draw: Draw): Hex =>
  draw.of([
    hex(""),
    hex("ff"),
    asciiOf("A"),
    asciiOf("a b"),
    asciiOf("a "),
    asciiOf("@ann"),
    asciiOf("a".repeat(33)),
    hex("61".repeat(3000)),
  ]);

/** The composite query of all canisters that does nothing but ask, the management canister and its like. */
const WATCH = "watch";

const codeWith = <T extends CodeGenesis>(draw: Draw, ids: readonly CanisterId[], code: T): T => {
  const methods = code.methods.map((method): Method =>
    method.mode === "composite" ? { ...method, body: scriptWith(draw, ids, method.body) } : method,
  );
  if (methods.some(({ name }) => name === WATCH)) return { ...code, methods };
  const body = draw.list(1, 3, () => (draw.chance(1, 3) ? watchCall(draw, ids) : statusCall(draw, ids)));
  return { ...code, methods: [...methods, { name: WATCH, mode: "composite", body }] };
};

const watchCall = (draw: Draw, ids: readonly CanisterId[]): Instruction =>
  call(draw.of(ids), { method: WATCH, payload: argumentFrom(draw, ids), onReply: toldFrom(draw), onReject: toldFrom(draw) });

/** Mostly before all else, so that it is asked whatever comes then. */
const scriptWith = (draw: Draw, ids: readonly CanisterId[], script: Script): Script => {
  const asking = script.map((instruction): Instruction => {
    if (instruction.op !== "call") return instruction;
    const { onReply, onReject } = instruction;
    return { ...instruction, onReply: scriptWith(draw, ids, onReply), onReject: scriptWith(draw, ids, onReject) };
  });
  if (!draw.chance(1, 2)) return asking;
  const at = draw.chance(2, 3) ? 0 : draw.below(asking.length + 1);
  return [...asking.slice(0, at), statusCall(draw, ids), ...asking.slice(at)];
};

const statusCall = (draw: Draw, ids: readonly CanisterId[]): Instruction =>
  call(managementCanister, {
    method: methodFrom(draw),
    payload: argumentFrom(draw, ids),
    attached: draw.chance(1, 40) ? 5n : 0n,
    onReply: draw.chance(1, 6) ? [statusCall(draw, ids)] : toldFrom(draw),
    onReject: toldFrom(draw),
    onCleanup: draw.chance(1, 2) ? [write(draw.below(4), "0c")] : [],
  });

/** Of whoever it is, of whoever asked it, of whom it is told, or of somebody who is always the same. */
const argumentFrom = (draw: Draw, ids: readonly CanisterId[]): Value =>
  draw.chance(1, 2)
    ? draw.of<Value>([{ kind: "self" }, { kind: "caller" }, message, message, message, pageOf(0)])
    : { kind: "bytes", bytes: asciiOf(someoneOf(draw, ids)) };

const toldFrom = (draw: Draw): Script => {
  const page = draw.below(4);
  return draw.of<Script>([
    [reply(message)],
    [reply(message)],
    [write(page, message)],
    [write(page, message), reply(pageOf(page))],
    [],
    [trap],
  ]);
};
