/**
 * Worlds of introductions: whatever runs says who asked for it, who it is, whether it is running, who controls it, and what it heard;
 * in bodies, callbacks, cleanups, tasks, inspections, queries and installations, in rounds in which somebody is being stopped. Now and
 * then it asks for what is not there where it runs.
 * @source facts/messages.md MSG-10.4.2, MSG-10.4.3, MSG-10.4.4, MSG-10.4.5, MSG-10.4.7, MSG-10.4.8, MSG-10.4.10, MSG-10.4.16
 */
import type * as fc from "fast-check";
import {
  asciiOf,
  bytes,
  canisterId,
  cycles,
  ingressId,
  instructions,
  managementCanister,
  moduleName,
  nanoseconds,
  percent,
  seconds,
  type CanisterGenesis,
  type CanisterId,
  type CodeGenesis,
  type Instruction,
  type Method,
  type Move,
  type Parameters,
  type Principal,
  type Scenario,
  type Script,
  type Value,
} from "../../spec/index.ts";
import { mayRead, type Mode } from "../tracking/modes.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { withFewerInputs } from "./busy.ts";
import { drawn, type Dice } from "./dice.ts";
import { someBytes } from "./grammar.ts";
import { tapeOf } from "./moves.ts";
import { freeOfCharge, homeward, networkOf } from "./networks.ts";
import { answer, callTo, message } from "./plain.ts";
import { identityOf, namedUsers, readOf, senderDrawn, strayOf } from "./reads.ts";
import { within } from "./scripts.ts";
import { statusCall, statusQuestion } from "./statuses.ts";

export const introducedWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> =>
  drawn((dice) => introducedWorld(dice, vocabulary), withFewerInputs);

/** What the scripts are drawn into. */
interface Salute {
  readonly dice: Dice;
  readonly vocabulary: Vocabulary;
  readonly parameters: Parameters;
  readonly ids: readonly CanisterId[];
}

const introducedWorld = (dice: Dice, vocabulary: Vocabulary): Scenario => {
  const parameters: Parameters = {
    ...networkOf(dice, freeOfCharge, new Set()),
    ...homeward(vocabulary),
    queueCapacity: 200,
    pageSize: bytes(64),
    maxPages: 3,
    heapPages: 1,
    messageInstructionLimit: instructions(200),
    cleanupReserve: 10,
    inspectionInstructionLimit: instructions(50),
    installInstructionLimit: instructions(100),
    tapeLag: dice.pick([1, 2, 3]),
  };
  const ids = names.slice(0, dice.whole(2, 3));
  const salute: Salute = { dice, vocabulary, parameters, ids };
  const genesis = {
    parameters,
    time: nanoseconds(dice.big(0n, 10n ** 12n)),
    canisters: ids.map((id) => canisterOf(salute, id)),
    ...(vocabulary.customs.has("code") && { modules: [{ ...codeOf(salute), name: moduleName("m0") }] }),
  };
  return { genesis, inputs: movesOf(salute) };
};

const names = ["a", "b", "chief"].map(canisterId);
const chief = names[0]!;
const [ann] = namedUsers;

const canisterOf = (salute: Salute, id: CanisterId): CanisterGenesis => {
  const { dice, ids } = salute;
  const controllers: readonly Principal[] = dice.pick<readonly Principal[]>([[chief, ann], [chief], [chief, ann], ids, [ann, id]]);
  return {
    id,
    computeAllocation: percent(0),
    freezingThreshold: seconds(0),
    balance: cycles(10n ** 12n),
    ...(dice.chance(92) && { controllers }),
    stablePages: dice.pick([2, 2, 2, 1, 0]),
    ...codeOf(salute),
  };
};

const codeOf = (salute: Salute): CodeGenesis => {
  const { dice, vocabulary } = salute;
  const { customs, instructions: words } = vocabulary;
  const told = (mode: Mode): Script =>
    within(
      words,
      dice.times(1, 2, () => noteOf(salute, mode)),
    );
  return {
    methods: methodsOf(salute),
    onTimer: told("task"),
    ...(customs.has("heartbeats") && dice.chance(25) && { onHeartbeat: told("task") }),
    ...(customs.has("inspections") && words.has("accept-message") && dice.chance(45) && { inspect: within(words, inspectionOf(salute)) }),
    ...(customs.has("hooks") && dice.chance(20) && { lowMemory: { limit: 1, threshold: 1, hook: told("task") } }),
    ...(customs.has("code") && { onInit: told("arrival"), onPreUpgrade: told("departure"), onPostUpgrade: told("arrival") }),
  };
};

const methodsOf = (salute: Salute): readonly Method[] => {
  const { dice, vocabulary, ids } = salute;
  const { customs, instructions: words, randomness } = vocabulary;
  const asked = ["who", "tell", "deny", "fail", "nowhere"];
  const callback = (): Script => [...dice.times(0, 1, () => noteOf(salute, "callback")), saidBy(salute, "callback")];
  const visit = (more: Partial<Instruction & { op: "call" }> = {}): Instruction =>
    callTo(dice.pick(ids), dice.pick(asked), {
      payload: message,
      attached: cycles(dice.pick([0n, 0n, 7n])),
      onReply: callback(),
      onReject: callback(),
      onRefused: [{ op: "reject" }],
      ...more,
    });
  const regret = { onReply: [{ op: "trap" }], onReject: [{ op: "trap" }] } as const;
  const stopping = callTo(managementCanister, "stop_canister", {
    payload: { kind: "bytes", bytes: asciiOf(dice.pick(ids)) },
    onReply: callback(),
    onReject: callback(),
  });
  const methods: readonly Method[] = [
    { name: "who", body: [saidBy(salute, "update")] },
    { name: "tell", body: [{ op: "accept", cycles: cycles(2n) }, noteOf(salute, "update"), saidBy(salute, "update")] },
    { name: "visit", body: [visit()] },
    { name: "tour", body: [visit({ onReply: [visit()] })] },
    {
      name: "early",
      body: [saidBy(salute, "update"), visit({ onReply: [noteOf(salute, "callback")], onReject: [noteOf(salute, "callback")] })],
    },
    { name: "regret", body: [visit({ ...regret, onCleanup: dice.times(1, 2, () => noteOf(salute, "cleanup")) })] },
    { name: "deny", body: [{ op: "reject" }] },
    { name: "fail", body: [noteOf(salute, "update"), { op: "trap" }] },
    { name: "show", body: [answer({ kind: "page", page: dice.whole(0, 2) })] },
    { name: "alarm", body: [{ op: "set-timer", after: nanoseconds(0n) }, saidBy(salute, "update")] },
    ...(randomness
      ? [{ name: "linger", body: [callTo(managementCanister, "raw_rand", { onReply: callback(), onReject: callback() })] }]
      : []),
    ...(customs.has("management") ? [{ name: "stop", body: [stopping] }] : []),
    ...(customs.has("code") ? installers(salute) : []),
    ...(customs.has("queries") || customs.has("replicated-queries")
      ? [{ name: "ask", mode: "query" as const, body: [...dice.times(0, 1, () => noteOf(salute, "query")), saidBy(salute, "query")] }]
      : []),
    ...(customs.has("composite-queries") ? [{ name: "survey", mode: "composite" as const, body: surveyOf(salute) }] : []),
  ];
  return methods.map((method) => ({ ...method, body: within(words, method.body) }));
};

/** Calls that install code on somebody. */
const installers = ({ dice, ids }: Salute): readonly Method[] =>
  (["reinstall", "upgrade"] as const).map((how) => ({
    name: how,
    body: [
      callTo(managementCanister, "install_code", {
        payload: { kind: "bytes", bytes: asciiOf(`${dice.pick(ids)} ${how} m0`) },
        onReply: [answer(message)],
        onReject: [answer(message)],
      }),
    ],
  }));

/** A composite query: some of those whom it asks answer, some do not. */
const surveyOf = (salute: Salute): Script => {
  const { dice, ids } = salute;
  const told = (): Script => [...dice.times(0, 1, () => noteOf(salute, "query-callback")), saidBy(salute, "query-callback")];
  const call = (more: Partial<Instruction & { op: "call" }>): Instruction =>
    callTo(dice.pick(ids), dice.pick(["ask", "ask", "survey", "nowhere"]), { payload: message, ...more });
  const regretted = call({
    onReply: [{ op: "trap" }],
    onReject: [{ op: "trap" }],
    onCleanup: dice.times(1, 2, () => noteOf(salute, "query-cleanup")),
  });
  const status = salute.vocabulary.customs.has("status-queries") && dice.chance(25);
  return [
    ...dice.times(0, 1, () => noteOf(salute, "composite-query")),
    ...(dice.chance(40) ? [regretted] : []),
    ...(status ? [statusCall(dice, ids, { onReply: dice.chance(50) ? told() : [], onReject: told() })] : []),
    call({ onReply: told(), onReject: told() }),
  ];
};

/** Who gets in: everybody, or those who, or whose wish, is odd. */
const inspectionOf = (salute: Salute): Script => {
  const letIn: Instruction = { op: "accept-message" };
  const { dice } = salute;
  return dice.chance(20)
    ? [letIn]
    : [{ op: "when-odd", value: valueOf(salute, "inspection"), then: [letIn], otherwise: dice.chance(30) ? [letIn] : [] }];
};

/** What is kept on a page, where it can be read later; sometimes by who it is. */
const noteOf = (salute: Salute, mode: Mode): Instruction => {
  const { dice } = salute;
  if (dice.chance(12)) return { op: "stable-grow", pages: dice.pick([1, 1, 2]) };
  const written: Instruction = { op: "write", page: dice.whole(0, 2), value: valueOf(salute, mode) };
  return dice.chance(80)
    ? written
    : { op: "when-odd", value: valueOf(salute, mode), then: [written], otherwise: [{ op: "consume", instructions: instructions(3) }] };
};

const saidBy = (salute: Salute, mode: Mode): Instruction => answer(valueOf(salute, mode));

/** Mostly somebody who takes part; now and then what is not there, more often where little of it is. */
const valueOf = ({ dice, vocabulary: { customs }, ids }: Salute, mode: Mode): Value => {
  const reader = { mode, canisters: ids, customs };
  const stray = dice.chance(mayRead("message", mode) ? 5 : 25) ? strayOf(dice, reader) : null;
  if (stray !== null) return stray;
  return customs.has("identities") && dice.chance(60) ? identityOf(dice, reader) : readOf(dice, reader, usual);
};

const usual = [
  ...(["message", "available", "refunded", "deadline", "time", "version", "balance", "stable-size", "instructions"] as const).map(
    (kind) => [2, (): Value => ({ kind })] as const,
  ),
  ...([1, 2, 3] as const).map((page) => [1, (): Value => ({ kind: "page", page })] as const),
];

const movesOf = (salute: Salute): readonly Move[] => {
  const { dice, vocabulary, ids, parameters } = salute;
  const { customs, inputs } = vocabulary;
  const moves: Move[] = [];
  const round = (): void =>
    void moves.push({ kind: "round", elapsed: nanoseconds(dice.pick([0n, 1n, 10n ** 9n])), tape: tapeOf(dice, moves) });
  const asked = (): Pick<Move & { kind: "query" }, "sender" | "canister" | "payload"> => ({
    ...senderDrawn(dice, vocabulary),
    canister: dice.pick(ids),
    payload: someBytes(dice, dice.whole(0, 2)),
  });
  const say = (method: string, canister?: CanisterId): void => {
    if (inputs.has("ingress"))
      moves.push({ kind: "ingress", id: ingressId(`i${moves.length}`), method, ...asked(), ...(canister && { canister }) });
  };
  const known = ["who", "tell", "visit", "visit", "tour", "early", "regret", "regret", "fail", "show", "alarm", "linger", "ask"];
  for (let rounds = dice.whole(4, 8); rounds > 0; rounds--) {
    dice.times(1, 5, () => say(dice.pick(known)));
    if (customs.has("management") && dice.chance(25)) dice.shuffle(["stop", "linger", "visit"]).forEach((method) => say(method, chief));
    if (customs.has("code") && dice.chance(35)) say(dice.pick(["upgrade", "reinstall"]), chief);
    if (customs.has("users") && inputs.has("ingress") && dice.chance(25)) moves.push(wishOf(salute, `u${moves.length}`));
    if (customs.has("queries") && inputs.has("query"))
      dice.times(0, 3, () =>
        moves.push({
          kind: "query",
          ...asked(),
          method: dice.pick(customs.has("composite-queries") ? ["ask", "survey", "survey"] : ["ask"]),
          ...(customs.has("status-queries") && dice.chance(20) && statusQuestion(dice, ids)),
        }),
      );
    if (inputs.has("restart") && dice.chance(10)) moves.push({ kind: "restart" });
    round();
  }
  dice.times(2, parameters.tapeLag + 3, round);
  return moves;
};

/** What ann asks of the management canister. */
const wishOf = ({ dice, vocabulary, ids }: Salute, id: string): Move => {
  const about = dice.pick(ids);
  const [method, words] = dice.weigh<readonly [string, string]>([
    [2, ["stop_canister", about]],
    [3, ["start_canister", about]],
    [vocabulary.customs.has("code") ? 4 : 0, ["install_code", `${about} ${dice.pick(["upgrade", "reinstall"])} m0`]],
    [
      vocabulary.customs.has("code") ? 2 : 0,
      ["update_settings", `${about} controllers=${dice.pick(["@ann", "@ann,a", "a", "@bob,@ann"])}`],
    ],
  ]);
  return { kind: "ingress", id: ingressId(id), sender: ann, canister: managementCanister, method, payload: asciiOf(words) };
};
