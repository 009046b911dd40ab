/**
 * Canisters for worlds in which canisters decide about each other: methods that ask the management canister, alone or several
 * at once, or go on when they have heard; and methods, tasks and hooks of those whom it is about.
 */
import {
  asciiOf,
  cycles,
  hex,
  instructions,
  managementCanister,
  nanoseconds,
  plainMethods,
  type CanisterGenesis,
  type CanisterId,
  type Instruction,
  type ManagementMethod,
  type Method,
  type Parameters,
  type Script,
  type Value,
} from "../../spec/index.ts";
import type { Vocabulary } from "../vocabulary.ts";
import type { Dice } from "./dice.ts";
import { answer, callTo, message, nothing, repeated } from "./plain.ts";
import { identityOf, readOf } from "./reads.ts";
import { within } from "./scripts.ts";
import { statusCall } from "./statuses.ts";

/** What the scripts are drawn into. */
export interface Court {
  readonly dice: Dice;
  readonly vocabulary: Vocabulary;
  readonly parameters: Parameters;
  readonly ids: readonly CanisterId[];
  /** Who is elsewhere, or nowhere. */
  readonly strays: readonly CanisterId[];
  /** Whether nobody goes or loses its code. */
  readonly lasting: boolean;
}

/** The methods of one canister: what it asks, and what others may ask of it. */
export const methodsOf = (court: Court, id: CanisterId): readonly Method[] => {
  const { vocabulary } = court;
  const { customs } = vocabulary;
  const methods: readonly Method[] = [
    { name: "keep", body: [{ op: "write", page: 0, value: message }, answer(message)] },
    { name: "toil", body: [...toil(court), { op: "accept", cycles: cycles(2n) }, answer()] },
    { name: "linger", body: [lingering(court)] },
    { name: "visit", body: visitOf(court, "linger") },
    { name: "pester", body: visitOf(court, "toil") },
    ...(customs.has("management") ? petitionsOf(court, id) : []).map((body, at): Method => ({
      name: `ask${at}`,
      body,
    })),
    ...(customs.has("queries") ? [{ name: "read", mode: "query", body: [answer({ kind: "page", page: 0 })] } as const] : []),
    ...(customs.has("queries") && customs.has("composite-queries")
      ? [{ name: "inquire", mode: "composite", body: [inquiryOf(court)] } as const]
      : []),
  ];
  return methods.map((method) => ({ ...method, body: within(vocabulary.instructions, method.body) }));
};

/** What a query asks: what somebody has written down, or what his status is. */
const inquiryOf = ({ dice, vocabulary, ids }: Court): Instruction => {
  const told = { onReply: [answer(message)], onReject: [answer(message)] };
  return vocabulary.customs.has("status-queries") && dice.chance(50)
    ? statusCall(dice, ids, told)
    : callTo(dice.pick(ids), "read", { onReply: [answer(message)] });
};

/** What it does without being asked. */
export const tasksOf = ({ dice, vocabulary, parameters, ids }: Court): Pick<CanisterGenesis, "onTimer" | "onHeartbeat" | "lowMemory"> => {
  const { customs, instructions: words } = vocabulary;
  const told = (): Value => readOf(dice, { mode: "task", canisters: ids, customs }, [[1, () => ({ kind: "time" })]]);
  const mark: Script = [{ op: "write", page: 1, value: told() }];
  const hooked = customs.has("hooks") && dice.chance(40);
  return {
    onTimer: within(words, mark),
    ...(customs.has("heartbeats") && dice.chance(30) && { onHeartbeat: within(words, mark) }),
    ...(hooked && {
      lowMemory: {
        limit: parameters.maxPages,
        threshold: dice.whole(1, parameters.maxPages),
        hook: within(words, [{ op: "write", page: 0, value: { kind: "time" } }]),
      },
    }),
  };
};

/** A message, of more than one slice where there are slices. */
const toil = ({ dice, parameters, vocabulary }: Court): Script => {
  const most = parameters.messageInstructionLimit - 8;
  const effort = dice.chance(80) ? dice.whole(Math.min(most, parameters.sliceInstructionLimit), most) : dice.whole(0, 4);
  const alarm: Script =
    vocabulary.instructions.has("set-timer") && dice.chance(40)
      ? [{ op: "set-timer", after: nanoseconds(dice.pick([0n, 1n, 2_000_000_000n])) }]
      : [];
  return [
    ...alarm,
    { op: "write", page: dice.whole(0, 1), value: message },
    { op: "consume", instructions: instructions(Math.max(0, effort)) },
  ];
};

/** An answer that comes when the tape does; sometimes somebody is called then, whatever was decided meanwhile. */
const lingering = (court: Court): Instruction => {
  const { dice, vocabulary, ids } = court;
  const { customs } = vocabulary;
  const then: Script = dice.chance(30)
    ? [callTo(dice.pick(ids), dice.pick(["keep", "linger"]), { onReply: [answer(message)], onReject: [answer(message)] })]
    : [answer(customs.has("identities") && dice.chance(40) ? identityOf(dice, { mode: "callback", canisters: ids }) : message)];
  return vocabulary.randomness ? callTo(managementCanister, "raw_rand", { onReply: then, onReject: [{ op: "reject" }] }) : answer();
};

const visitOf = (court: Court, method: string): Script => {
  const { dice, ids } = court;
  const call = callTo(dice.pick(ids), method, {
    payload: message,
    attached: cycles(dice.pick([0n, 0n, 3n])),
    ...hurryOf(court, 30),
    onReply: [{ op: "write", page: 1, value: message }, answer(message)],
    onReject: [answer(message)],
    onRefused: [{ op: "reject" }],
  });
  return dice.chance(30) ? [...repeated(2, [call]).map(unanswering), answer()] : [call];
};

/** Of several, none answers. */
const unanswering = (instruction: Instruction): Instruction =>
  instruction.op === "call" ? { ...instruction, onReply: [], onReject: [], onRefused: [] } : instruction;

const hurryOf = ({ dice, vocabulary }: Court, chance: number): { timeout?: ReturnType<typeof nanoseconds> } =>
  vocabulary.customs.has("best-effort") && dice.chance(chance)
    ? { timeout: nanoseconds(dice.pick([0n, 1n, 1_000_000_000n, dice.big(0n, 3_000_000_000n)])) }
    : {};

/** What a canister asks of the platform: most of what there is to ask, each about somebody. */
const petitionsOf = (court: Court, own: CanisterId): readonly Script[] => {
  const { dice, vocabulary, ids, lasting, strays } = court;
  const others = ids.filter((id) => id !== own);
  const somebody = (): CanisterId => (dice.chance(10) || others.length === 0 ? own : dice.pick(others));
  const told = { onReply: [answer(message)], onReject: [answer(message)] };
  const alone = (method: string, target = somebody()): Script => [asking(court, target, method, told)];
  const atOnce = (...methods: readonly string[]): Script => {
    const target = somebody();
    return [...methods.map((method) => asking(court, target, method)), answer()];
  };
  const whenStopped = (then: (target: CanisterId) => Instruction): Script => {
    const target = somebody();
    return [asking(court, target, "stop_canister", { onReply: [then(target)], onReject: told.onReject })];
  };
  const petitions: readonly Script[] = [
    alone("stop_canister"),
    alone("start_canister"),
    alone("canister_status"),
    alone("deposit_cycles"),
    alone(methodOf(court)),
    ...(lasting ? [] : [alone("uninstall_code"), alone("delete_canister")]),
    // At once: the order in which they were sent counts.
    atOnce("stop_canister", "start_canister"),
    atOnce("stop_canister", dice.pick(["stop_canister", "canister_status", "start_canister"])),
    [...dice.times(2, 4, () => asking(court, somebody(), methodOf(court))), answer()],
    // One after another.
    ...dice.times(2, 2, () => whenStopped((target) => callTo(target, "keep", told))),
    whenStopped((target) => asking(court, target, methodOf(court), told)),
    whenStopped((target) => asking(court, target, "start_canister", told)),
    ...(lasting ? [] : dice.times(1, 2, () => whenStopped((target) => asking(court, target, "delete_canister", told)))),
    // What makes no sense.
    alone(methodOf(court), dice.pick(strays)),
    alone(dice.pick(["fly", "raw_rand"])),
    [{ ...asking(court, somebody(), methodOf(court)), payload: nonsense(dice) } as Instruction, answer()],
  ];
  const [first, ...more] = petitions;
  const provisions = vocabulary.customs.has("provision") && dice.chance(60) ? [alone("provisional_top_up_canister")] : [];
  return [first!, ...provisions, ...dice.shuffle(more).slice(0, dice.whole(7, more.length))];
};

const asking = (court: Court, target: CanisterId, method: string, more: Partial<Instruction & { op: "call" }> = {}): Instruction => {
  const { dice } = court;
  const some = method === "deposit_cycles" ? dice.pick([0n, 1n, 7n, 40n]) : dice.pick([0n, 0n, 5n]);
  return callTo(managementCanister, method, {
    payload: { kind: "bytes", bytes: asciiOf(method === "provisional_top_up_canister" ? `${target} ${dice.pick([0, 7])}` : target) },
    attached: cycles(some),
    ...hurryOf(court, 18),
    ...more,
  });
};

const methodOf = ({ dice, lasting }: Court): ManagementMethod =>
  dice.pick([
    "canister_status",
    "deposit_cycles",
    "start_canister",
    "stop_canister",
    ...(lasting ? [] : (["uninstall_code", "delete_canister", "delete_canister"] as const)),
    dice.pick(plainMethods.filter((method) => !lasting || (method !== "uninstall_code" && method !== "delete_canister"))),
  ] as const);

/** No id: nothing, bytes that are no letters, or letters that no id has. */
const nonsense = (dice: Dice): Value =>
  dice.pick<Value>([nothing, { kind: "bytes", bytes: hex("00ff") }, { kind: "bytes", bytes: asciiOf("A b") }, { kind: "balance" }]);
