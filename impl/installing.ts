/**
 * Code comes to a canister. Its scripts run in frames, one behind the other, and the canister is not touched before the last of them is
 * over: the first frame has the code and the pages that are there, the second one what the new code finds. So a rollback is to
 * forget the frames, and what is done at the end is the difference between what was there and what the second frame leaves.
 */
import {
  cycles,
  installBegin,
  installCommit,
  instructions,
  type Cycles,
  type ErrorCode,
  type Installation,
  type Principal,
} from "../spec/index.ts";
import { noteChange } from "./changes.ts";
import { hookOf, type Code } from "./code.ts";
import { balanceOf, reservedOf } from "./cohorts.ts";
import { frameOn, noBytes, noCycles, otherMessageBytes, thresholdOf, withoutContext, type Frame, type Start } from "./frame.ts";
import { isThawed } from "./freezing.ts";
import { change } from "./labels.ts";
import { pagesInUse, replaceMemory, sayChanged, writePages, type Pages, type Wrote } from "./pages.ts";
import { refusalOf } from "./refusals.ts";
import { runScript } from "./script.ts";
import { setBalance, setReserved, type Canister, type Engine } from "./state.ts";
import { listHeartbeat } from "./statuses.ts";
import { arm } from "./timers.ts";
import { memorySeen } from "./usage.ts";

/** Installs a module, and says why not, or by what it trapped, when it is not installed. */
export const install = (engine: Engine, canister: Canister, asked: Installation, by: Principal): ErrorCode | null => {
  const code = engine.modules.get(asked.module);
  if (code === undefined) return noSuchModule;
  const error = refusalOfInstallation(engine, canister, code, asked);
  if (error !== null) return error;
  const { certifiedData, stablePages } = canister;
  const { trap, used, frame } = run(engine, canister, code, asked, by);
  const done = frame === null ? nothingDone : put(engine, canister, code, frame);
  if (frame !== null) noteChange(engine, canister, asked.mode, by);
  const charged = settle(engine, canister, frame, used);
  engine.events.push({
    kind: "installation-ran",
    canister: canister.id,
    mode: asked.mode,
    module: asked.module,
    trap,
    instructions: instructions(used),
    prepaid: engine.prices.installation,
    charged,
    burned: done.burned,
    reserved: done.reserved,
    wrote: done.wrote,
    pages: pagesInUse(canister),
    timer: canister.timer,
    balance: balanceOf(canister),
  });
  sayChanged(engine, canister, { certifiedData, stablePages });
  return trap;
};

/** How an installation ends: what is to be put in place, or nothing. */
interface Outcome {
  readonly trap: ErrorCode | null;
  readonly used: number;
  readonly frame: Frame | null;
}

/** What it did to the canister. */
interface Done {
  readonly burned: Cycles;
  readonly reserved: Cycles;
  readonly wrote: Wrote;
}

const nothingDone: Done = { burned: noCycles, reserved: noCycles, wrote: [] };

const noSuchModule = refusalOf(installBegin.when.known);
const hasCode = refusalOf(installBegin.when.empty);
const hasNoCode = refusalOf(installBegin.when.present);
const notSaid = refusalOf(installBegin.when.said);
const cannotKeep = refusalOf(installBegin.when.keeping);
const tooOften = refusalOf(installBegin.when.patient);
const unfunded = refusalOf(installBegin.when.funded);
const insolvent = refusalOf(installCommit.when.solvent);

/** @rule install-begin */
const refusalOfInstallation = (engine: Engine, canister: Canister, to: Code, { mode, heap }: Installation): ErrorCode | null => {
  const { code: from, installDebit } = canister;
  if (mode === "install" && from !== null) return hasCode;
  if (mode === "upgrade") {
    if (from === null) return hasNoCode;
    if (from.persistentHeap && heap === null) return notSaid;
  }
  if (heap === "keep" && !to.persistentHeap) return cannotKeep;
  if (installDebit > 0) return tooOften;
  return isThawed(engine, canister, balanceOf(canister) - engine.prices.installation) ? null : unfunded;
};

/**
 * Runs the scripts, without a trace.
 * @rule install-commit
 * @rule install-rollback
 */
const run = (engine: Engine, canister: Canister, to: Code, asked: Installation, by: Principal): Outcome => {
  const { mode, skipsPreUpgrade } = asked;
  const before = frameFor(engine, canister, by);
  const farewell = mode === "upgrade" && !skipsPreUpgrade ? canister.code!.onPreUpgrade : null;
  const failed = runScript(before, farewell ?? []);
  if (failed !== null) return { trap: failed, used: before.used, frame: null };
  const frame = replaced(engine, before, asked);
  const trap =
    runScript(frame, (mode === "upgrade" ? to.onPostUpgrade : to.onInit) ?? []) ?? (frame.balance < thresholdOf(frame) ? insolvent : null);
  return { trap, used: frame.used, frame: trap === null ? frame : null };
};

/** On the canister as it is, with what is held for the installation taken off. */
const frameFor = (engine: Engine, canister: Canister, by: Principal): Frame => {
  const { prices, time, genesis } = engine;
  const { cores, installInstructionLimit } = genesis.parameters;
  const start: Start = {
    time,
    prices,
    balance: cycles(balanceOf(canister) - prices.installation),
    share: 0,
    callbacks: 0,
    storage: memorySeen(engine, cores),
    messageBytes: otherMessageBytes(engine, canister),
  };
  const context = withoutContext(by, "responded");
  return frameOn(engine, canister, context, "farewell", installInstructionLimit, start, start.balance, noBytes, noCycles, null);
};

/**
 * What the new code finds: it goes on with the limit and the balance of the old one.
 * @rule code-replace
 */
const replaced = (engine: Engine, before: Frame, { mode, heap }: Installation): Frame => {
  const { heapPages } = engine.genesis.parameters;
  const [isUpgrade, keepsHeap] = [mode === "upgrade", mode === "upgrade" && heap === "keep"];
  return {
    ...before,
    kind: "installation",
    version: before.version + 1,
    pages: isUpgrade ? pagesFrom(before, keepsHeap ? 0 : heapPages) : null,
    writes: null,
    heapSize: keepsHeap ? before.heapSize : 0,
    stablePages: isUpgrade ? before.stablePages : 0,
    threshold: null,
    timer: null,
    certifiedData: isUpgrade ? before.certifiedData : noBytes,
  };
};

/** The pages from this one on as a frame leaves them. */
const pagesFrom = ({ pages, writes }: Frame, first: number): Pages | null => {
  if (first === 0 && writes === null) return pages;
  return new Map([...(pages ?? []), ...(writes ?? [])].filter(([page]) => page >= first));
};

/** The frame becomes the state of the canister, but for the balance, and the code is the new one. */
const put = (engine: Engine, canister: Canister, code: Code, frame: Frame): Done => {
  const { burned, timer, certifiedData, version } = frame;
  const wrote = putPages(engine, canister, frame);
  const reserved = cycles(frame.reserved - reservedOf(canister));
  if (reserved > 0n) setReserved(engine, canister, frame.reserved);
  canister.code = code;
  canister.version = version;
  canister.hook = hookOf(code);
  listHeartbeat(engine, canister);
  canister.timer = timer;
  arm(engine.timers, canister);
  canister.certifiedData = certifiedData;
  change(canister);
  engine.totals.burned += burned;
  return { burned, reserved, wrote };
};

/** What it finds are the pages of the canister, or others of its own making. */
const putPages = (engine: Engine, canister: Canister, { pages, writes, heapSize, stablePages }: Frame): Wrote => {
  if (pages === canister.pages) return writePages(engine, canister, writes ?? [], { heapSize, stablePages });
  const own = new Map([...(pages ?? []), ...(writes ?? [])]);
  const kept = own.size === 0 ? null : own;
  return replaceMemory(engine, canister, { pages: kept, heapSize, stablePages }, kept);
};

/**
 * What ran is paid for, and counts against the next installation. Says what was burned for it.
 * @rule install-settle
 */
const settle = (engine: Engine, canister: Canister, frame: Frame | null, used: number): Cycles => {
  const { installation, installationRefund } = engine.prices;
  const refund = installationRefund(used);
  const charged = cycles(installation - refund);
  const left = frame === null ? balanceOf(canister) - installation : frame.balance;
  setBalance(engine, canister, cycles(left + refund));
  engine.totals.burned += charged;
  canister.installDebit = used;
  if (used > 0) engine.installed.push(canister);
  return charged;
};
