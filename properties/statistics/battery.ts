/**
 * The battery: many tests on the same bits, and one verdict. The bits are cut into halves, and an alarm needs the same
 * test to find both halves odd. So each half is judged at a level at which the approximations behind a test are good,
 * and the chance of a false alarm is the square of that level, times the number of tests.
 */
import { approximateEntropy, blockFrequency, cumulativeSums, evenBytes, longestRun, monobit, runs, serial, type Bits } from "./tests.ts";

export interface TestOfBits {
  readonly id: string;
  /** How likely fair bits look as odd as these. */
  chance(bits: Bits): number;
}

export const battery: readonly TestOfBits[] = [
  { id: "monobit", chance: monobit },
  { id: "block-frequency", chance: (bits) => blockFrequency(bits, 128) },
  { id: "runs", chance: runs },
  { id: "longest-run", chance: longestRun },
  { id: "serial", chance: (bits) => serial(bits, 4)[0] },
  { id: "serial-second", chance: (bits) => serial(bits, 4)[1] },
  { id: "approximate-entropy", chance: (bits) => approximateEntropy(bits, 4) },
  { id: "cumulative-sums", chance: (bits) => cumulativeSums(bits) },
  { id: "cumulative-sums-backwards", chance: (bits) => cumulativeSums(bits, true) },
  { id: "even-bytes", chance: evenBytes },
];

export interface Finding {
  readonly test: string;
  /** Of each half. */
  readonly chances: readonly [number, number];
}

export interface BatteryReport {
  readonly bits: number;
  /** The chance of a false alarm, over all tests. */
  readonly falseAlarm: number;
  /** Below this in both halves, a test raises an alarm. */
  readonly level: number;
  readonly findings: readonly Finding[];
  readonly alarms: readonly Finding[];
}

/** Fewest bits that a verdict is made on: in each half, every byte is expected five times. */
export const leastBits = 2 * 5 * 256 * 8;

/** Tries all tests. What they compute with must be `ready`. */
export const tryBits = (bits: Bits, falseAlarm: number): BatteryReport => {
  const level = Math.sqrt(falseAlarm / battery.length);
  const middle = 8 * Math.floor(bits.length / 16);
  const halves = [bits.subarray(0, middle), bits.subarray(middle)] as const;
  const findings = battery.map(({ id, chance }): Finding => ({ test: id, chances: [chance(halves[0]), chance(halves[1])] }));
  return { bits: bits.length, falseAlarm, level, findings, alarms: findings.filter(({ chances }) => Math.max(...chances) < level) };
};
