/**
 * Worlds to work out with pencil and paper. Prices are chosen so that this is easy: an instruction costs one cycle, a
 * message 100, a byte on its way one, and the subnet scales by 13/13. With `messageInstructionLimit` 1000 the prepayment
 * is 1100, and the reserve of a call 64 + 1100.
 */
import { createHash } from "node:crypto";
import { expect } from "vitest";
import type { Conversation } from "./conversation.ts";

export interface Observed {
  readonly events: readonly Record<string, unknown>[];
  readonly ledger: Readonly<Record<string, string>>;
  readonly draws: readonly unknown[];
  readonly stateRoot: string;
}

/** Boots a world of these canisters, with some parameters changed, and gives what each input is answered with. */
export const observing =
  (conversation: Conversation) =>
  async (canisters: readonly object[], inputs: readonly object[], changed: object = {}): Promise<Observed[]> => {
    const observed: Observed[] = [];
    await conversation.say({ type: "boot", id: 0, genesis: genesis(canisters, changed) });
    for (const [at, input] of inputs.entries()) {
      const answer = await conversation.say({ type: "apply", id: at + 1, input });
      expect(answer).toEqual({ type: "applied", id: at + 1, observation: expect.anything() as unknown });
      observed.push(answer["observation"] as Observed);
    }
    return observed;
  };

export const fees = {
  name: "pencil",
  subnetSize: 13,
  referenceSubnetSize: 13,
  execution: "100",
  tenInstructions: "10",
  ingress: "50",
  ingressByte: "2",
  ingressScaled: "apart",
  call: "20",
  transmissionByte: "1",
  gibSecond: "0",
  baseSecond: "0",
  messageGibSecond: "0",
  percentSecond: "0",
  creation: "0",
  schedule: "normal",
};

/** Of what nobody counts. */
const plenty = Number.MAX_SAFE_INTEGER;

export const genesis = (canisters: readonly object[], changed: object = {}) => ({
  parameters: {
    scheduler: "published",
    cores: 2,
    roundInstructionLimit: 100_000,
    messageInstructionLimit: 1000,
    sliceInstructionLimit: 1000,
    maxPausedExecutions: 4,
    messageOverhead: 10,
    canisterOverhead: 0,
    finalisationOverhead: 0,
    heapDeltaIterationLimit: plenty,
    heapDeltaRateLimit: plenty,
    heapDeltaCapacity: plenty,
    heapDeltaReserve: plenty,
    allocatable: 100,
    priority: { resetInterval: 1, ceiling: 0, floor: 0, decay: 0 }, // of the current scheduler alone
    cleanupReserve: 5,
    queueCapacity: 3,
    guaranteedResponseMemory: 10_000,
    bestEffortMemory: 0,
    callbackLimit: 100,
    callbackQuota: 10,
    streamCapacity: 100,
    requestLifetime: "1000",
    bestEffortLifetime: "0",
    droppedCycles: "lost",
    ingressLifetime: "1000",
    historyLifetime: "1000",
    historyCapacity: 100,
    historyMemory: 1000,
    inspectionInstructionLimit: 0,
    maxPayload: 64,
    maxPages: 4,
    heapPages: 4_096,
    pageSize: 8,
    tapeLag: 1,
    storage: { threshold: 0, capacity: 0, period: 0 }, // nothing is ever set aside
    chargePeriod: String(2n ** 61n), // so long that nobody is ever charged
    fees,
    ...changed,
  },
  time: "1000",
  canisters,
});

export const canister = (id: string, methods: Record<string, object[]>) => ({
  id,
  computeAllocation: 0,
  freezingThreshold: 0,
  balance: "10000",
  methods: Object.entries(methods).map(([name, body]) => ({ name, body })),
  onTimer: [] as object[],
});

export const ingress = (id: string, to: string, method: string, payload = "") => ({ kind: "ingress", id, canister: to, method, payload });
export const round = (byte = "00") => ({ kind: "round", elapsed: "5", tape: byte.repeat(32) });
export const uninstall = (id: string) => ({ kind: "uninstall", canister: id });
export const value = (said: string | object) => (typeof said === "string" ? { kind: "bytes", bytes: said } : said);
export const write = (page: number, content: string | object) => ({ op: "write", page, value: value(content) });
export const reply = (payload: string | object) => ({ op: "reply", payload: value(payload) });
export const burn = (cycles: string) => ({ op: "burn", cycles });
export const consume = (instructions: number) => ({ op: "consume", instructions });
export const setTimer = (after: string) => ({ op: "set-timer", after });
export const call = (callee: string, method: string, more: object) => ({
  ...{ op: "call", callee, method, payload: value(""), attached: "0" },
  ...{ onReply: [], onReject: [], onCleanup: [], onRefused: [], ...more },
});

/** An execution that did nothing, under the prices of this file. */
export const quiet = {
  kind: "executed",
  trap: null,
  cleanup: "none",
  prepaid: "1100",
  refunded: "0",
  transmissionReserve: "0",
  transmissionFee: "0",
  accepted: "0",
  burned: "0",
  reserved: "0",
  calls: [],
  refusedCalls: [],
  wrote: [],
  timer: null,
};

export const rejected = (error: string, code: number) => ({ kind: "reject", code, error });
export const kinds = (observed: Observed | undefined) => observed!.events.map(({ kind }) => kind);

export const of = (observed: Observed | undefined, kind: string) => observed!.events.filter((event) => event["kind"] === kind);

/** The one event of this kind. */
export const only = (observed: Observed | undefined, kind: string) => {
  const found = of(observed, kind);
  expect(found).toHaveLength(1);
  return found[0];
};

/** Where cycles are when no message went through a stream. */
export const ledger = (places: Record<string, string>) => ({
  ...{ balances: "0", reserved: "0", messages: "0", contexts: "0", callbacks: "0", executions: "0" },
  ...{ float: "0", burned: "0", lost: "0", sent: "0", received: "0", minted: "0" },
  ...places,
});

type Labels = { readonly [label: string]: Labels | string };

/** The state root (section 7) at this time, of canisters with their pages, and of messages with the hexadecimal values below them. */
export const root = (time: number, canisters: Record<string, Record<number, string>>, messages: Record<string, Labels>): string =>
  tree({
    time: number(time),
    canister: Object.fromEntries(
      Object.entries(canisters).map(([id, pages]) => [
        id,
        {
          certified_data: "",
          controllers: "",
          memory: Object.fromEntries(
            Object.entries(pages).map(([page, content]) => [Number(page).toString(16).padStart(16, "0"), content]),
          ),
          timer: "",
        },
      ]),
    ),
    request_status: messages,
  });

/** What is below a message that was received, replied to with these bytes, or rejected with this error. */
export const received: Labels = { status: Buffer.from("received").toString("hex") };
export const replied = (reply: string): Labels => ({ status: Buffer.from("replied").toString("hex"), reply });
export const failed = (error: string, code: number): Labels => ({
  status: Buffer.from("rejected").toString("hex"),
  reject_code: number(code),
  error_code: Buffer.from(error).toString("hex"),
});

/** Of labels that part at the first bit in which they differ, as texts of bits. */
const tree = (labels: Labels): string => {
  const nodes = Object.entries(labels).map(([label, below]) => ({
    bits: [...Buffer.from(label)]
      .map((byte) => byte.toString(2).padStart(8, "0"))
      .join("")
      .padEnd(300, "0"),
    digest: digest("labeled", Buffer.from(label).toString("hex") + (typeof below === "string" ? digest("leaf", below) : tree(below))),
  }));
  const fork = (some: typeof nodes, at: number): string => {
    if (some.length <= 1) return some[0]?.digest ?? digest("empty", "");
    const sides = ["0", "1"].map((side) => some.filter(({ bits }) => bits[at] === side));
    const [left, right] = sides as [typeof nodes, typeof nodes];
    return left.length === 0 || right.length === 0 ? fork(some, at + 1) : digest("fork", fork(left, at + 1) + fork(right, at + 1));
  };
  return fork(nodes, 0);
};

const digest = (kind: string, bytes: string): string => {
  const name = `ic-hashtree-${kind}`;
  return createHash("sha256")
    .update(Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from(bytes, "hex")]))
    .digest("hex");
};

/** In LEB128. */
const number = (count: number): string =>
  count < 128 ? count.toString(16).padStart(2, "0") : ((count % 128) + 128).toString(16) + number(Math.floor(count / 128));
