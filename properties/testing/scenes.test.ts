/** Every scene is led through both machines: they tell the same, and what they tell breaks no law. */
import { describe, expect, test } from "vitest";
import { canisterId, cycles, faultsOf, type Machine, type Scenario } from "../../spec/index.ts";
import { impl } from "../../impl/index.ts";
import { model } from "../../model/index.ts";
import { properties } from "../catalogue.ts";
import { firstDifference } from "../laws/comparison.ts";
import {
  ballast,
  calm,
  exchange,
  farJam,
  flood,
  fork,
  heap,
  jam,
  procession,
  sliceOf,
  strait,
  strange,
  strangeAnswer,
  strangers,
} from "./scenes.ts";
import { forgetfulness, privacy, testimony } from "./scenes-of-certificates.ts";
import { dearth, plenty } from "./scenes-of-provisions.ts";
import { indiscretions, introductions } from "./scenes-of-identities.ts";
import { bulletins, excess } from "./scenes-of-statuses.ts";
import { audience, meanness, vigil } from "./scenes-of-users.ts";
import { oblivion, ruin, soliloquy, till, treasury, voyage } from "./scenes-of-bitcoin.ts";
import { dowry, estate, frugality, vacancy } from "./scenes-of-allotments.ts";
import { closet, larder, penury, puzzle, scramble } from "./scenes-of-chunks.ts";
import { career, growth, offspring, rearmament, refusals, resolutions, succession } from "./scenes-of-code.ts";
import { desertion, farewellTo, haste, impatience, indifference, respite } from "./scenes-of-decisions.ts";
import { archive, forfeiture, memoirs, reunion, rush, upkeep } from "./scenes-of-snapshots.ts";
import { confinement, expanse, remorse, squander, turnover } from "./scenes-of-stable.ts";
import { counter, departure, lottery, notary, standstill } from "./scenes-of-outcalls.ts";
import { admission, dawdling, delay, hoard, place, priced, relapse, splurge, suspense } from "./scenes-of-thrift.ts";
import { led } from "./weak-machines.ts";

const scenes: Readonly<Record<string, Scenario>> = {
  exchange,
  procession,
  strait,
  flood,
  calm,
  fork,
  heap,
  jam: jam(),
  "a jam whose cycles are lost": jam({ droppedCycles: "lost" }),
  farJam: farJam(),
  "ballast at home": ballast(4),
  "ballast that has arrived": ballast(4, 4),
  strangers: strangers([
    [sliceOf([strange(), strange({ caller: canisterId("further") }), strangeAnswer(9n), strangeAnswer(2n)], { signals: 1 })],
    [sliceOf([strange()], { begin: 9 })],
  ]),
};

const decisions: Readonly<Record<string, Scenario>> = { respite, impatience, farewellTo, haste, desertion, indifference };

const code: Readonly<Record<string, Scenario>> = { career, refusals, resolutions, offspring, growth, succession, rearmament };

const snapshots: Readonly<Record<string, Scenario>> = { memoirs, archive, upkeep, rush, reunion, forfeiture };

const chunks: Readonly<Record<string, Scenario>> = { puzzle, closet, larder, scramble, penury };

const allotments: Readonly<Record<string, Scenario>> = { estate, dowry, vacancy, frugality };

const dear = priced({ execution: cycles(30n), tenInstructions: cycles(40n) });

const outcalls: Readonly<Record<string, Scenario>> = { notary, counter, lottery, standstill, departure };

const bitcoin: Readonly<Record<string, Scenario>> = { treasury, till, voyage, ruin, oblivion, soliloquy };

const provisions: Readonly<Record<string, Scenario>> = { plenty, dearth };

const stable: Readonly<Record<string, Scenario>> = { expanse, remorse, confinement, turnover, squander };

const users: Readonly<Record<string, Scenario>> = {
  audience,
  meanness,
  vigil,
  excess,
  "bulletins for all": bulletins(3),
  "bulletins where nobody else is asked": bulletins(0),
};

const certificates: Readonly<Record<string, Scenario>> = { testimony, privacy, forgetfulness };

const identities: Readonly<Record<string, Scenario>> = {
  introductions,
  ...Object.fromEntries(
    (["message", "available", "refunded", "deadline", "method", "reject-code"] as const).map((kind) => [
      `an indiscretion about ${kind}`,
      indiscretions(kind),
    ]),
  ),
};

const thrift: Readonly<Record<string, Scenario>> = {
  hoard: hoard(),
  "a hoard of who may keep little": hoard({ reservedLimit: cycles(7n) }),
  "a hoard of who has little": hoard({ balance: cycles(150n) }),
  dawdling,
  "a delay until prices rose": delay(dear),
  "a delay until prices fell": delay(priced({ execution: cycles(4n) })),
  "a delay of who can pay no more": delay(dear, 134n),
  "suspense until prices rose": suspense(priced({ execution: cycles(60n) })),
  "suspense until nobody can pay": suspense(dear),
  "a place that can be kept": place(284n),
  "a place that cannot be kept": place(283n),
  relapse,
  splurge,
  admission,
};

const observations = (machine: Machine, scene: Scenario): unknown =>
  led(machine, scene).steps.map(({ observation }) => ({ ...observation, stateRoot: null }));

describe.each(
  Object.entries({
    ...scenes,
    ...decisions,
    ...thrift,
    ...code,
    ...snapshots,
    ...chunks,
    ...allotments,
    ...outcalls,
    ...bitcoin,
    ...provisions,
    ...users,
    ...stable,
    ...identities,
    ...certificates,
  }),
)("the scene %s", (_, scene) => {
  test("begins in worlds without faults", () => expect([scene.genesis, ...(scene.others ?? [])].flatMap(faultsOf)).toEqual([]));

  test("is the same for both machines", () => expect(firstDifference(observations(model, scene), observations(impl, scene))).toBeNull());

  test("breaks no law", () => {
    const tale = led(model, scene);
    const broken = properties.flatMap(({ id, judge }) => {
      const verdict = judge?.(tale);
      return verdict?.kind === "fails" ? [`${id}: ${verdict.because}`] : [];
    });
    expect(broken).toEqual([]);
  });
});
