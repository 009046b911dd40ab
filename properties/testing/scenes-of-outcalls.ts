/** Scenes of consensus: chief and c ask for signatures, keys and outcalls, which cost 26, 26 and 403; blocks answer, well and badly. */
import {
  asciiOf,
  bytes,
  canisterId,
  cycles,
  hex,
  managementCanister,
  nanoseconds,
  type ConsensusAnswer,
  type FeeTable,
  type Move,
  type Parameters,
} from "../../spec/index.ts";
import { errand, rich, say, staged } from "./scenes-of-code.ts";
import { callTo, canister, ingress, network, replyMessage, round } from "./stories.ts";

const fees: FeeTable = {
  ...network.fees,
  signature: cycles(26n),
  outcall: cycles(3n),
  outcallNode: cycles(1n),
  outcallRequestByte: cycles(1n),
  outcallResponseByte: cycles(2n),
};

const priced: Partial<Parameters> = { fees, signatureQueue: 1, outcallLimit: 1 };

const answer = (request: number, reply: string | null): ConsensusAnswer => ({ request, reply: reply === null ? null : hex(reply) });

const block = (...answers: readonly ConsensusAnswer[]): Move => ({ ...round(), answers }) as Move;

/** A signature that is answered too early, then twice; a key that consensus gives up; and an outcall that says too much first. */
export const notary = staged(
  [
    ...errand("sign_with_schnorr", "key-1 pay"),
    block(answer(0, "aa")),
    { kind: "restart" },
    block(answer(0, "aa"), answer(0, "bb"), answer(9, "cc")),
    ...errand("vetkd_derive_key", "key-1 me"),
    block(answer(1, null)),
    ...errand("http_request", "https://x 2"),
    block(answer(2, "010203")),
    block(answer(2, "0102")),
    ...errand("http_request", "https://x"),
    ...errand("sign_with_ecdsa", `key-1 ${"0f".repeat(32)}`),
    round(),
    block(answer(3, "ab".repeat(201))),
    block(answer(3, "ab".repeat(200))),
  ],
  priced,
);

/** Whatever stands against a request. */
export const counter = staged(
  [
    ...errand("sign_with_schnorr", "key-2 pay"),
    ...errand("sign_with_schnorr", "key-1 pay"),
    ...errand("sign_with_schnorr", "key-1 pay", "c"),
    ...errand("vetkd_derive_key", "key-1 me", "c"),
    ...errand("http_request", "https://x 2"),
    ...errand("http_request", "https://x 2", "c"),
    block(answer(2, "01")),
    ...errand("http_request", "https://x", "c"),
    { kind: "set-fees", fees: { ...fees, signature: cycles(501n) } },
    block(answer(0, "01"), answer(1, "02")),
    ...errand("vetkd_derive_key", "key-1 me", "c"),
  ],
  priced,
);

/** In one round randomness and an id are drawn, in the next an id and a nonce, then the other nonce. */
export const lottery = staged(
  [
    ingress("e", "d", "throw"),
    ingress("e", "chief", "sign_with_schnorr", asciiOf("key-1 pay")),
    round(),
    ingress("e", "c", "sign_with_ecdsa", asciiOf(`key-1 ${"0f".repeat(32)}`)),
    round(),
    round(),
    round(),
    block(answer(1, "02"), answer(0, "01")),
    round(),
  ],
  priced,
  {},
  [canister("d", { throw: [callTo({ callee: managementCanister, method: "raw_rand", onReply: [replyMessage] })] })],
);

/** Too much was written: a round executes nothing, and takes the answer of its block all the same. */
export const standstill = staged(
  [
    ...errand("http_request", "https://x 2"),
    ...errand("sign_with_schnorr", "key-1 pay", "c"),
    ...say("keep", "01"),
    block(answer(1, "02"), answer(0, "01")),
    { ...round(), checkpoint: true } as Move,
    round(),
  ],
  { ...priced, heapDeltaCapacity: bytes(32), heapDeltaReserve: bytes(0) },
);

const hurry = callTo({
  callee: managementCanister,
  method: "http_request",
  payload: { kind: "bytes", bytes: asciiOf("https://x 2") },
  attached: cycles(410n),
  timeout: nanoseconds(0n),
  onReject: [replyMessage],
});

/** Who does not wait for its answer gets its cycles back; from who is gone, they are lost. */
export const departure = staged(
  [
    ...say("hurry", "", "d"),
    round(),
    block(answer(0, "01")),
    ...say("hurry", "", "d"),
    { kind: "uninstall", canister: canisterId("d") },
    round(),
    { kind: "delete-canister", canister: canisterId("d") },
    block(answer(1, "01")),
  ],
  priced,
  {},
  [canister("d", { hurry: [hurry] }, rich)],
);
