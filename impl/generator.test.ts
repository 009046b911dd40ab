/** Draws: whatever they are for, one count goes through the round, and what was drawn for a request stays with it. */
import { describe, expect, test } from "vitest";
import { asciiOf, bytes, type Hex, type Input, type Observation } from "../spec/index.ts";
import { applyInput, boot } from "./engine.ts";
import { faultsIn } from "./invariants.ts";
import { fromText, toText } from "./restart.ts";
import { manage, manager } from "./small-management.ts";
import { call, ingress, round, smallWorld } from "./small-world.ts";
import { engineOf } from "./state.ts";

const hash = `k1 ${"ab".repeat(32)}`;
const wide = { maxPayload: bytes(128), queueCapacity: 8 };
const purposes = ({ draws }: Observation): string[] => draws.map(({ purpose, index, callback }) => `${index} ${purpose} ${callback}`);

describe("draws", () => {
  test("have one count through the round: randomness, ids in the order of the requests, nonces by number", () => {
    const several = [
      manage("sign_with_schnorr", "k1 t", { attached: 40n }),
      call("aaaaa-aa", { method: "raw_rand" }),
      manage("vetkd_derive_key", "k1 t", { attached: 40n }),
      manage("sign_with_ecdsa", hash, { attached: 40n }),
    ];
    const session = boot(smallWorld({ boss: { go: several } }, wide));
    const together = (): void => void session.apply(ingress(`i${session.view().height}`, "boss"));
    together();
    session.apply(round(0n));
    together();
    const first = session.apply(round(0n));
    expect(purposes(first)).toEqual(["0 randomness 1", "1 id 0", "2 id 2", "3 id 3"]);
    expect(new Set(first.draws.map(({ bytes }) => bytes)).size).toBe(4);
    const second = session.apply(round(0n));
    expect(purposes(second)).toEqual(["0 randomness 5", "1 id 4", "2 id 6", "3 id 7", "4 nonce 0", "5 nonce 3"]);
    expect(purposes(session.apply(round(0n)))).toEqual(["0 nonce 4", "1 nonce 7"]);
  });

  test("of what waits are kept in what is written of the state", () => {
    const engine = engineOf(smallWorld({ boss: manager({ attached: 500n }) }, wide));
    const lead = (...inputs: readonly Input[]): readonly Hex[] =>
      inputs.flatMap((input) => applyInput(engine, input).draws.map(({ bytes: drawn }) => drawn));
    const drawn = lead(ingress("i", "boss", "sign_with_ecdsa", asciiOf(hash)), round(0n), round(0n), round(0n));
    lead(ingress("j", "boss", "http_request", asciiOf("https://a 8")), round(0n), round(0n));
    const again = fromText(toText(engine));
    expect([again.consensus.next, ...again.consensus.waiting.values()]).toMatchObject([
      2,
      { number: 0, sent: 1, since: 2, id: drawn[0], nonce: drawn[1], request: { attached: 460n } },
      { number: 1, sent: 4, since: 5, id: null, nonce: null, request: { attached: 58n } },
    ]);
    expect(faultsIn(again)).toEqual([]);
  });
});
