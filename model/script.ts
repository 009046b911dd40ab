/**
 * The interpreter of script canisters. An instruction is counted, then the rules for what it asks of the platform are
 * fired one by one; the first refusal that has no script of its own is a trap.
 */
import { match } from "ts-pattern";
import {
  byteLength,
  certificateKinds,
  cycles,
  type ErrorCode,
  hex,
  type Hex,
  identityKinds,
  type Instruction,
  instructions,
  nanoseconds,
  type Nanoseconds,
  type Script,
  type SentCall,
  type Value,
} from "../spec/index.ts";
import { callFee } from "./money.ts";
import { availableNow, reject, reply, reserveOf, routeCall, sendCall, type CallRequest } from "./rules/calls.ts";
import { accept, burn, burnable } from "./rules/cycles.ts";
import { certifyData, readCertificate } from "./rules/certification.ts";
import { callSystem, useInstructions, writePage, type SystemCall } from "./rules/execution.ts";
import { growMemory, growStable, toReserve } from "./rules/growth.ts";
import { acceptMessage } from "./rules/ingress.ts";
import { callQuery } from "./rules/queries.ts";
import { setTimer } from "./rules/timers.ts";
import { readIdentity, readValue } from "./rules/values.ts";
import { canisterOf, errorOf, runningOf } from "./reading.ts";
import type { Execution, Report, State } from "./state.ts";
import type { Fire, Fired, Transition } from "./transition.ts";

/** How a script ended: where it trapped, the state is as it was then, and nothing is rolled back yet. */
export interface Ended {
  readonly state: State;
  readonly trap: ErrorCode | null;
}

/** Runs a script in the execution that is going on. */
export const runScript = (fire: Fire, before: State, script: Script): Ended => {
  let state = before;
  for (const instruction of script) {
    const cost = instruction.op === "consume" ? instruction.instructions : instructions(1);
    const counted = fire(useInstructions, state, { cost });
    if (!counted.applied) return { state: exhausted(state), trap: errorOf(counted.error) };
    const ended = runInstruction(fire, counted.state, instruction);
    if (ended.trap !== null) return ended;
    state = ended.state;
  }
  return { state, trap: null };
};

const runInstruction = (fire: Fire, state: State, instruction: Instruction): Ended =>
  match(instruction)
    .with({ op: "consume" }, () => completed(state))
    .with({ op: "write" }, ({ page, value }) => afterRead(fire, state, value, (read, content) => runWrite(fire, read, page, content)))
    .with({ op: "stable-grow" }, ({ pages }) => {
      const roomy = fire(growStable, state, { pages });
      return roomy.applied ? payForMemory(fire, roomy.state, state) : completed(state);
    })
    .with({ op: "when-odd" }, ({ value, then, otherwise }) =>
      afterRead(fire, state, value, (read, content) => runScript(fire, read, isOdd(content) ? then : otherwise)),
    )
    .with({ op: "call" }, (call) =>
      afterAllowed(fire, state, "send", (sending) => {
        const go = (allowed: State): Ended => afterRead(fire, allowed, call.payload, (read, payload) => runCall(fire, read, call, payload));
        return call.attached === 0n ? go(sending) : afterAllowed(fire, sending, "attach", go);
      }),
    )
    .with({ op: "accept" }, ({ cycles: asked }) =>
      afterAllowed(fire, state, "accept", (allowed) => {
        const before = availableNow(allowed);
        return attempt(
          fire,
          reporting(allowed, ({ accepted }) => ({ accepted: cycles(accepted + (asked < before ? asked : before)) })),
          accept,
          { asked },
        );
      }),
    )
    .with({ op: "accept-message" }, () => afterAllowed(fire, state, "let in", (allowed) => attempt(fire, allowed, acceptMessage, {})))
    .with({ op: "reply" }, ({ payload }) =>
      afterAllowed(fire, state, "answer", (allowed) =>
        afterRead(fire, allowed, payload, (read, content) => attempt(fire, read, reply, { payload: content })),
      ),
    )
    .with({ op: "reject" }, () => afterAllowed(fire, state, "answer", (allowed) => attempt(fire, allowed, reject, {})))
    .with({ op: "trap" }, (): Ended => ({ state, trap: "IC0503" }))
    .with({ op: "burn" }, ({ cycles: asked }) =>
      afterAllowed(fire, state, "burn", (allowed) =>
        attempt(
          fire,
          reporting(allowed, ({ burned }) => ({ burned: cycles(burned + burnable(allowed, asked)) })),
          burn,
          { asked },
        ),
      ),
    )
    .with({ op: "set-timer" }, ({ after }) =>
      afterAllowed(fire, state, "set the timer", (allowed) => attempt(fire, allowed, setTimer, { after })),
    )
    .with({ op: "certify" }, ({ data }) =>
      afterAllowed(fire, state, "certify", (allowed) =>
        afterRead(fire, allowed, data, (read, content) => attempt(fire, read, certifyData, { data: content })),
      ),
    )
    .exhaustive();

const runWrite = (fire: Fire, state: State, page: number, content: Hex): Ended => {
  const written = attempt(fire, state, writePage, { page, content });
  return written.trap === null ? payForMemory(fire, written.state, state) : written;
};

/** What the memory grew by since `start` is set aside for. */
const payForMemory = (fire: Fire, state: State, start: State): Ended => {
  const grown = fire(growMemory, state, { start });
  if (!grown.applied) return grown.clause === "grows" ? completed(state) : { state, trap: errorOf(grown.error) };
  const more = toReserve(state, start);
  return completed(reporting(grown.state, ({ reserved }) => ({ reserved: cycles(reserved + more) })));
};

const runCall = (
  fire: Fire,
  state: State,
  { callee, method, attached, timeout, onReply, onReject, onCleanup, onRefused }: Instruction & { op: "call" },
  payload: Hex,
): Ended => {
  const { canister, phase } = runningOf(state);
  if (phase === "composite" || phase === "query callback")
    return attempt(fire, state, callQuery, {
      call: { callee, method, payload, scripts: { onReply, onReject, onCleanup } },
    });
  const routed = runningOf(fire(routeCall, state, { callee, method }).state).routed;
  const call: CallRequest = {
    request: {
      kind: "request",
      caller: canister,
      callee: routed ?? callee,
      method,
      payload,
      attached,
      deadline: timeout === undefined ? null : deadlineOf(state, timeout),
      sent: state.height,
      at: state.time,
    },
    scripts: { onReply, onReject, onCleanup },
  };
  const sent = fire(sendCall, state, call);
  if (sent.applied) return completed(reporting(sent.state, ({ calls }) => ({ calls: [...calls, told(state, call)] })));
  const error = errorOf(sent.error);
  if (!isSynchronous(sent)) return { state, trap: error };
  return runScript(
    fire,
    reporting(state, ({ refusedCalls }) => ({ refusedCalls: [...refusedCalls, { callee: call.request.callee, error }] })),
    onRefused,
  );
};

/** When a call that waits so long at most is over. @source facts/messages.md D11 */
const deadlineOf = (state: State, timeout: Nanoseconds): Nanoseconds => {
  const { bestEffortLifetime } = state.parameters;
  return nanoseconds(runningOf(state).time + (timeout < bestEffortLifetime ? timeout : bestEffortLifetime));
};

/** What is told of a call that was sent from this state. */
const told = (before: State, { request: { caller, callee, method, payload, attached, deadline } }: CallRequest): SentCall => {
  const { transmission, execution } = reserveOf(before);
  const sent = byteLength(payload);
  return {
    callback: canisterOf(before, caller).nextCallback,
    callee,
    method,
    bytes: sent,
    attached,
    deadline,
    fee: callFee(before.parameters, sent),
    reserve: cycles(transmission + execution),
  };
};

/** Refusals that the canister learns from the call itself: no slot, no memory, no callback, or no cycles for it. */
const isSynchronous = (fired: Fired): boolean =>
  !fired.applied && ["slot", "memory", "callbacks", "funded", "stored"].includes(fired.clause);

/** Reads a value, and goes on with it where it is there to be read. */
const afterRead = (fire: Fire, state: State, value: Value, go: (state: State, content: Hex) => Ended): Ended => {
  if (value.kind === "bytes") return go(state, value.bytes);
  const read = attempt(fire, running(state, { value: hex("") }), readerOf(value), { value });
  return read.trap === null ? go(read.state, runningOf(read.state).value) : read;
};

const readerOf = ({ kind }: Value): Transition<{ readonly value: Value }> =>
  identityKinds.has(kind) ? readIdentity : certificateKinds.has(kind) ? readCertificate : readValue;

const isOdd = (content: Hex): boolean => content !== "" && Number.parseInt(content.slice(-1), 16) % 2 === 1;

const attempt = <Args>(fire: Fire, state: State, transition: Transition<Args>, args: Args): Ended => {
  const fired = fire(transition, state, args);
  return fired.applied ? completed(fired.state) : { state, trap: errorOf(fired.error) };
};

const afterAllowed = (fire: Fire, state: State, call: SystemCall, go: (allowed: State) => Ended): Ended => {
  const allowed = attempt(fire, state, callSystem, { call });
  return allowed.trap === null ? go(allowed.state) : allowed;
};

const completed = (state: State): Ended => ({ state, trap: null });

/** Past its limit an execution has used exactly its limit. */
const exhausted = (state: State): State => running(state, { used: runningOf(state).limit });

const reporting = (state: State, more: (report: Report) => Partial<Report>): State => {
  const { report } = runningOf(state);
  return running(state, { report: { ...report, ...more(report) } });
};

const running = (state: State, change: Partial<Execution>): State => ({ ...state, running: { ...runningOf(state), ...change } });
