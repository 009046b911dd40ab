/**
 * What an execution will do can be foretold in part, because much of what it sees is known from outside: its script, its
 * message, the clock, and for its first instruction also the pages, the balance and what is attached. These laws foretell
 * the bytes of replies, the effects of scripts, and whether a call is sent.
 */
import { busyWorlds } from "../arbitraries/busy.ts";
import { alone } from "../case.ts";
import { callFee, callReserve } from "../money.ts";
import { firstValueOf, lastingValueOf, reachable, sendersOf, type CallInstruction } from "../reading.ts";
import { foresee, type Foreseen } from "../tracking/foresight.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import { callbackLimit, openCallsTo, thresholdOf, type World } from "../tracking/world.ts";
import type { Event, Executed, Instruction, Script } from "../../spec/index.ts";

export const repliesSayWhatTheyName = watchedLaw({
  id: "replies-say-what-they-name",
  statement:
    "A script that replies on its only way answers with a reply, and a reply carries the bytes that it names: a constant, the message, a page, the time of the round, the balance without the prepayment, the cycles available or refunded.",
  source: "spec/script.ts; facts/messages.md section 10.4; facts/cycles.md CYC-P8, CYC-P9",
  cites: [
    "call-reply",
    "call-reject",
    "context-respond",
    "execution-begin",
    "callback-begin",
    "round-begin",
    "context-open",
    "randomness-answer",
  ],
  otherwise: "no reply could be foretold",
  cases: (vocabulary) => busyWorlds(vocabulary, { always: ["reply", "call"] }).map(alone),
  watch: () => {
    let foretold = false;
    let awaited: Foreseen | null = null;
    return {
      onEvent: (event, world) => {
        const foreseen = awaited;
        awaited = event.kind === "executed" && event.trap === null ? foresee(event, world) : null;
        foretold ||= foreseen !== null && event.kind === "answered" && event.result.kind === "reply" && repliesOf(foreseen) !== null;
        return (foreseen === null ? undefined : misanswered(event, foreseen)) ?? (awaited === null ? undefined : answersTooMany(awaited));
      },
      interested: () => foretold,
    };
  },
});

/** What follows the completion of a script, against what the script gives. */
const misanswered = (event: Event, foreseen: Foreseen): Complaint => {
  const op = foreseen.script.find(isAnswer)?.op;
  const what = `${foreseen.canister.id} completed a script that gives a ${op}, but`;
  if (event.kind !== "answered") return op === undefined ? undefined : `${what} gave no answer`;
  const { result } = event;
  if (result.kind === "reject")
    return op === undefined || (op === "reject" && result.error === "IC0406") ? undefined : `${what} answered with ${result.error}`;
  const possible = repliesOf(foreseen);
  return possible === null || possible.includes(result.payload)
    ? undefined
    : `${event.canister} replied "${result.payload}", but what its script names is "${possible.join('" or "')}"`;
};

const answersTooMany = ({ canister: { id }, script, open }: Foreseen): Complaint => {
  const answers = script.filter(isAnswer).length;
  if (answers <= (open ? 1 : 0)) return undefined;
  return `${id} completed a script that gives ${answers} answers in a context that ${open ? "owes one" : "owes none"}`;
};

const isAnswer = ({ op }: Instruction): boolean => op === "reply" || op === "reject";

/** The replies that an execution can give; `null` when one of them cannot be foretold. */
const repliesOf = ({ script, given }: Foreseen): readonly string[] | null => {
  const possible: string[] = [];
  for (const instruction of reachable(script)) {
    if (instruction.op !== "reply") continue;
    const value = instruction === script[0] ? firstValueOf(instruction.payload, given) : lastingValueOf(instruction.payload, given);
    if (value === null) return null;
    possible.push(value);
  }
  return possible;
};

export const scriptsDoWhatTheySay = watchedLaw({
  id: "scripts-do-what-they-say",
  statement:
    "An execution that completed has written the pages, set the timer, accepted and burned the cycles and used the instructions that its script names, as far as they can be foretold.",
  source: "spec/script.ts; facts/cycles.md CYC-P9, T11, T55, CYC-8b.1; facts/messages.md MSG-7.4",
  cites: ["page-write", "timer-set", "cycles-accept", "cycles-burn", "instructions-use", "timer-begin"],
  otherwise: "nothing that completed could be foretold",
  cases: (vocabulary) => busyWorlds(vocabulary, { always: ["write"] }).map(alone),
  watch: () => {
    let foretold = false;
    return {
      onEvent: (event, world) => {
        if (event.kind !== "executed" || event.trap !== null) return undefined;
        const foreseen = foresee(event, world);
        if (foreseen === null) return undefined;
        const all = reachable(foreseen.script);
        foretold ||= all.some(({ op }) => op === "write" || op === "set-timer" || op === "accept" || op === "burn");
        return (
          miswritten(event, foreseen, all) ??
          mistimed(event, foreseen, all) ??
          miscounted(event, foreseen, all) ??
          mispaid(event, foreseen, all, world)
        );
      },
      interested: () => foretold,
    };
  },
});

/** The instruction of this kind, when the script has only one and runs it in any case. */
const onlyOne = <Op extends Instruction["op"]>(
  op: Op,
  script: Script,
  all: readonly Instruction[],
): Extract<Instruction, { readonly op: Op }> | undefined => {
  const found = all.filter((instruction): instruction is Extract<Instruction, { readonly op: Op }> => instruction.op === op);
  return found.length === 1 && script.includes(found[0]!) ? found[0] : undefined;
};

const miswritten = ({ canister: id, wrote }: Executed, { script, given, canister }: Foreseen, all: readonly Instruction[]): Complaint => {
  for (const instruction of script) {
    if (instruction.op !== "write") continue;
    const others = all.filter((other) => other.op === "write" && other.page === instruction.page);
    const value = lastingValueOf(instruction.value, given);
    if (others.length > 1 || value === null) continue;
    const found = wrote.find(([page]) => page === instruction.page)?.[1] ?? canister.pages.get(instruction.page);
    if (found !== value)
      return `${id} wrote "${value}" to page ${instruction.page}, which then holds ${found === undefined ? "nothing" : `"${found}"`}`;
  }
  const unnamed = wrote.find(([page]) => !all.some((instruction) => instruction.op === "write" && instruction.page === page));
  return unnamed === undefined ? undefined : `${id} changed page ${unnamed[0]}, which its script does not write`;
};

const mistimed = (
  { canister: id, cause, timer }: Executed,
  { script, given, canister }: Foreseen,
  all: readonly Instruction[],
): Complaint => {
  const before = cause.kind === "timer" ? null : canister.timer;
  const setting = onlyOne("set-timer", script, all);
  const expected =
    setting !== undefined
      ? setting.after === null
        ? null
        : given.time + setting.after
      : all.some(({ op }) => op === "set-timer")
        ? timer
        : before;
  return timer === expected ? undefined : `the timer of ${id} is ${timer ?? "none"} after a script that makes it ${expected ?? "none"}`;
};

/** The instructions used, when the script has one way only. */
const miscounted = ({ canister: id, instructions }: Executed, { script }: Foreseen, all: readonly Instruction[]): Complaint => {
  if (all.some(({ op }) => op === "when-odd" || op === "call")) return undefined;
  const cost = script.reduce<number>((sum, instruction) => sum + (instruction.op === "consume" ? instruction.instructions : 1), 0);
  return instructions === cost ? undefined : `${id} used ${instructions} instructions for a script of ${cost}`;
};

const mispaid = (
  { canister: id, accepted, burned }: Executed,
  { script, given, canister, open }: Foreseen,
  all: readonly Instruction[],
  world: World,
): Complaint => {
  const accepting = onlyOne("accept", script, all);
  const answersBefore = accepting !== undefined && all.some(({ op }) => op === "reply" || op === "reject") && script.indexOf(accepting) > 0;
  if (accepting !== undefined && !answersBefore) {
    const available = open ? given.available : 0n;
    const expected = accepting.cycles < available ? accepting.cycles : available;
    if (accepted !== expected) return `${id} accepted ${accepted}: it asked for ${accepting.cycles} of ${available}`;
  }
  const first = script[0];
  if (first?.op !== "burn" || onlyOne("burn", script, all) === undefined) return undefined;
  const spare = given.balance - thresholdOf(world, canister);
  const liquid = spare > 0n ? spare : 0n;
  const expected = first.cycles < liquid ? first.cycles : liquid;
  return burned === expected ? undefined : `${id} burned ${burned}: it asked for ${first.cycles}, with ${liquid} above its threshold`;
};

export const callsAreSentAsPaid = watchedLaw({
  id: "calls-are-sent-as-paid",
  statement:
    "A call that is the first thing a script does traps when its payload is too large or its attached cycles are not there, is refused when the queue is full or the fees and the reserve are not there, and is sent otherwise.",
  source: "facts/cycles.md CYC-3.1, CYC-3.2, CYC-H3, CYC-P10; facts/messages.md MSG-P4, MSG-CAP01",
  cites: ["call-send", "execution-begin"],
  otherwise: "no script began with a call",
  cases: (vocabulary) => busyWorlds(vocabulary, { always: ["call"], plant: ["pay", "crowd"], scarce: true }).map(alone),
  watch: () => {
    let called = false;
    return {
      onEvent: (event, world) => {
        if (event.kind !== "executed" || !reachesItsFirst(event, world)) return undefined;
        const foreseen = foresee(event, world);
        const first = foreseen?.script[0];
        const payload = foreseen === null || first?.op !== "call" ? null : firstValueOf(first.payload, foreseen.given);
        if (foreseen === null || first?.op !== "call" || payload === null) return undefined;
        called = true;
        return missent(event, first, payload.length / 2, foreseen, world);
      },
      interested: () => called,
    };
  },
});

/** Where cleanups are left everything, a callback cannot even begin. */
const reachesItsFirst = ({ cause }: Executed, { parameters }: World): boolean =>
  (cause.kind === "response" ? callbackLimit(parameters) : parameters.messageInstructionLimit) >= 1;

const missent = (event: Executed, call: CallInstruction, bytes: number, { canister, given }: Foreseen, world: World): Complaint => {
  const { parameters } = world;
  const spare = given.balance - thresholdOf(world, canister);
  const liquid = spare > 0n ? spare : 0n;
  const what = `${canister.id}, with ${liquid} above its threshold, called ${call.method} of ${call.callee} with ${bytes} bytes and ${call.attached} cycles`;
  const trap = bytes > parameters.maxPayload ? "IC0504" : call.attached > liquid ? "IC0520" : null;
  if (trap !== null) return event.trap === trap ? undefined : `${what}: expected a trap with ${trap}, got ${event.trap ?? "none"}`;
  if (event.trap === "IC0520" && event.instructions === 1) return `${what}, and trapped with IC0520`;
  if (event.trap !== null) return undefined;
  const { cause } = event;
  const freed = cause.kind === "response" && canister.calls.get(cause.callback)?.callee === call.callee ? 1 : 0;
  const open = openCallsTo(canister, call.callee) - freed;
  const cost = call.attached + callFee(parameters, bytes) + callReserve(parameters);
  const reasons = `${open} of ${parameters.queueCapacity} slots taken, ${cost} to pay`;
  const goes = open < parameters.queueCapacity && cost <= liquid;
  const sent = event.calls[0];
  const isIt =
    sent !== undefined &&
    sent.callee === call.callee &&
    sent.method === call.method &&
    sent.attached === call.attached &&
    sent.bytes === bytes;
  if (goes && !isIt) return `${what} (${reasons}), but the call was not sent`;
  // When it was refused, a later call that looks the same may have been sent.
  const alike = sendersOf(canister.genesis, call).length;
  return !goes && isIt && alike === 1 ? `${what} (${reasons}), and the call was sent` : undefined;
};
