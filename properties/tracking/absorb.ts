/**
 * How an event changes what an onlooker knows. Nothing is judged here: an event that cannot be, because it names a
 * canister, a call or a message that nobody knows of, is noted as far as it makes sense; laws say what is wrong with it.
 */
import { rejectCodeOf, type Cause, type Event, type EventKind, type Executed, type Result, type Step } from "../../spec/index.ts";
import { constantOf, sendersOf } from "../reading.ts";
import { messageOf } from "./foresight.ts";
import { committeeNotes } from "./committee.ts";
import {
  callOf,
  isActive,
  remainingCounter,
  type Input,
  type TrackedCall,
  type TrackedCanister,
  type TrackedResponse,
  type World,
} from "./world.ts";

/** Notes an event of a step. */
export const absorb = (world: World, event: Event, step: Step): void => {
  const note = notes[event.kind] as ((world: World, event: Event, step: Step) => void) | undefined;
  note?.(world, event, step);
};

/**
 * Notes what begins with an event, before anybody looks at it: a round, or an iteration, whose active canisters are
 * those of this moment.
 */
export const anticipate = (world: World, event: Event): void => {
  const { round } = world;
  if (event.kind === "round-began") {
    world.round = { height: event.height, iterations: [], turn: null, ended: false };
  }
  if (event.kind === "turn-began" && round !== null && event.iteration !== round.iterations.at(-1)?.number) {
    const active = [...world.canisters.values()].filter(isActive).map(({ id }) => id);
    round.iterations.push({ number: event.iteration, counter: remainingCounter(world, round), active, turns: [] });
  }
};

type Notes = { readonly [Kind in EventKind]: (world: World, event: Extract<Event, { kind: Kind }>, step: Step) => void };

const notes: Notes = {
  "ingress-received": (world, { ingress: id }, { input }) => {
    if (input.kind !== "ingress") return;
    const { canister, method, payload } = input;
    world.ingress.set(id, { id, canister, method, payload, status: "received", result: null });
    world.received.push(id);
  },
  "ingress-refused": () => {},
  "ingress-inducted": (world, { ingress: id, canister: to, balance }) => {
    const ingress = world.ingress.get(id);
    if (ingress !== undefined) ingress.status = "processing";
    withdraw(world.received, (waiting) => waiting === id);
    const canister = world.canisters.get(to);
    if (canister === undefined) return;
    canister.balance = balance;
    canister.inputs.push({ kind: "ingress", ingress: id });
  },
  "ingress-answered": (world, { ingress: id, result }) => {
    const ingress = world.ingress.get(id);
    withdraw(world.received, (waiting) => waiting === id);
    if (ingress === undefined) return;
    ingress.status = "answered";
    ingress.result = result;
  },
  "topped-up": (world, { canister: id, balance }) => {
    const canister = world.canisters.get(id);
    if (canister !== undefined) canister.balance = balance;
  },
  "top-up-refused": () => {},
  "round-began": (world, { height, time }) => {
    world.height = height;
    world.time = time;
  },
  "request-inducted": (world, { caller, callback, callee }) => {
    const call = takeRequest(world, caller, callback);
    if (call === undefined) return;
    call.place = "input";
    world.canisters.get(callee)?.inputs.push({ kind: "request", call });
  },
  "request-bounced": (world, { caller, callback, error }) => {
    const call = takeRequest(world, caller, callback);
    if (call !== undefined)
      enterResponse(world, call, { result: "reject", refund: call.attached, bytes: 0, message: `0${rejectCodeOf(error) ?? 0}` });
  },
  "randomness-asked": (world, { canister, callback }) => {
    const call = takeRequest(world, canister, callback);
    if (call === undefined) return;
    call.place = "tape";
    world.waiting.push(call);
  },
  "randomness-answered": (world, { canister, callback }, { observation: { draws } }) => {
    const call = callOf(world, canister, callback);
    if (call === undefined) return;
    withdraw(world.waiting, (waiting) => waiting === call);
    const draw = draws.find((candidate) => candidate.canister === canister && candidate.callback === callback);
    enterResponse(world, call, { result: "reply", refund: call.attached, bytes: 32, message: draw?.bytes ?? null });
  },
  "response-inducted": (world, { caller, callback, result }) => {
    const call = callOf(world, caller, callback);
    if (call === undefined) return;
    const outputs = world.canisters.get(call.callee)?.outputs;
    if (outputs !== undefined) withdraw(outputs, (output) => output.kind === "response" && output.call === call);
    enterResponse(world, call, call.response ?? { result, refund: 0n, bytes: 0, message: null });
  },
  "timer-due": (world, { canister: id }) => {
    const canister = world.canisters.get(id);
    if (canister !== undefined) canister.task = true;
  },
  "turn-began": ({ round }, { core, canister }) => {
    if (round === null) return;
    round.turn = { core, canister, messages: 0, instructions: 0, drained: false };
    round.iterations.at(-1)?.turns.push(round.turn);
  },
  "turn-ended": ({ round }, { drained }) => {
    if (round === null || round.turn === null) return;
    round.turn.drained = drained;
    round.turn = null;
  },
  executed: (world, event) => {
    const canister = world.canisters.get(event.canister);
    world.latest = event;
    spend(world, event.instructions);
    if (canister === undefined) return;
    const message = messageOf(event, world);
    takeMessage(canister, event.cause);
    noteContext(canister, event);
    noteCalls(world, canister, event, message);
    for (const [page, content] of event.wrote) canister.pages.set(page, content);
    canister.timer = event.timer;
    canister.balance = event.balance;
  },
  "not-executed": (world, event) => {
    const { canister: id, cause, balance } = event;
    const canister = world.canisters.get(id);
    world.latest = event;
    spend(world, 0);
    if (canister === undefined) return;
    takeMessage(canister, cause);
    canister.balance = balance;
  },
  answered: (world, { canister: id, context: contextId, origin, result, refund }) => {
    const canister = world.canisters.get(id);
    const context = contextId === null ? undefined : canister?.contexts.get(contextId);
    if (context !== undefined) {
      context.status = "responded";
      context.available = 0n;
    }
    if (origin.kind !== "canister") return;
    const call = callOf(world, origin.canister, origin.callback);
    if (call === undefined) return;
    call.response = responseOf(result, refund);
    call.place = "response-output";
    canister?.outputs.push({ kind: "response", call });
  },
  "context-removed": (world, { canister, context }) => void world.canisters.get(canister)?.contexts.delete(context),
  "round-ended": ({ round }) => {
    if (round !== null) round.ended = true;
  },
  restarted: () => {},
  ...committeeNotes,
};

const noteContext = (canister: TrackedCanister, { cause, context: id, accepted }: Executed): void => {
  if (cause.kind === "update") {
    canister.contexts.set(id, {
      id,
      origin: cause.origin,
      attached: cause.attached,
      available: cause.attached,
      accepted: 0n,
      status: "open",
      openCalls: 0,
    });
  }
  if (cause.kind === "timer") {
    canister.contexts.set(id, {
      id,
      origin: { kind: "system" },
      attached: 0n,
      available: 0n,
      accepted: 0n,
      status: "responded",
      openCalls: 0,
    });
  }
  if (cause.kind !== "response") canister.nextContext = Math.max(canister.nextContext, id + 1);
  const context = canister.contexts.get(id);
  if (context === undefined) return;
  context.accepted += accepted;
  context.available -= accepted;
};

const noteCalls = (world: World, canister: TrackedCanister, { cause, context: id, calls }: Executed, message: string | null): void => {
  const context = canister.contexts.get(id);
  if (cause.kind === "response") {
    const closed = canister.calls.get(cause.callback);
    if (closed !== undefined && closed.place !== "closed") {
      closed.place = "closed";
      if (context !== undefined) context.openCalls--;
    }
  }
  for (const sent of calls) {
    const { callback, callee, method, bytes, attached, reserve } = sent;
    const senders = sendersOf(canister.genesis, sent);
    const payload = senders.length === 1 ? constantOf(senders[0]!.payload, message, world.time) : null;
    const call: TrackedCall = {
      caller: canister.id,
      callback,
      context: id,
      callee,
      method,
      bytes,
      payload,
      attached,
      reserve,
      sentIn: world.height,
      place: "output",
      response: null,
    };
    canister.calls.set(callback, call);
    canister.outputs.push({ kind: "request", call });
    canister.nextCallback = Math.max(canister.nextCallback, callback + 1);
    if (context !== undefined) context.openCalls++;
  }
};

const responseOf = (result: Result, refund: bigint): TrackedResponse =>
  result.kind === "reply"
    ? { result: "reply", refund, bytes: result.payload.length / 2, message: result.payload }
    : { result: "reject", refund, bytes: 0, message: `0${result.code}` };

const spend = ({ round, parameters }: World, instructions: number): void => {
  if (round === null || round.turn === null) return;
  round.turn.messages++;
  round.turn.instructions += instructions + parameters.messageOverhead;
};

/** Takes the message of this cause from its queue: the first, or, from a machine that mixes its queues up, the first like it. */
const takeMessage = (canister: TrackedCanister, cause: Cause): void => {
  if (cause.kind === "timer") {
    canister.task = false;
    return;
  }
  const taken = withdraw(canister.inputs, (input) => isMessageOf(canister, input, cause));
  if (taken?.kind === "request") taken.call.place = "callee";
};

/** Whether a message is what an execution says it was started by. */
export const isMessageOf = (canister: TrackedCanister, input: Input, cause: Cause): boolean => {
  if (cause.kind === "timer") return false;
  if (cause.kind === "response")
    return input.kind === "response" && input.call.caller === canister.id && input.call.callback === cause.callback;
  const { origin } = cause;
  if (origin.kind === "ingress") return input.kind === "ingress" && input.ingress === origin.ingress;
  return (
    origin.kind === "canister" &&
    input.kind === "request" &&
    input.call.caller === origin.canister &&
    input.call.callback === origin.callback
  );
};

const takeRequest = (world: World, caller: TrackedCanister["id"], callback: number): TrackedCall | undefined => {
  const canister = world.canisters.get(caller);
  if (canister === undefined) return undefined;
  return withdraw(canister.outputs, ({ kind, call }) => kind === "request" && call.callback === callback)?.call;
};

const enterResponse = (world: World, call: TrackedCall, response: TrackedResponse): void => {
  call.response = response;
  call.place = "response-input";
  world.canisters.get(call.caller)?.inputs.push({ kind: "response", call });
};

const withdraw = <T>(items: T[], wanted: (item: T) => boolean): T | undefined => {
  const at = items.findIndex(wanted);
  return at < 0 ? undefined : items.splice(at, 1)[0];
};
