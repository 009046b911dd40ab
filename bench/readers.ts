/** The worlds in which queries are counted: canisters that are read, each in the same words by a query and by an update. All prices are zero. */
import { callTo } from "../properties/index.ts";
import {
  canisterId,
  hex,
  nanoseconds,
  type CanisterGenesis,
  type CanisterId,
  type Genesis,
  type Input,
  type Instruction,
  type MethodName,
  type Script,
} from "../spec/index.ts";
import { ampleCanister, ampleParameters, ingressTo, roundOf } from "./ample.ts";

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
  const ask = (canister: CanisterId, method: MethodName): Input => ingressTo(canister, method, asked++);
  const round = (): Input => roundOf(rounds++);
  return {
    genesis: { parameters: ampleParameters, time: nanoseconds(0n), canisters: ids.map((id, at) => canister(id, fill, bodyOf(at), calls)) },
    settle: [...ids.map((id) => ask(id, "fill")), round(), round()],
    questions: ids.map((id): Input => ({ kind: "query", canister: id, method: "ask", payload: hex("") })),
    burst: () => ids.map((id) => ask(id, "update")),
    round,
  };
};

const content = hex("c0ffee");

const readOne: Script = [{ op: "reply", payload: { kind: "page", page: 3 } }];

/** The answer to the last call is the answer. */
const tenCalls = (callee: CanisterId): Script =>
  Array.from({ length: 10 }, (_, at) =>
    callTo(callee, "serve", at < 9 ? {} : { onReply: [{ op: "reply", payload: { kind: "message" } }] }),
  );

const canister = (id: CanisterId, fill: Script, body: Script, calls: boolean): CanisterGenesis =>
  ampleCanister(id, [
    { name: "fill", body: fill },
    { name: "ask", mode: calls ? "composite" : "query", body },
    { name: "update", body },
    { name: "serve", mode: "query", body: readOne },
  ]);
