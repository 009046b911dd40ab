/**
 * What a script does, told in advance. An onlooker who has followed a trace knows all that an execution sees: its script, its message,
 * the clock, pages, balances, what is available, which slots are taken. So it can walk along the script and say what must come of it.
 * This is the third time that section 5 of `docs/machine.md` is written down, on purpose: laws share it with neither the model nor an engine.
 */
import type { CallInstruction } from "../reading.ts";
import { calleeOf } from "./bitcoin.ts";
import { callFee, callReserve, type Holdings } from "../money.ts";
import { enlarge, grow, isFleeting } from "./growth.ts";
import { callDeadline } from "./messages.ts";
import { isComposite, mayAccept, mayAnswer, mayBurn, mayCertify, maySend, type Mode } from "./modes.ts";
import { isInside, pagesInUse } from "./pages.ts";
import { isEnd, unknown, valueOf, type End } from "./reads.ts";
import {
  mostCertified,
  type CanisterId,
  type CanisterStatus,
  type ErrorCode,
  type Instruction,
  type Parameters,
  type Principal,
  type Script,
} from "../../spec/index.ts";

/** What an execution sees of the world. @unit cycles, for all that is money */
export interface Seen {
  readonly mode: Mode;
  /** What it was given; `null` when an onlooker cannot know. */
  readonly message: string | null;
  readonly time: bigint;
  readonly refunded: bigint;
  readonly deadline: bigint;
  /** Who it is, and whom it serves; `null` when an onlooker cannot know. */
  readonly self: CanisterId;
  readonly caller: Principal | null;
  readonly status: CanisterStatus;
  readonly controllers: readonly Principal[];
  /** Of an inspection: what the message asks for. */
  readonly method: string;
  /** Of a response: one byte with the code of its reject, 0 for a reply; `null` when an onlooker cannot know. */
  readonly code: string | null;
  /** Whether its context still owes an answer. */
  readonly open: boolean;
  /** With the prices by which it goes. */
  readonly parameters: Parameters;
  /** The memory of the canister with so many pages in use. @unit bytes */
  readonly memory: (pages: number) => number;
  /** What must stay on the balance of who holds so much. */
  readonly threshold: (held: Holdings) => bigint;
  /** The most that may be set aside. */
  readonly reservedLimit: bigint;
  /** The version of the canister. */
  readonly version: number;
  /** How many calls to a callee are open, and how many in all. */
  readonly openTo: (callee: CanisterId) => number;
  readonly openCalls: number;
  /** The certificate that a query of the user has; `null` where nobody has one. */
  readonly certificate: (() => string) | null;
  /** The canister that keeps Bitcoin, if the subnet knows one. */
  readonly bitcoin: CanisterId | null;
  /** What an earlier script of the same installation used. @unit instructions */
  readonly usedBefore?: number;
}

/** What it changes. */
export interface Changing {
  readonly balance: bigint;
  readonly available: bigint;
  readonly pages: ReadonlyMap<number, string>;
  readonly stablePages: number;
  readonly timer: bigint | null;
  readonly certifiedData: string;
  /** Set aside for memory. */
  readonly reserved: bigint;
  /** Memory for messages. @unit bytes */
  readonly messages: number;
  /** The memory of all canisters, as the core sees it. @unit bytes */
  readonly used: number;
  /** What is left of the core's share of the memory for responses, and of its copy of the subnet's callbacks. */
  readonly share: number;
  readonly callbacks: number;
}

export interface EnactedCall {
  readonly instruction: CallInstruction;
  /** Whom it is one to, whoever its script names. */
  readonly callee: CanisterId;
  readonly payload: string;
  readonly deadline: bigint | null;
}

export type EnactedAnswer = { readonly kind: "reply"; readonly payload: string } | { readonly kind: "reject" };

/** Where a walk along a script ended. */
export interface Enacted extends Changing {
  readonly trap: ErrorCode | null;
  readonly instructions: number;
  readonly accepted: bigint;
  readonly burned: bigint;
  readonly calls: readonly EnactedCall[];
  readonly refused: readonly { readonly callee: CanisterId; readonly error: ErrorCode }[];
  readonly answer: EnactedAnswer | null;
  /** In an inspection: whether it let the message in. */
  readonly admitted: boolean;
}

/** Walks along a script with so many instructions to use; `null` when it sees what an onlooker cannot know. */
export const enact = (script: Script, seen: Seen, before: Changing, limit: number): Enacted | null => {
  const now: Now = {
    ...before,
    pages: new Map(before.pages),
    instructions: 0,
    accepted: 0n,
    burned: 0n,
    calls: [],
    refused: [],
    answer: null,
    admitted: false,
  };
  const end = walk(script, seen, now, limit);
  return end === unknown ? null : { ...now, trap: end };
};

type Now = { -readonly [Key in keyof Omit<Enacted, "trap">]: Omit<Enacted, "trap">[Key] } & {
  readonly pages: Map<number, string>;
  readonly calls: EnactedCall[];
  readonly refused: Enacted["refused"][number][];
};

const walk = (script: Script, seen: Seen, now: Now, limit: number): End => {
  for (const instruction of script) {
    const used = now.instructions + (instruction.op === "consume" ? instruction.instructions : 1);
    if (used > limit) {
      now.instructions = limit;
      return "IC0522";
    }
    now.instructions = used;
    const end = perform(instruction, seen, now, limit);
    if (end !== null) return end;
  }
  return null;
};

const perform = (instruction: Instruction, seen: Seen, now: Now, limit: number): End => {
  const { mode, parameters } = seen;
  switch (instruction.op) {
    case "consume":
      return null;
    case "write": {
      const content = valueOf(instruction.value, seen, now);
      if (isEnd(content)) return content.end;
      const { page } = instruction;
      if (!isInside(parameters, now.stablePages, page) || content.length / 2 > parameters.pageSize) return "IC0502";
      const grows = page < parameters.heapPages && !now.pages.has(page) && !isFleeting(mode);
      const trap = grows ? grow(seen, now, 1) : null;
      if (trap === null) now.pages.set(page, content);
      return trap;
    }
    case "stable-grow":
      return enlarge(instruction.pages, seen, now);
    case "when-odd": {
      const value = valueOf(instruction.value, seen, now);
      if (isEnd(value)) return value.end;
      return walk(isOdd(value) ? instruction.then : instruction.otherwise, seen, now, limit);
    }
    case "call":
      if (!maySend(mode)) return "IC0504";
      return isComposite(mode) ? ask(instruction, seen, now) : send(instruction, seen, now, limit);
    case "accept": {
      if (!mayAccept(seen)) return "IC0504";
      const taken = smaller(instruction.cycles, now.available);
      now.available -= taken;
      now.balance += taken;
      now.accepted += taken;
      return null;
    }
    case "reply": {
      if (!mayAnswer(mode)) return "IC0504";
      const payload = valueOf(instruction.payload, seen, now);
      if (isEnd(payload)) return payload.end;
      if (!seen.open || now.answer !== null || payload.length / 2 > parameters.maxPayload) return "IC0504";
      now.answer = { kind: "reply", payload };
      now.available = 0n;
      return null;
    }
    case "reject":
      if (!mayAnswer(mode) || !seen.open || now.answer !== null) return "IC0504";
      now.answer = { kind: "reject" };
      now.available = 0n;
      return null;
    case "accept-message":
      if (mode !== "inspection" || now.admitted) return "IC0504";
      now.admitted = true;
      return null;
    case "trap":
      return "IC0503";
    case "burn": {
      if (!mayBurn(seen)) return "IC0504";
      const gone = smaller(instruction.cycles, liquidOf(seen, now));
      now.balance -= gone;
      now.burned += gone;
      return null;
    }
    case "certify": {
      if (!mayCertify(mode)) return "IC0504";
      const data = valueOf(instruction.data, seen, now);
      if (isEnd(data)) return data.end;
      if (data.length / 2 > mostCertified) return "IC0504";
      now.certifiedData = data;
      return null;
    }
    case "set-timer":
      if (isFleeting(mode)) return "IC0504";
      now.timer = instruction.after === null ? null : seen.time + instruction.after;
      return null;
  }
};

/** A call of a composite query waits for its turn: it costs and holds nothing. */
const ask = (instruction: CallInstruction, seen: Seen, now: Now): End => {
  if (instruction.attached > 0n) return "IC0504";
  const payload = valueOf(instruction.payload, seen, now);
  if (isEnd(payload)) return payload.end;
  if (payload.length / 2 > seen.parameters.maxPayload) return "IC0504";
  now.calls.push({ instruction, callee: instruction.callee, payload, deadline: null });
  return null;
};

const send = (instruction: CallInstruction, seen: Seen, now: Now, limit: number): End => {
  const { attached, timeout } = instruction;
  const { parameters } = seen;
  const callee = calleeOf(instruction, seen.bitcoin);
  const payload = valueOf(instruction.payload, seen, now);
  if (isEnd(payload)) return payload.end;
  if (payload.length / 2 > parameters.maxPayload) return "IC0504";
  const liquid = liquidOf(seen, now);
  if (attached > liquid) return "IC0520";
  const cost = attached + callFee(parameters, payload.length / 2) + callReserve(parameters);
  const sentTo = now.calls.filter((sent) => sent.callee === callee).length;
  const error =
    seen.openTo(callee) + sentTo >= parameters.queueCapacity
      ? "IC0201"
      : timeout === undefined && now.share < parameters.maxPayload
        ? "IC0507"
        : seen.openCalls + now.calls.length >= parameters.callbackQuota && now.callbacks <= 0
          ? "IC0101"
          : cost > liquid
            ? "IC0207"
            : timeout === undefined && now.balance - cost < seen.threshold(heldBy(parameters, now, parameters.maxPayload))
              ? "IC0535"
              : null;
  if (error !== null) {
    now.refused.push({ callee, error });
    return walk(instruction.onRefused, seen, now, limit);
  }
  const deadline = callDeadline(parameters, timeout, seen.time);
  now.calls.push({ instruction, callee, payload, deadline });
  now.balance -= cost;
  if (timeout === undefined) {
    now.share -= parameters.maxPayload;
    now.messages += parameters.maxPayload;
  }
  now.callbacks = Math.max(0, now.callbacks - 1);
  return null;
};

const liquidOf = ({ parameters, threshold }: Seen, now: Now): bigint => {
  const spare = now.balance - threshold(heldBy(parameters, now));
  return spare > 0n ? spare : 0n;
};

/** What an execution holds at some moment, and so many bytes more for messages. */
export const heldBy = (parameters: Parameters, now: Changing, more = 0): Holdings => ({
  memory: pagesInUse(parameters, now) * parameters.pageSize,
  messages: now.messages + more,
  reserved: now.reserved,
});

const isOdd = (value: string): boolean => value !== "" && Number.parseInt(value.slice(-1), 16) % 2 === 1;
const smaller = (left: bigint, right: bigint): bigint => (left < right ? left : right);
