/** Settings and amounts among the words of an argument: `docs/machine.md`, section 17. */
import { isPrincipal, principal, type Principal } from "./identifiers.ts";
import { bytes, cycles, percent, seconds, type Bytes, type Cycles, type Percent, type Seconds } from "./units.ts";
import { numberOf } from "./words.ts";

/** What may be said about a canister; what is not said stays as it is. */
export interface Settings {
  readonly controllers?: readonly Principal[];
  readonly computeAllocation?: Percent;
  readonly memoryAllocation?: Bytes;
  readonly freezingThreshold?: Seconds;
  readonly reservedLimit?: Cycles;
}

/** Each setting is said once at most. */
export const settingsOf = (words: readonly string[]): Settings | null => {
  let settings: Settings = {};
  for (const word of words) {
    const one = settingOf(word);
    if (one === null || Object.keys(one).some((key) => key in settings)) return null;
    settings = { ...settings, ...one };
  }
  return settings;
};

const settingOf = (word: string): Settings | null => {
  const at = word.indexOf("=");
  const [name, said] = at < 0 ? [word, ""] : [word.slice(0, at), word.slice(at + 1)];
  switch (name) {
    case "controllers":
      return at < 0 ? null : controllersOf(said);
    case "compute_allocation": {
      const number = numberOf(said, 100n);
      return number === null ? null : { computeAllocation: percent(Number(number)) };
    }
    case "memory_allocation": {
      const number = numberOf(said, BigInt(Number.MAX_SAFE_INTEGER));
      return number === null ? null : { memoryAllocation: bytes(Number(number)) };
    }
    case "freezing_threshold": {
      const number = numberOf(said, BigInt(Number.MAX_SAFE_INTEGER));
      return number === null ? null : { freezingThreshold: seconds(Number(number)) };
    }
    case "reserved_cycles_limit": {
      const number = numberOf(said, mostCycles);
      return number === null ? null : { reservedLimit: cycles(number) };
    }
    default:
      return null;
  }
};

/** Ids with commas between them, whoever is named twice counted once; of an empty text none. */
const controllersOf = (said: string): Settings | null => {
  const ids = said === "" ? [] : said.split(",");
  return ids.every(isPrincipal) ? { controllers: [...new Set(ids)].map(principal) } : null;
};

/** So many cycles; `null` for any other word. */
export const amountOf = (word: string | undefined): Cycles | null => {
  const number = numberOf(word, mostCycles);
  return number === null ? null : cycles(number);
};

/** @unit cycles */
const mostCycles = (1n << 128n) - 1n;
