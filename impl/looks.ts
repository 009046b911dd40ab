/**
 * What a query looked at. It can see nothing but the time, its payload, and of canisters whether they can be asked, the code that runs, the
 * pages that it read, and the balance and the version if it read these. So these, by value, say exactly for how long it would answer the same: nothing
 * else has to be told when something changes.
 */
import type { CanisterId, Cycles, ErrorCode, Hex, MethodName, Nanoseconds } from "../spec/index.ts";
import type { Code } from "./code.ts";
import { balanceOf } from "./cohorts.ts";
import { refusalOfQuery } from "./openings.ts";
import type { Canister, Engine } from "./state.ts";

export interface Looks {
  /** `null` when it did not ask. */
  time: Nanoseconds | null;
  /** Whom its calls asked for what, and whether that could be asked, by both names. */
  readonly openings: Map<string, Opening>;
  readonly canisters: Map<Canister, Look>;
}

interface Opening {
  readonly canister: CanisterId;
  readonly method: MethodName;
  readonly refusal: ErrorCode | null;
}

interface Look {
  readonly code: Code | null;
  /** `null` when it did not ask, as of the balance. */
  version: number | null;
  balance: Cycles | null;
  /** As they were before anything that the query wrote; `null` for one that was never written. */
  readonly pages: Map<number, Hex | null>;
}

export const noLooks = (): Looks => ({ time: null, openings: new Map(), canisters: new Map() });

/** Whether the canister can be asked: why not, or `null`. */
export const lookWhetherOpen = ({ openings }: Looks, engine: Engine, canister: CanisterId, method: MethodName): ErrorCode | null => {
  const name = `${canister} ${method}`;
  const known = openings.get(name);
  if (known !== undefined) return known.refusal;
  const refusal = refusalOfQuery(engine, canister, method);
  openings.set(name, { canister, method, refusal });
  return refusal;
};

export const lookAtPage = (looks: Looks, canister: Canister, page: number): Hex | undefined => {
  const content = canister.pages?.get(page);
  lookOf(looks, canister).pages.set(page, content ?? null);
  return content;
};

export const lookAtBalance = (looks: Looks, canister: Canister): void => {
  lookOf(looks, canister).balance = balanceOf(canister);
};

export const lookAtVersion = (looks: Looks, canister: Canister): void => {
  lookOf(looks, canister).version = canister.version;
};

/** The code of the canister runs. */
export const lookAtCode = (looks: Looks, canister: Canister): void => void lookOf(looks, canister);

/** Whether everything that was looked at is as it was. */
export const isAsSeen = (engine: Engine, { time, openings, canisters }: Looks): boolean => {
  if (time !== null && time !== engine.time) return false;
  for (const { canister, method, refusal } of openings.values()) if (refusalOfQuery(engine, canister, method) !== refusal) return false;
  for (const [canister, { code, version, balance, pages }] of canisters) {
    if (canister.code !== code || (version !== null && canister.version !== version)) return false;
    if (balance !== null && balanceOf(canister) !== balance) return false;
    for (const [page, content] of pages) if ((canister.pages?.get(page) ?? null) !== content) return false;
  }
  return true;
};

/** What it takes to remember them. @unit bytes, roughly */
export const weightOf = ({ openings, canisters }: Looks): number => {
  let weight = openings.size * ofRecord;
  for (const { pages } of canisters.values()) {
    weight += ofRecord;
    for (const content of pages.values()) weight += ofRecord + (content?.length ?? 0);
  }
  return weight;
};

/** A record of a few fields in a map. */
export const ofRecord = 100;

const lookOf = ({ canisters }: Looks, canister: Canister): Look => {
  const known = canisters.get(canister);
  if (known !== undefined) return known;
  const look: Look = { code: canister.code, version: null, balance: null, pages: new Map() };
  canisters.set(canister, look);
  return look;
};
