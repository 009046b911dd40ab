/** What controllers decide about a canister besides its code, and canisters that canisters make. */
import {
  asciiOf,
  bytes,
  canisterId,
  canisterMake,
  cycles,
  mostControllers,
  percent,
  settingsUpdate,
  usualFreezingThreshold,
  usualReservedLimit,
  type Bytes,
  type CanisterId,
  type Cycles,
  type ErrorCode,
  type Percent,
  type Principal,
  type Seconds,
  type Settings,
} from "../spec/index.ts";
import { controllersOf, emptyCanister, memoryOf } from "./canister.ts";
import { noteChange } from "./changes.ts";
import { balanceOf, reservedOf } from "./cohorts.ts";
import { noCycles } from "./frame.ts";
import { lessReserved } from "./freezing.ts";
import { asideFor, isLimited, setAside } from "./keeping.ts";
import { bear, isAllocatable, isTaken, reschedule } from "./membership.ts";
import { callerOf, type ManagementRequest } from "./messages.ts";
import { allocateMemory, reprice } from "./occupancy.ts";
import { change } from "./labels.ts";
import { refusalOf, rejectWith } from "./refusals.ts";
import { answerRequest } from "./requests.ts";
import type { Canister, Engine } from "./state.ts";

/**
 * Changes what is said, and says why not, when it does not.
 * @rule settings-update
 */
export const updateSettings = (engine: Engine, canister: Canister, settings: Settings, by: Principal): ErrorCode | null => {
  const wanted = wantedOf(canister, settings);
  const growth = Math.max(0, Math.max(wanted.memory, canister.usedBytes) - memoryOf(canister));
  const reserved = asideFor(engine, growth);
  const error = refusalOfUpdate(engine, canister, settings, wanted, growth, reserved);
  if (error !== null) return error;
  const { controllers } = settings;
  const isReallocated = wanted.compute !== canister.allocation;
  canister.allocation = wanted.compute;
  allocateMemory(engine, canister, wanted.memory);
  canister.freezing = wanted.freezing;
  canister.reservedLimit = wanted.reservedLimit;
  setAside(engine, canister, reserved);
  canister.version++;
  if (controllers !== undefined) {
    canister.controllers = controllersOf(controllers);
    change(canister);
    noteChange(engine, canister, "controllers", by);
  }
  reprice(engine, canister);
  if (isReallocated) reschedule(engine);
  engine.events.push({
    kind: "settings-updated",
    canister: canister.id,
    controllers: canister.controllers,
    computeAllocation: wanted.compute,
    memoryAllocation: wanted.memory,
    freezingThreshold: wanted.freezing,
    reservedLimit: wanted.reservedLimit,
  });
  saySetAside(engine, canister, reserved);
  return null;
};

/**
 * A canister without code, which whoever asked controls unless others are named. It has the cycles that came with the request, less the
 * fee; or else those that are minted for it, for which there is none.
 * @rule canister-make
 */
export const makeCanister = (engine: Engine, request: ManagementRequest, settings: Settings, minted: Cycles | null): void => {
  const { attached } = request;
  const caller = callerOf(request);
  const { totals, prices } = engine;
  const [endowment, fee, refund] = minted === null ? [attached, prices.creation, noCycles] : [minted, noCycles, attached];
  const { memoryAllocation = noMemory, ...others } = settings;
  const reserved = asideFor(engine, memoryAllocation);
  const error = refusalOfMaking(engine, settings, endowment - fee, reserved);
  if (error !== null) return answerRequest(engine, request, rejectWith(error));
  const id = nextId(engine);
  totals.messages -= attached - refund;
  totals.minted += minted ?? noCycles;
  const canister = bear(engine, { ...emptyCanister(id, endowment), controllers: [caller], ...others }, null, fee);
  noteChange(engine, canister, "creation", caller);
  engine.events.push({ kind: "canister-created", canister: id, computeAllocation: canister.allocation, balance: balanceOf(canister) });
  allocateMemory(engine, canister, memoryAllocation);
  setAside(engine, canister, reserved);
  saySetAside(engine, canister, reserved);
  answerRequest(engine, request, { kind: "reply", payload: asciiOf(id) }, refund);
};

const tooMany = refusalOf(settingsUpdate.when.few);
const tooMuch = refusalOf(settingsUpdate.when.admitted);
const notPayable = refusalOf(settingsUpdate.when.payable);
const tooLow = refusalOf(settingsUpdate.when.sufficient);
const noRoom = refusalOf(settingsUpdate.when.roomy);
const overReserve = refusalOf(settingsUpdate.when.limited);
const notSecured = refusalOf(settingsUpdate.when.secured);
const tooManyAtBirth = refusalOf(canisterMake.when.few);
const tooMuchAtBirth = refusalOf(canisterMake.when.admitted);
const noRoomAtBirth = refusalOf(canisterMake.when.roomy);
const underfunded = refusalOf(canisterMake.when.funded);
const overReserveAtBirth = refusalOf(canisterMake.when.limited);
const notSecuredAtBirth = refusalOf(canisterMake.when.secured);

const noMemory = bytes(0);

/** What a canister would have of all that it pays for. */
interface Wanted {
  readonly compute: Percent;
  readonly memory: Bytes;
  readonly freezing: Seconds;
  readonly reservedLimit: Cycles;
}

const wantedOf = (canister: Canister, settings: Settings): Wanted => ({
  compute: settings.computeAllocation ?? canister.allocation,
  memory: settings.memoryAllocation ?? canister.memoryAllocation,
  freezing: settings.freezingThreshold ?? canister.freezing,
  reservedLimit: settings.reservedLimit ?? canister.reservedLimit,
});

const refusalOfUpdate = (
  engine: Engine,
  canister: Canister,
  { controllers = [] }: Settings,
  wanted: Wanted,
  growth: number,
  reserved: Cycles,
): ErrorCode | null => {
  const { allocation, memoryAllocation } = canister;
  if (controllers.length > mostControllers) return tooMany;
  if (wanted.compute > allocation) {
    if (!isAllocatable(engine, allocation, wanted.compute)) return tooMuch;
    if (balanceOf(canister) < thresholdWith(engine, canister, wanted, noCycles)) return notPayable;
  }
  if (wanted.reservedLimit < reservedOf(canister)) return tooLow;
  if (!isRoomFor(engine, growth)) return noRoom;
  if (!isLimited(canister, reserved, wanted.reservedLimit)) return overReserve;
  if (wanted.memory <= memoryAllocation) return null;
  return balanceOf(canister) - reserved < thresholdWith(engine, canister, wanted, reserved) ? notSecured : null;
};

/** The freezing threshold that the canister would have with all this, and with so much more set aside. */
const thresholdWith = ({ prices }: Engine, canister: Canister, { compute, memory, freezing }: Wanted, reserved: Cycles): Cycles => {
  const standingDay = prices.standingDay(Math.max(memory, canister.usedBytes), compute);
  const frozen = prices.frozen(standingDay, canister.messageBytes, freezing);
  return lessReserved(frozen, cycles(reservedOf(canister) + reserved));
};

/** Whether the memory of all canisters may grow by so many bytes at the wish of one of them. */
const isRoomFor = ({ usage, genesis }: Engine, growth: number): boolean =>
  growth === 0 || growth <= genesis.parameters.storage.capacity - usage.memory;

/** `endowment` is what is left of the fee, below 0 where it is not covered. */
const refusalOfMaking = (engine: Engine, settings: Settings, endowment: bigint, reserved: Cycles): ErrorCode | null => {
  const { controllers = [], computeAllocation = percent(0), memoryAllocation = noMemory } = settings;
  const { freezingThreshold = usualFreezingThreshold, reservedLimit = usualReservedLimit } = settings;
  const { prices } = engine;
  if (controllers.length > mostControllers) return tooManyAtBirth;
  if (computeAllocation > 0 && !isAllocatable(engine, 0, computeAllocation)) return tooMuchAtBirth;
  if (!isRoomFor(engine, memoryAllocation)) return noRoomAtBirth;
  if (endowment < 0n) return underfunded;
  if (reserved > reservedLimit) return overReserveAtBirth;
  if (memoryAllocation === 0) return null;
  const frozen = prices.frozen(prices.standingDay(memoryAllocation, computeAllocation), 0, freezingThreshold);
  return endowment - reserved < lessReserved(frozen, reserved) ? notSecuredAtBirth : null;
};

const saySetAside = (engine: Engine, canister: Canister, reserved: Cycles): void => {
  if (reserved === 0n) return;
  engine.events.push({ kind: "memory-reserved", canister: canister.id, cycles: reserved, balance: balanceOf(canister) });
};

/** An id that nobody has or had; it, and all that were passed over, are never given again. */
const nextId = (engine: Engine): CanisterId => {
  for (;;) {
    const id = canisterId(`canister-${engine.nextNumber++}`);
    if (!isTaken(engine, id)) return id;
  }
};
