/** A story of certified state: a canister certifies what its user says, and users read it, and that there is no other canister. */
import type { Instruction, Path, Trace } from "../../spec/index.ts";
import {
  answeredUser,
  began,
  canister,
  ended,
  executed,
  fromUser,
  ingress,
  removed,
  replied,
  replyMessage,
  round,
  story,
  turn,
  world,
  type Told,
} from "./stories.ts";
import { inducted, received } from "./tales-of-one.ts";
import { canisterTree, closed, fork, labeled, leaf, repliedTree } from "./trees.ts";

export const certify: Instruction = { op: "certify", data: { kind: "message" } };

export const reads = (...paths: readonly Path[]): Told["input"] => ({ kind: "read-state", paths });

const refused = (error: string): readonly object[] => [{ kind: "read-state-refused", error }];

/** Of the state behind the round: what whoever asks for the certified data of a and b is shown. */
const messages = labeled("request_status", labeled("x", repliedTree("2a")));
const shown = fork(
  labeled(
    "canister",
    labeled(
      "a",
      fork(
        fork(
          fork(labeled("certified_data", leaf("2a")), closed(labeled("controllers", leaf("")))),
          closed(labeled("memory", { kind: "empty" })),
        ),
        closed(labeled("timer", leaf(""))),
      ),
    ),
  ),
  fork(closed(messages), labeled("time", leaf("01"))),
);

/** And what whoever asks for nothing is shown. */
const bare = fork(closed(labeled("canister", labeled("a", canisterTree("2a")))), fork(closed(messages), labeled("time", leaf("01"))));

const spent = { balances: 982n, burned: 18n };

export const register: Trace = story(world([canister("a", { m0: [certify, replyMessage] })]), [
  { input: reads(["time"]), events: refused("IC0208") },
  { input: ingress("x", "a", "m0", "2a"), events: [received("x")] },
  {
    input: round(),
    events: [
      began(1, 1n),
      inducted("x", "a", 6n, 994n),
      ...turn(
        1,
        "a",
        4,
        executed("a", 0, { cause: fromUser("x"), instructions: 2, charged: 12n, balance: 982n }),
        { kind: "data-certified", canister: "a", data: "2a" },
        ...answeredUser("a", 0, "x", replied("2a")),
        removed("a", 0),
      ),
      ended(1, 1, 4),
    ],
    ledger: spent,
  },
  {
    input: reads(["canister", "a", "certified_data"], ["canister", "b", "certified_data"]),
    events: [{ kind: "certificate-issued", witness: shown, signature: null }],
    ledger: spent,
  },
  { input: reads([]), events: refused("CN0023"), ledger: spent },
  { input: reads(...Array.from({ length: 1_001 }, () => ["time"])), events: refused("CN0022"), ledger: spent },
  { input: reads(), events: [{ kind: "certificate-issued", witness: bare, signature: null }], ledger: spent },
]);
