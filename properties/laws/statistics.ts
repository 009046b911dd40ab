/** Draws look random: the battery of statistical tests, as a law. It is smoke without a fire: hashes of anything pass it. */
import type { Trace } from "../../spec/index.ts";
import { muchDicedWorlds } from "../arbitraries/diced.ts";
import { alone } from "../case.ts";
import { fails, holds, readable, vacuous, type Property, type Verdict } from "../property.ts";
import { leastBits, tryBits } from "../statistics/battery.ts";
import { ready } from "../statistics/special.ts";
import { bitsOf } from "../statistics/tests.ts";

/** For one case: a thousand of them raise a false alarm with a chance of at most one in a million. */
export const falseAlarmOfBattery = 1e-9;

export const drawsLookRandom: Property = {
  id: "draws-look-random",
  statement:
    "The bits of all draws of a world pass ten tests of randomness (false alarm about 1e-9 a case over all tests; power at least 0.99 against bits of which 54 in a hundred are one, or 54 in a hundred the same as the one before).",
  source: "facts/messages.md MSG-P22, J5; NIST SP 800-22 rev. 1a",
  cites: ["randomness-answer", "round-begin"],
  kind: "law",
  cases: (vocabulary) => muchDicedWorlds(vocabulary).map(alone),
  check: async ({ case: { scenario }, drive }) => {
    await ready();
    const trace = await drive(scenario);
    return readable(() => odd(trace));
  },
};

const odd = ({ steps }: Trace): Verdict => {
  const bits = bitsOf(steps.flatMap(({ observation }) => observation.draws.map((draw) => draw.bytes)).join(""));
  if (bits.length < leastBits) return vacuous(`${bits.length} bits were drawn, and ${leastBits} are needed`);
  const [alarm] = tryBits(bits, falseAlarmOfBattery).alarms;
  if (alarm === undefined) return holds;
  return fails(
    null,
    `of ${bits.length} bits, ${alarm.test} finds both halves odd: fair ones are as odd with a chance of ${alarm.chances.map((chance) => chance.toExponential(1)).join(" and ")}`,
  );
};
