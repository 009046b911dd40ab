/**
 * Strange worlds: one subnet among strangers, whose canisters call those of the strangers, one call for each message, so
 * that a stranger can guess which calls wait for it. Some of its answers come in time, some twice, some after the deadline,
 * and some to calls that nobody sent; its requests crowd at a callee that takes its time.
 * @source facts/messages.md B12, I3, E12, E13
 */
import * as fc from "fast-check";
import {
  canisterId,
  cycles,
  managementCanister,
  nanoseconds,
  subnetId,
  type Instruction,
  type Method,
  type Parameters,
  type Scenario,
} from "../../spec/index.ts";
import { callDeadline } from "../tracking/messages.ts";
import { among, type Limit, type Vocabulary } from "../vocabulary.ts";
import { busyWorlds, withFewerInputs } from "./busy.ts";
import { unitOf } from "./canisters.ts";
import { drawn, type Dice } from "./dice.ts";
import type { Focus } from "./focus.ts";
import { levels, timeoutOf, type Terrain } from "./grammar.ts";
import { feesDrawn, networkOf } from "./networks.ts";
import { answer, callTo, message, openDiary, plainCanister } from "./plain.ts";
import { slicesOf, type AskedCall, type Stranger } from "./strangers.ts";

/** Worlds in which strangers are answered and answer, and busy worlds among strangers. */
export const strangeWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> =>
  fc.oneof(
    { arbitrary: drawn((dice) => strangeWorld(dice, vocabulary), withFewerInputs), weight: 3 },
    { arbitrary: busyWorlds(vocabulary, busy), weight: 1 },
  );

const busy: Focus = { always: ["call", "reply"], customs: ["networks", "strangers"], limits: ["streamCapacity"] };

const strangeWorld = (dice: Dice, vocabulary: Vocabulary): Scenario => {
  const { customs, inputs: kinds } = vocabulary;
  const parameters = parametersOf(dice, vocabulary);
  const known = customs.has("networks") && customs.has("strangers");
  const abroad: readonly Stranger[] = dice
    .shuffle(["abroad", "zone"].map(subnetId))
    .slice(0, dice.whole(1, 2))
    .map((subnet, at) => ({ subnet, hosted: farNames.slice(2 * at, 2 * at + dice.whole(1, 2)), sent: [], asked: [] }));
  const strangers = known ? abroad : [];
  const ids = dice.shuffle(["a", "m", "z"].map(canisterId)).slice(0, dice.whole(1, 2));
  const terrain: Terrain = {
    parameters,
    canisters: [...ids, server],
    far: [],
    words: vocabulary.instructions,
    customs,
    randomness: false,
    patient: false,
    unit: 50n,
  };
  const rich = { balance: cycles(100_000n * unitOf(parameters)) };
  const serving = { ...plainCanister(vocabulary, server, methodsOf(slowly(dice, vocabulary))), ...rich };
  const askers = ids.map((id) => {
    const stranger = dice.pick(abroad);
    const callee = known ? dice.pick(stranger.hosted) : server;
    const attached = cycles(dice.chance(50) ? 0n : dice.big(1n, 100n));
    const timeout = customs.has("best-effort") && dice.chance(60) ? { timeout: timeoutOf(dice, terrain) } : {};
    const ask = callTo(callee, levels[1], {
      ...timeout,
      payload: message,
      attached,
      onReply: [answer(message)],
      onReject: [{ op: "reject" }],
    });
    let callbacks = 0;
    const asked = (time: bigint): AskedCall => {
      const deadline = callDeadline(parameters, timeout.timeout, time);
      return { caller: id, callback: callbacks++, callee, attached, deadline: deadline === null ? null : nanoseconds(deadline) };
    };
    const [, ...others] = methodsOf({ op: "write", page: 1, value: message });
    return { id, stranger, asked, canister: { ...plainCanister(vocabulary, id, [{ name: levels[0], body: [ask] }, ...others]), ...rich } };
  });
  const time = dice.big(0n, 10n ** 15n);
  const diary = openDiary(dice, vocabulary);
  let now = time;
  for (let rounds = dice.whole(6, 14); rounds > 0; rounds--) {
    const elapsed = dice.pick([0n, 1n, dice.big(0n, 2_000_000_000n), dice.big(0n, 2_000_000_000n)]);
    for (const { id, stranger, asked } of askers) {
      if (!dice.chance(70)) continue;
      diary.ingress(id, levels[0]);
      // Where a stream may be full, a stranger may answer what has not left yet.
      if (kinds.has("ingress")) stranger.asked.push(asked(now + elapsed));
    }
    diary.restart(6);
    const slices = slicesOf(dice, terrain, strangers, now);
    now += elapsed;
    diary.round(elapsed, slices.length > 0 ? { slices } : {});
  }
  const routes = strangers.flatMap(({ subnet, hosted }) => hosted.map((canister) => ({ canister, subnet })));
  const network = strangers.length > 0 ? { own: subnetId("mid"), routes: dice.shuffle(routes) } : null;
  const canisters = [...askers.map(({ canister }) => canister), serving];
  return { genesis: { parameters, time: nanoseconds(time), ...(network && { network }), canisters }, inputs: diary.moves };
};

/** What strangers can ask for: something that may take its time, or something that is done at once. */
const methodsOf = (first: Instruction): readonly Method[] => [
  { name: levels[0], body: [{ op: "accept", cycles: cycles(3n) }, answer(message)] },
  { name: levels[1], body: [{ op: "accept", cycles: cycles(3n) }, first, answer(message)] },
  { name: levels[2], body: [{ op: "write", page: 0, value: message }, answer(message)] },
];

const server = canisterId("n-server");
const farNames = ["b-far", "far-0", "far-1", "zz-far"].map(canisterId);

/** Waits for randomness where that is known, so that a call is open for a round or two. */
const slowly = (dice: Dice, { randomness }: Vocabulary): Instruction =>
  randomness && dice.chance(70) ? callTo(managementCanister, "raw_rand") : { op: "write", page: 1, value: message };

const parametersOf = (dice: Dice, { limits, droppedCycles }: Vocabulary): Parameters => {
  const few = (["bestEffortMemory", "guaranteedResponseMemory", "bestEffortLifetime"] as const).filter(() => dice.chance(30));
  const scarce = among<Limit>(limits, ["roundInstructionLimit", ...(dice.chance(60) ? (["streamCapacity"] as const) : []), ...few]);
  const fates = [...droppedCycles];
  return {
    ...networkOf(dice, feesDrawn(dice), scarce),
    ...(fates.length > 0 && { droppedCycles: dice.pick(fates) }),
    queueCapacity: dice.whole(1, 3),
  };
};
