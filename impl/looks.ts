/**
 * What a query looked at. It can see nothing but the time, its payload, who asks, and of canisters whether they can be asked, the code that runs, the
 * pages that it read, the size of stable memory if it came to that, the balance and the version if it read these, and whether somebody is a controller if it asked that; and the certificate, if it
 * read that, or whether there is one. So these, by value, say exactly
 * to whom and for how long it would answer the same: nothing else has to be told when something changes. (A canister that was asked was running.)
 * Of what the management canister was asked it saw the answer, and nothing behind it.
 */
import type { CanisterId, Cycles, ErrorCode, Hex, MethodName, Nanoseconds, Principal, Result, UserId } from "../spec/index.ts";
import type { Code } from "./code.ts";
import { balanceOf } from "./cohorts.ts";
import { answerOfManagement, refusalOfQuery } from "./openings.ts";
import { rootOf } from "./root.ts";
import type { Canister, Engine } from "./state.ts";

export interface Looks {
  /** `null` when it did not ask. */
  time: Nanoseconds | null;
  /** The user who asks, and whether it wanted to know. */
  readonly sender: UserId;
  isPersonal: boolean;
  /** Whom its calls asked for what, and whether that could be asked, by both names. */
  readonly openings: Map<string, Opening>;
  /** What its calls asked of the management canister, by who asked for what. */
  readonly managed: Map<string, Managed>;
  readonly canisters: Map<Canister, Look>;
  /** Whether a round took place; `null` when it did not matter. */
  isCertified: boolean | null;
  /** The certificate; `null` when it did not read that. */
  root: Hex | null;
}

interface Opening {
  readonly canister: CanisterId;
  readonly method: MethodName;
  readonly refusal: ErrorCode | null;
}

interface Managed {
  readonly asker: CanisterId;
  readonly method: MethodName;
  readonly argument: Hex;
  readonly result: Result;
}

interface Look {
  readonly code: Code | null;
  /** `null` when it did not ask, as of the balance. */
  version: number | null;
  balance: Cycles | null;
  /** How large stable memory was before the query made it any larger. */
  stablePages: number | null;
  /** Of whom it wanted to know whether they are controllers; `null` while of nobody. */
  controllers: Map<Principal, boolean> | null;
  /** As they were before anything that the query wrote; `null` for one that was never written. */
  readonly pages: Map<number, Hex | null>;
}

export const noLooks = (sender: UserId): Looks => ({
  time: null,
  sender,
  isPersonal: false,
  openings: new Map(),
  managed: new Map(),
  canisters: new Map(),
  isCertified: null,
  root: null,
});

/** Whether the canister can be asked: why not, or `null`. */
export const lookWhetherOpen = ({ openings }: Looks, engine: Engine, canister: CanisterId, method: MethodName): ErrorCode | null => {
  const name = `${canister} ${method}`;
  const known = openings.get(name);
  if (known !== undefined) return known.refusal;
  const refusal = refusalOfQuery(engine, canister, method);
  openings.set(name, { canister, method, refusal });
  return refusal;
};

/** What the management canister answers to this canister. */
export const lookAtManaged = ({ managed }: Looks, engine: Engine, asker: CanisterId, method: MethodName, argument: Hex): Result => {
  const result = answerOfManagement(engine, asker, method, argument);
  managed.set(`${asker} ${argument} ${method}`, { asker, method, argument, result });
  return result;
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

/** The size was read, or decided whether something is inside, or whether there is room. */
export const lookAtStableSize = (looks: Looks, canister: Canister): void => {
  lookOf(looks, canister).stablePages = canister.stablePages;
};

/** A query that a query asks knows its caller without a look: it is whoever got that far. */
export const lookAtCaller = (looks: Looks, caller: Principal): void => {
  if (caller === looks.sender) looks.isPersonal = true;
};

export const lookAtController = (looks: Looks, canister: Canister, principal: Principal): boolean => {
  const is = canister.controllers.includes(principal);
  (lookOf(looks, canister).controllers ??= new Map()).set(principal, is);
  return is;
};

/** Whether there is a certificate, for whoever may read it. */
export const lookWhetherCertified = (looks: Looks, engine: Engine): boolean => (looks.isCertified = isCertified(engine));

/** The certificate, which is made where it is read. */
export const lookAtCertificate = (looks: Looks, { root, time }: Engine): Hex => (looks.root = rootOf(root, time));

/** The code of the canister runs. */
export const lookAtCode = (looks: Looks, canister: Canister): void => void lookOf(looks, canister);

/** Whether everything that was looked at is as it was, but for who asks. */
export const isAsSeen = (engine: Engine, looks: Looks): boolean => {
  const { time, openings, managed, canisters } = looks;
  if (time !== null && time !== engine.time) return false;
  if (looks.isCertified !== null && looks.isCertified !== isCertified(engine)) return false;
  if (looks.root !== null && looks.root !== rootOf(engine.root, engine.time)) return false;
  for (const { canister, method, refusal } of openings.values()) if (refusalOfQuery(engine, canister, method) !== refusal) return false;
  for (const { asker, method, argument, result } of managed.values())
    if (answerOfManagement(engine, asker, method, argument) !== result) return false;
  for (const [canister, { code, version, balance, stablePages, controllers, pages }] of canisters) {
    if (canister.code !== code || (version !== null && canister.version !== version)) return false;
    if (balance !== null && balanceOf(canister) !== balance) return false;
    if (stablePages !== null && canister.stablePages !== stablePages) return false;
    if (controllers !== null) for (const [one, is] of controllers) if (canister.controllers.includes(one) !== is) return false;
    for (const [page, content] of pages) if ((canister.pages?.get(page) ?? null) !== content) return false;
  }
  return true;
};

/** What it takes to remember them. @unit bytes, roughly */
export const weightOf = ({ openings, managed, canisters }: Looks): number => {
  let weight = openings.size * ofRecord;
  for (const { argument } of managed.values()) weight += ofRecord + argument.length;
  for (const { controllers, pages } of canisters.values()) {
    weight += ofRecord * (1 + (controllers?.size ?? 0));
    for (const content of pages.values()) weight += ofRecord + (content?.length ?? 0);
  }
  return weight;
};

/** A record of a few fields in a map. */
export const ofRecord = 100;

const isCertified = ({ height }: Engine): boolean => height >= 1;

const lookOf = ({ canisters }: Looks, canister: Canister): Look => {
  const known = canisters.get(canister);
  if (known !== undefined) return known;
  const look: Look = { code: canister.code, version: null, balance: null, stablePages: null, controllers: null, pages: new Map() };
  canisters.set(canister, look);
  return look;
};
