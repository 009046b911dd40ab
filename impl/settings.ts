/** What controllers decide about a canister besides its code, and canisters that canisters make. */
import {
  asciiOf,
  canisterId,
  canisterMake,
  mostControllers,
  percent,
  settingsUpdate,
  type CanisterId,
  type Cycles,
  type ErrorCode,
  type Percent,
  type Seconds,
  type Settings,
} from "../spec/index.ts";
import { controllersOf, emptyCanister, memoryTaken } from "./canister.ts";
import { noteChange } from "./changes.ts";
import { balanceOf, reservedOf } from "./cohorts.ts";
import { noCycles } from "./frame.ts";
import { lessReserved } from "./freezing.ts";
import { bear, isAllocatable, isTaken, reschedule } from "./membership.ts";
import type { Request } from "./messages.ts";
import { reprice } from "./occupancy.ts";
import { refusalOf, rejectWith } from "./refusals.ts";
import { answerRequest } from "./requests.ts";
import type { Canister, Engine } from "./state.ts";

/**
 * Changes what is said, and says why not, when it does not.
 * @rule settings-update
 */
export const updateSettings = (engine: Engine, canister: Canister, settings: Settings, by: CanisterId): ErrorCode | null => {
  const error = refusalOfUpdate(engine, canister, settings);
  if (error !== null) return error;
  const { controllers, computeAllocation = canister.allocation, freezingThreshold, reservedLimit } = settings;
  const isReallocated = computeAllocation !== canister.allocation;
  canister.controllers = controllersOf(controllers ?? canister.controllers);
  canister.allocation = computeAllocation;
  canister.freezing = freezingThreshold ?? canister.freezing;
  canister.reservedLimit = reservedLimit ?? canister.reservedLimit;
  canister.version++;
  if (controllers !== undefined) noteChange(engine, canister, "controllers", by);
  reprice(engine, canister);
  if (isReallocated) reschedule(engine);
  engine.events.push({
    kind: "settings-updated",
    canister: canister.id,
    controllers: canister.controllers,
    computeAllocation,
    freezingThreshold: canister.freezing,
    reservedLimit: canister.reservedLimit,
  });
  return null;
};

/**
 * A canister without code, which whoever asked controls unless others are named, and which has the cycles that came with the request.
 * @rule canister-make
 */
export const makeCanister = (engine: Engine, request: Request, settings: Settings): void => {
  const { attached, origin } = request;
  const error = refusalOfMaking(engine, settings, attached);
  if (error !== null) return answerRequest(engine, request, rejectWith(error));
  const id = nextId(engine);
  engine.totals.messages -= attached;
  const canister = bear(engine, { ...emptyCanister(id, attached), controllers: [origin.canister], ...settings }, null);
  noteChange(engine, canister, "creation", origin.canister);
  engine.events.push({ kind: "canister-created", canister: id, computeAllocation: canister.allocation, balance: balanceOf(canister) });
  answerRequest(engine, request, { kind: "reply", payload: asciiOf(id) }, noCycles);
};

const tooMany = refusalOf(settingsUpdate.when.few);
const tooMuch = refusalOf(settingsUpdate.when.admitted);
const notPayable = refusalOf(settingsUpdate.when.payable);
const tooLow = refusalOf(settingsUpdate.when.sufficient);
const tooManyAtBirth = refusalOf(canisterMake.when.few);
const tooMuchAtBirth = refusalOf(canisterMake.when.admitted);
const underfunded = refusalOf(canisterMake.when.funded);

const refusalOfUpdate = (engine: Engine, canister: Canister, settings: Settings): ErrorCode | null => {
  const { allocation, freezing } = canister;
  const { controllers = [], computeAllocation: wanted = allocation, freezingThreshold = freezing, reservedLimit } = settings;
  if (controllers.length > mostControllers) return tooMany;
  if (wanted > allocation) {
    if (!isAllocatable(engine, allocation, wanted)) return tooMuch;
    if (balanceOf(canister) < thresholdWith(engine, canister, wanted, freezingThreshold)) return notPayable;
  }
  return reservedLimit !== undefined && reservedLimit < reservedOf(canister) ? tooLow : null;
};

/** The freezing threshold that the canister would have with these settings. */
const thresholdWith = ({ prices, genesis }: Engine, canister: Canister, allocation: Percent, freezing: Seconds): Cycles => {
  const standingDay = prices.standingDay(memoryTaken(genesis.parameters, canister), allocation);
  return lessReserved(prices.frozen(standingDay, canister.messageBytes, freezing), reservedOf(canister));
};

const refusalOfMaking = (
  engine: Engine,
  { controllers = [], computeAllocation = percent(0) }: Settings,
  attached: Cycles,
): ErrorCode | null => {
  if (controllers.length > mostControllers) return tooManyAtBirth;
  if (computeAllocation > 0 && !isAllocatable(engine, 0, computeAllocation)) return tooMuchAtBirth;
  return attached < engine.prices.creation ? underfunded : null;
};

/** An id that nobody has or had; it, and all that were passed over, are never given again. */
const nextId = (engine: Engine): CanisterId => {
  for (;;) {
    const id = canisterId(`canister-${engine.nextNumber++}`);
    if (!isTaken(engine, id)) return id;
  }
};
