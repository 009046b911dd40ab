/**
 * Attacks cost what the facts say, at all fees: each row is the attack that its title names, nobody but attacker and victim
 * pays, and the prices are computed here a second time, from the fee table alone.
 */
import { describe, expect, test } from "vitest";
import { createModel } from "../../model/index.ts";
import { callTo } from "../../properties/index.ts";
import {
  byteLength,
  currentParameters,
  cycles,
  drive,
  type CanisterId,
  type Event,
  type EventKind,
  type FeeTable,
  type Scenario,
  type Trace,
} from "../../spec/index.ts";
import { canister } from "../testing/worlds.ts";
import type { Attack } from "./attacks.ts";
import { measureAttacks, tollFees, tollOf, type Toll } from "./tolls.ts";
import { attacker, byCanister, consume, littleWork, mostWork, reply, victim, type Victim } from "./worlds.ts";

const entries = measureAttacks();
const attacks = entries.map(({ attack }) => attack);
const measured = new Map(entries.map(({ attack, tolls }) => [attack.id, tolls]));
const attackOf = (id: string): Attack => attacks.find((attack) => attack.id === id)!;

/** What happened in an attack, and in the same without it. */
interface Told {
  readonly attacked: readonly Event[];
  readonly spared: readonly Event[];
}
const eventsOf = (scenario: Scenario): readonly Event[] =>
  (drive(createModel(), scenario) as Trace).steps.flatMap(({ observation }) => observation.events);
const told = new Map(
  attacks.map(({ id, world }) => [
    id,
    tollFees.map((fees): Told => {
      const { attacked, spared } = world(fees);
      return { attacked: eventsOf(attacked), spared: eventsOf(spared) };
    }),
  ]),
);

const pick = <Kind extends EventKind>(events: readonly Event[], kind: Kind) =>
  events.filter((event): event is Extract<Event, { readonly kind: Kind }> => event.kind === kind);
const ran = (events: readonly Event[], by: CanisterId) => pick(events, "executed").filter(({ canister }) => canister === by);
const sentBy = (events: readonly Event[], by: CanisterId) => ran(events, by).flatMap(({ calls }) => calls);
/** Of the answers of a canister to others. */
const answeredBytes = (events: readonly Event[], by: CanisterId): readonly number[] =>
  pick(events, "answered")
    .filter(({ canister, origin }) => canister === by && origin.kind === "canister")
    .map(({ result }) => (result.kind === "reply" ? byteLength(result.payload) : 0));
const worked = (events: readonly Event[], count: number): boolean =>
  ran(events, victim).some(({ trap, instructions }) => trap === null && instructions === count);

/** Prices as the fee table says them. */
const pricesOf = (fees: FeeTable) => {
  const scale = (price: bigint): bigint => (price * BigInt(fees.subnetSize)) / BigInt(fees.referenceSubnetSize);
  const work = (instructions: number): bigint => (fees.tenInstructions * BigInt(instructions)) / 10n;
  return {
    base: scale(fees.execution),
    execution: (instructions: number): bigint => scale(fees.execution + work(instructions)),
    reception: (length: number): bigint =>
      fees.ingressScaled === "apart"
        ? scale(fees.ingress) + scale(fees.ingressByte) * BigInt(length)
        : scale(fees.ingress + fees.ingressByte * BigInt(length)),
    call: (sent: number, answered: number): bigint =>
      scale(fees.call) + scale(fees.transmissionByte * BigInt(sent)) + scale(fees.transmissionByte * BigInt(answered)),
  };
};
type Prices = ReturnType<typeof pricesOf>;

/** What is refunded of a prepayment is rounded by itself, and so is what two scenarios differ in. */
const rounding = 4n;
const near = (came: bigint, expected: bigint): void => {
  const difference = came - expected;
  expect(difference <= rounding && difference >= -rounding, `${came} is not ${expected}`).toBe(true);
};

const atAllFees = (title: string, id: string, hold: (toll: Toll, prices: Prices) => void): void => {
  test.each(tollFees.map((fees, at) => [fees.name, fees.subnetSize, at] as const))(`${title} (%s, %i nodes)`, (_name, _size, at) =>
    hold(measured.get(id)![at]!, pricesOf(tollFees[at]!)),
  );
};

describe("each attack is the one that its title names", () => {
  const { maxPayload } = currentParameters;
  /** By attack, what the reference must have done. */
  const shown: Readonly<Record<string, (events: readonly Event[]) => boolean>> = {
    "ingress-executed": (events) => worked(events, littleWork + 1),
    "ingress-most-work": (events) => worked(events, mostWork + 1) && pick(events, "execution-paused").length > 0,
    "ingress-large": (events) => worked(events, littleWork + 1),
    "ingress-no-method": (events) => pick(events, "not-executed").some(({ error }) => error === "IC0536"),
    "ingress-poor": (events) => pick(events, "not-executed").some(({ error }) => error === "IC0207"),
    "ingress-frozen": (events) => pick(events, "ingress-refused").some(({ error }) => error === "IC0207"),
    "ingress-inspected": (events) => pick(events, "ingress-refused").some(({ error }) => error === "IC0406"),
    "request-executed": (events) => worked(events, littleWork + 1),
    "request-most-work": (events) => worked(events, mostWork + 1) && pick(events, "execution-paused").length > 0,
    "request-large": (events) => sentBy(events, attacker).some(({ bytes }) => bytes === maxPayload) && worked(events, littleWork + 1),
    "request-large-reply": (events) => answeredBytes(events, victim).includes(maxPayload),
    "request-traps": (events) => ran(events, victim).some(({ trap }) => trap === "IC0503"),
    "request-no-method": (events) => pick(events, "not-executed").some(({ error }) => error === "IC0536"),
    "request-frozen": (events) => pick(events, "not-executed").some(({ error }) => error === "IC0207"),
    "request-late": (events) => pick(events, "message-dropped").some(({ reason, queue }) => reason === "expired" && queue === "input"),
    "request-queue-full": (events) =>
      ran(events, attacker).some(({ refusedCalls }) => refusedCalls.some(({ error }) => error === "IC0201")),
    "request-given": (events) => ran(events, victim).some(({ accepted }) => accepted === 1_000_000_000n),
    "request-refunded": (events) => ran(events, attacker).some(({ refunded }) => refunded === 1_000_000_000n),
    "calls-back": (events) => sentBy(events, victim).some(({ callee }) => callee === attacker),
    "calls-back-most-work": (events) =>
      ran(events, victim).some(
        ({ cause, trap, instructions }) => cause.kind === "response" && trap === null && instructions > 30_000_000_000,
      ),
    "reply-large": (events) => answeredBytes(events, attacker).includes(maxPayload),
  };

  test("none is without a witness", () => expect(Object.keys(shown).sort()).toEqual(attacks.map(({ id }) => id).sort()));
  test.each(attacks.map(({ id }) => id))("%s", (id) => {
    for (const { attacked, spared } of told.get(id)!) {
      expect(shown[id]!(attacked)).toBe(true);
      expect(shown[id]!(spared)).toBe(false);
    }
  });
});

describe("what is not executed costs its receiver at most the base fee (CYC-2.2, CYC-2.3, CYC-P17)", () => {
  const idle = attacks.filter(({ id }) =>
    told.get(id)!.every(({ attacked, spared }) => ran(attacked, victim).length <= ran(spared, victim).length),
  );

  test("which they are", () =>
    expect(idle.map(({ id }) => id)).toEqual([
      "ingress-no-method",
      "ingress-poor",
      "ingress-frozen",
      "ingress-inspected",
      "request-no-method",
      "request-frozen",
      "request-late",
      "request-queue-full",
    ]));
  for (const { id, by } of idle)
    atAllFees(id, id, ({ lost }, { base, reception }) => expect(lost).toBeLessThanOrEqual(base + (by === "user" ? reception(0) : 0n)));
  atAllFees("a frozen canister pays nothing for a request", "request-frozen", ({ lost }) => expect(lost).toBe(0n));
  atAllFees("nor for one that times out", "request-late", ({ lost }) => expect(lost).toBe(0n));
  atAllFees("a method that does not exist costs the base fee", "request-no-method", ({ lost }, { base }) => expect(lost).toBe(base));
});

describe("ingress costs its sender nothing, its receiver the reception and the execution (CYC-2.14, CYC-2.15)", () => {
  test("no user ever pays", () => {
    for (const { id, by } of attacks) for (const { spent } of measured.get(id)!) expect(spent > 0n, id).toBe(by === "canister");
  });
  atAllFees("a message that is executed", "ingress-executed", ({ lost }, { reception, execution }) =>
    near(lost, reception(0) + execution(littleWork + 1)),
  );
  atAllFees("each byte of it", "ingress-large", ({ lost }, { reception, execution }) =>
    near(lost, reception(currentParameters.maxPayload) + execution(littleWork + 1)),
  );
  atAllFees("a message without a method costs the reception and the base fee", "ingress-no-method", ({ lost }, { reception, base }) =>
    expect(lost).toBe(reception(0) + base),
  );
  atAllFees("one that cannot be prepaid costs the reception", "ingress-poor", ({ lost }, { reception }) => expect(lost).toBe(reception(0)));
  atAllFees("one that the inspection refuses costs nobody anything", "ingress-inspected", (toll) =>
    expect(toll).toEqual({ spent: 0n, lost: 0n }),
  );
  atAllFees("nor does one to a frozen canister", "ingress-frozen", (toll) => expect(toll).toEqual({ spent: 0n, lost: 0n }));
});

describe("who sends a request pays the call fee and both transmissions, whatever becomes of it (CYC-3.5, CYC-3.6)", () => {
  const more = ({ attacked, spared }: Told) => sentBy(attacked, attacker).slice(sentBy(spared, attacker).length);
  const senders = attacks.filter(({ id, by }) => by === "canister" && more(told.get(id)![1]!).length > 0);

  for (const { id } of senders)
    test(id, () => {
      for (const [at, fees] of tollFees.entries()) {
        const events = told.get(id)![at]!;
        const [request, ...others] = more(events);
        expect(others).toEqual([]);
        const { call, base } = pricesOf(fees);
        // The callback is executed, too, be it empty.
        const least = call(request!.bytes, sum(answeredBytes(events.attacked, victim)) - sum(answeredBytes(events.spared, victim))) + base;
        expect(measured.get(id)![at]!.spent).toBeGreaterThanOrEqual(least);
      }
    });

  test("only two attacks of canisters get by without a request of theirs", () =>
    expect(attacks.filter((attack) => attack.by === "canister" && !senders.includes(attack)).map(({ id }) => id)).toEqual([
      "request-queue-full",
      "reply-large",
    ]));
  atAllFees(
    "a request that is not sent costs the instruction that tried (CYC-3.2)",
    "request-queue-full",
    ({ spent, lost }, { execution, base }) => {
      expect(lost).toBe(0n);
      near(spent, execution(1) - base);
    },
  );
  atAllFees("the victim's own call costs the victim the same", "reply-large", ({ lost }, { call, base }) =>
    near(lost, call(0, currentParameters.maxPayload) + base),
  );
  test("cycles that are not accepted come back", () => expect(measured.get("request-refunded")).toEqual(measured.get("request-executed")));
  atAllFees("cycles that are accepted are the victim's", "request-given", ({ spent, lost }, { execution }) => {
    near(lost, execution(littleWork + 2) - 1_000_000_000n);
    expect(spent).toBeGreaterThan(1_000_000_000n);
  });
});

describe("what cannot be accounted for is no price", () => {
  const planted = (world: Attack["world"]) => (): Toll => tollOf({ ...attackOf("request-executed"), id: "planted", world }, tollFees[1]!);
  const long: Victim = { does: { work: [consume(mostWork), reply] } };
  const plot = { attack: [callTo(victim, "work")] };

  test("a message under way", () =>
    expect(planted((fees) => byCanister(fees, long, { ...plot, rounds: 3 }))).toThrow("are still in callbacks"));

  test("what a third canister burned", () => {
    const bystander = canister("bystander", {}, { onHeartbeat: [{ op: "burn", cycles: cycles(7n) }] });
    const joined = ({ genesis, inputs }: Scenario): Scenario => ({
      genesis: { ...genesis, canisters: [...genesis.canisters, bystander] },
      inputs,
    });
    const crowded = planted((fees) => {
      const { attacked, spared } = byCanister(fees, { does: { work: [reply] } }, plot);
      return { attacked: joined(attacked), spared };
    });
    expect(crowded).toThrow("are missing");
  });
});

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
