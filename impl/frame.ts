/**
 * A frame is an execution under way: a copy of the few fields of one canister that an execution can change, with the
 * pages that it wrote laid over the pages that are there. The canister itself is not touched before the execution completes,
 * so a rollback is to forget the frame.
 */
import {
  cycles,
  hex,
  type CanisterId,
  type Cycles,
  type Hex,
  type Instruction,
  type Nanoseconds,
  type MethodName,
  type Principal,
  type RefusedCall,
  type Result,
  type SentCall,
} from "../spec/index.ts";
import type { Kind } from "./abilities.ts";
import { memoryOf } from "./canister.ts";
import { reservedOf } from "./cohorts.ts";
import type { Prices } from "./fees.ts";
import { frozenWith, isAmple, lessReserved } from "./freezing.ts";
import type { Looks } from "./looks.ts";
import { bytesOf, type Callback } from "./messages.ts";
import { pagesInUse, type Pages } from "./pages.ts";
import type { Job } from "./run.ts";
import type { Canister, Context, Engine } from "./state.ts";

/** A call that was sent: what is said of it outside, the text of the request, and the instruction with its scripts. */
export interface FrameCall {
  readonly sent: SentCall;
  readonly payload: Hex;
  readonly instruction: Extract<Instruction, { op: "call" }>;
}

/** What an execution finds when it starts: of a sliced one, when this attempt at it does. */
export interface Start {
  readonly time: Nanoseconds;
  /** By which all of it goes, whatever holds meanwhile. */
  readonly prices: Prices;
  /** With the prepayment taken off, if there is one. */
  readonly balance: Cycles;
  /** What its core may give to calls: of the memory for responses, and of the callbacks that are left. */
  readonly share: number;
  readonly callbacks: number;
  /** What its core sees of the memory of all canisters. */
  readonly storage: number;
  /** What the other messages of the canister take. @unit bytes */
  readonly messageBytes: number;
}

export interface Frame {
  readonly engine: Engine;
  readonly canister: Canister;
  /** Of an inspection, an installation or a query between rounds, one that is nowhere kept. */
  readonly context: Context;
  readonly kind: Kind;
  readonly message: Hex;
  readonly refunded: Cycles;
  readonly limit: number;
  readonly time: Nanoseconds;
  readonly prices: Prices;
  /** The callback whose response is executed: for the script it is gone already. */
  readonly closing: Callback | null;
  /** Of the canister as this script finds it. */
  readonly version: number;
  /** The pages that it finds. */
  readonly pages: Pages | null;
  used: number;
  balance: Cycles;
  available: Cycles;
  timer: Nanoseconds | null;
  certifiedData: Hex;
  accepted: Cycles;
  burned: Cycles;
  /** The pages written, whether or not their content differs. */
  writes: Map<number, Hex> | null;
  /** How many pages there are now, of the heap and of stable memory. */
  heapSize: number;
  stablePages: number;
  /** Set aside for memory, now. */
  reserved: Cycles;
  /** What the core sees of the memory of all canisters. */
  storage: number;
  /** Memory for messages that the canister takes, its calls included. */
  messageBytes: number;
  /** The freezing threshold of the memory now; `null` when nobody asked since it changed. */
  threshold: Cycles | null;
  readonly calls: FrameCall[];
  /** Calls that could not be sent; `null` when there were none. */
  refusedCalls: RefusedCall[] | null;
  /** How many calls it sent to each callee; `null` when it sent none. */
  sentTo: Map<CanisterId, number> | null;
  /** What the core has left for calls. */
  share: number;
  callbacks: number;
  /** The answer that it gave; its refund is what the context still holds. */
  answer: Result | null;
  /** Whether an inspection accepted its message. */
  isAccepted: boolean;
  /** Of a callback and its cleanup, the code of the reject, or 0 for a reply. */
  rejectCode: number;
  /** Of an inspection, for what its message asks. */
  method: MethodName;
  /** Of an execution between rounds alone. */
  asking: Asking | null;
}

/** What a query that is asked between rounds has beside its frame. */
export interface Asking {
  /** What it wrote in earlier frames, between what this one wrote and what is there; `null` when that is nothing. */
  readonly pages: Pages | null;
  /** What it is going to ask others. */
  readonly calls: WaitingQuery[];
  /** The canister that the user asked. */
  readonly first: Canister;
  readonly looks: Looks;
}

/** A call of a composite query that is still to be made. */
export interface WaitingQuery {
  readonly payload: Hex;
  readonly instruction: Extract<Instruction, { op: "call" }>;
}

/** A frame on a canister as it is now, but with the balance that its script finds: other cycles are held meanwhile. It changes nothing. */
export const frameOn = (
  engine: Engine,
  canister: Canister,
  context: Context,
  kind: Kind,
  limit: number,
  { time, prices, share, callbacks, storage, messageBytes }: Start,
  balance: Cycles,
  message: Hex,
  refunded: Cycles,
  closing: Callback | null,
): Frame => ({
  engine,
  canister,
  context,
  kind,
  message,
  refunded,
  limit,
  time,
  prices,
  closing,
  version: canister.version,
  pages: canister.pages,
  used: 0,
  balance,
  available: context.available,
  timer: canister.timer,
  certifiedData: canister.certifiedData,
  accepted: noCycles,
  burned: noCycles,
  writes: null,
  heapSize: canister.heapSize,
  stablePages: canister.stablePages,
  reserved: reservedOf(canister),
  storage,
  messageBytes: messageBytes + bytesOwed(engine, context, kind),
  threshold: null,
  calls: [],
  refusedCalls: null,
  sentTo: null,
  share,
  callbacks,
  answer: null,
  isAccepted: false,
  rejectCode: 0,
  method: "",
  asking: null,
});

/** How many pages the frame has more than its canister. */
export const growthIn = (frame: Frame): number => pagesInUse(frame) - pagesInUse(frame.canister);

/** The memory of the canister with the pages of the frame, and with so many more. @unit bytes */
export const memoryWith = (frame: Frame, pages: number): number => {
  const { engine, canister } = frame;
  return memoryOf(canister, (growthIn(frame) + pages) * engine.genesis.parameters.pageSize);
};

/** The freezing threshold of the memory that the frame has now, and with what it set aside. */
export const thresholdOf = (frame: Frame): Cycles => (frame.threshold ??= thresholdWith(frame, 0, 0, frame.reserved));

/** The freezing threshold with so many pages and so many bytes for messages more, and so much set aside. */
export const thresholdWith = (frame: Frame, pages: number, messageBytes: number, reserved: Cycles): Cycles => {
  const { engine, canister, prices } = frame;
  const bytes = frame.messageBytes + messageBytes;
  if (pages === 0 && isAsKnown(frame)) return lessReserved(frozenWith(engine, canister, bytes), reserved);
  const standingDay = prices.standingDay(memoryWith(frame, pages), canister.allocation);
  return lessReserved(prices.frozen(standingDay, bytes, canister.freezing), reserved);
};

/** Whether so many cycles are certainly not below the freezing threshold with so many bytes for messages more. */
export const isPlenty = (frame: Frame, balance: bigint, messageBytes: number): boolean =>
  isAsKnown(frame) && isAmple(frame.engine, frame.canister, balance, frame.messageBytes + messageBytes);

/** Whether the frame has as many pages as its canister, and the prices of now. */
const isAsKnown = (frame: Frame): boolean => growthIn(frame) === 0 && frame.prices === frame.engine.prices;

/** The memory for messages that a canister takes without the message that it executes. @unit bytes */
export const otherMessageBytes = (engine: Engine, { messageBytes, execution }: Canister): number =>
  execution === null ? messageBytes : messageBytes - bytesHeld(execution.job, engine.genesis.parameters.maxPayload);

/** What the context of a call that is executed takes, while its message is in no queue. */
const bytesOwed = (engine: Engine, { origin, deadline }: Context, kind: Kind): number =>
  (kind === "update" || kind === "query") && origin.kind === "canister" && deadline === null ? engine.genesis.parameters.maxPayload : 0;

/** What a message under way goes on to take as if it were in its queue. */
const bytesHeld = (job: Job, maxPayload: number): number => {
  if ((job.kind !== "request" && job.kind !== "response") || job.deadline !== null) return 0;
  return job.kind === "request" ? maxPayload : bytesOf(job);
};

/** What the frame may spend: what lies above its freezing threshold. */
export const liquidOf = (frame: Frame): bigint => {
  const threshold = thresholdOf(frame);
  return frame.balance > threshold ? frame.balance - threshold : 0n;
};

export const noCycles = cycles(0n);
export const noBytes = hex("");

/** What an execution has that has no context: it knows who asked for it, and whether it can be answered. */
export const withoutContext = (caller: Principal, status: Context["status"]): Context => ({
  id: -1,
  origin: nobody,
  caller,
  status,
  available: noCycles,
  deadline: null,
  calls: 0,
});

const nobody = { kind: "system" } as const;
