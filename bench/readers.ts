/** The worlds in which queries are counted: canisters that are read, each in the same words by a query and by an update. All prices are zero. */
import { callTo } from "../properties/index.ts";
import {
  canisterId,
  cycles,
  feesOfSystem,
  hex,
  ingressId,
  instructions,
  nanoseconds,
  percent,
  publishedParameters,
  seconds,
  type CanisterGenesis,
  type CanisterId,
  type Genesis,
  type Input,
  type Instruction,
  type Mode,
  type Script,
} from "../spec/index.ts";

export interface Readers {
  readonly genesis: Genesis;
  /** Writes all pages. */
  readonly settle: readonly Input[];
  /** The same question to every canister. */
  readonly questions: readonly Input[];
  /** The same asked through consensus: an ingress message for every canister, another one each time. */
  burst(): readonly Input[];
  round(): Input;
}

/** Canisters with so many pages, of which one is read; or, with calls, ten times that of a neighbour. */
export const readersOf = (count: number, pages: number, calls: boolean): Readers => {
  const ids = Array.from({ length: count }, (_, at) => canisterId(`r-${at.toString(36)}`));
  const fill = Array.from({ length: pages }, (_, page): Instruction => ({ op: "write", page, value: { kind: "bytes", bytes: content } }));
  const bodyOf = (at: number): Script => (calls ? tenCalls(ids[(at + 1) % count]!) : readOne);
  let [asked, rounds] = [0, 0];
  const ask = (canister: CanisterId, method: string): Input => {
    const number = (asked++).toString(36);
    return { kind: "ingress", id: ingressId(`m-${number}`), canister, method, payload: hex("") };
  };
  const round = (): Input => ({ kind: "round", elapsed: second, tape: hex((rounds++).toString(16).padStart(64, "0")) });
  return {
    genesis: { parameters, time: nanoseconds(0n), canisters: ids.map((id, at) => canister(id, fill, bodyOf(at), calls)) },
    settle: [...ids.map((id) => ask(id, "fill")), round(), round()],
    questions: ids.map((id): Input => ({ kind: "query", canister: id, method: "ask", payload: hex("") })),
    burst: () => ids.map((id) => ask(id, "update")),
    round,
  };
};

const second = nanoseconds(1_000_000_000n);
const content = hex("c0ffee");

/** One core, and so much room for a round that limits do not cut it. */
const parameters = {
  ...publishedParameters,
  cores: 1,
  roundInstructionLimit: instructions(10 ** 15),
  historyCapacity: 10_000_000,
  fees: feesOfSystem,
};

const readOne: Script = [{ op: "reply", payload: { kind: "page", page: 3 } }];

/** The answer to the last call is the answer. */
const tenCalls = (callee: CanisterId): Script =>
  Array.from({ length: 10 }, (_, at) =>
    callTo(callee, "serve", at < 9 ? {} : { onReply: [{ op: "reply", payload: { kind: "message" } }] }),
  );

const canister = (id: CanisterId, fill: Script, body: Script, calls: boolean): CanisterGenesis => {
  const mode: Mode = calls ? "composite" : "query";
  return {
    id,
    computeAllocation: percent(0),
    freezingThreshold: seconds(0),
    balance: cycles(10n ** 15n),
    methods: [
      { name: "fill", body: fill },
      { name: "ask", mode, body },
      { name: "update", body },
      { name: "serve", mode: "query", body: readOne },
    ],
    onTimer: [],
  };
};
