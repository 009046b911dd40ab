/** Settings, and canisters made by canisters: the clauses of `spec/rules/settings.ts`, one line each. */
import { castDraft } from "immer";
import {
  byteLength,
  bytes,
  canisterId,
  canisterMake,
  cycles,
  infoTell,
  mostControllers,
  percent,
  settingsUpdate,
  usualFreezingThreshold,
  usualReservedLimit,
  type CanisterId,
  type Cycles,
  type Hex,
  type Settings,
  type Principal,
} from "../../spec/index.ts";
import { enter, grow } from "../changes.ts";
import { aheadForBytes, canPay, setAside } from "../keeping.ts";
import { growthOf, memoryInUse } from "../memory.ts";
import { canisterOf, draftOf } from "../reading.ts";
import { askerOf, attachedTo } from "../requests.ts";
import { bootCanister } from "../boot.ts";
import type { Canister, ManagementRequest, State } from "../state.ts";
import { transition } from "../transition.ts";
import { creationFee, isAdmitted, isFresh } from "./canisters.ts";

interface Update {
  readonly canister: CanisterId;
  readonly settings: Settings;
  readonly by: Principal;
}

export const updateSettings = transition(settingsUpdate)<Update>({
  when: {
    few: (_before, { settings }) => isFew(settings),
    admitted: (before, { canister, settings }) =>
      !isGreater(canisterOf(before, canister), settings) || isAdmitted(before, canister, wanted(settings)),
    payable: (before, update) => !isGreater(canisterOf(before, update.canister), update.settings) || isPayable(before, update),
    sufficient: (before, { canister, settings: { reservedLimit } }) =>
      reservedLimit === undefined || reservedLimit >= canisterOf(before, canister).reserved,
    roomy: (before, update) => hasMemory(before, growthWith(before, update)),
    limited: (before, update) => isLimited(withAllocation(before, update), aheadOf(before, update)),
    secured: (before, update) =>
      wantedMemory(update.settings) <= canisterOf(before, update.canister).memoryAllocation ||
      isSecured(before, withAllocation(before, update), aheadOf(before, update)),
  },
  then: {
    controllers: (after, _before, { canister, settings: { controllers } }) => {
      if (controllers !== undefined) draftOf(after, canister).controllers = new Set(controllers);
    },
    allocation: (after, _before, { canister, settings: { computeAllocation } }) => {
      if (computeAllocation !== undefined) draftOf(after, canister).computeAllocation = computeAllocation;
    },
    memory: (after, _before, { canister, settings: { memoryAllocation } }) => {
      if (memoryAllocation !== undefined) draftOf(after, canister).memoryAllocation = memoryAllocation;
    },
    reserve: (after, before, update) => setAside(after, before, update.canister, aheadOf(before, update)),
    freezing: (after, _before, { canister, settings: { freezingThreshold: threshold } }) => {
      if (threshold !== undefined) draftOf(after, canister).freezingThreshold = threshold;
    },
    limit: (after, _before, { canister, settings: { reservedLimit } }) => {
      if (reservedLimit !== undefined) draftOf(after, canister).reservedLimit = reservedLimit;
    },
    version: (after, before, { canister }) => grow(after, before, canister),
    change: (after, before, { canister, settings, by }) => {
      if (settings.controllers !== undefined) enter(after, before, canister, "controllers", by);
    },
  },
});

const isFew = ({ controllers }: Settings): boolean => (controllers ?? []).length <= mostControllers;

const wanted = ({ computeAllocation }: Settings) => computeAllocation ?? percent(0);

const isGreater = ({ computeAllocation }: Canister, settings: Settings): boolean => wanted(settings) > computeAllocation;

/** The canister with all that is said of it. */
const withAllocation = (before: State, { canister, settings }: Omit<Update, "by">): Canister => {
  const now = canisterOf(before, canister);
  return {
    ...now,
    computeAllocation: settings.computeAllocation ?? now.computeAllocation,
    memoryAllocation: settings.memoryAllocation ?? now.memoryAllocation,
    freezingThreshold: settings.freezingThreshold ?? now.freezingThreshold,
    reservedLimit: settings.reservedLimit ?? now.reservedLimit,
  };
};

const wantedMemory = ({ memoryAllocation }: Settings) => memoryAllocation ?? bytes(0);

const growthWith = (before: State, update: Update): number =>
  growthOf(before.parameters, canisterOf(before, update.canister), withAllocation(before, update));

/** What an update sets aside for the memory that it allocates. */
export const aheadOf = (before: State, update: Update): Cycles => aheadForBytes(before, growthWith(before, update));

/** Whether the subnet has so much memory more. */
const hasMemory = (before: State, more: number): boolean => more === 0 || memoryInUse(before) + more <= before.parameters.storage.capacity;

const isLimited = ({ reserved, reservedLimit }: Canister, ahead: Cycles): boolean => ahead === 0n || reserved + ahead <= reservedLimit;

const isSecured = (before: State, then: Canister, ahead: Cycles): boolean =>
  canPay(before, { ...then, reserved: cycles(then.reserved + ahead) }, ahead);

const isPayable = (before: State, update: Update): boolean => canPay(before, withAllocation(before, update), 0n);

export interface Making {
  readonly request: ManagementRequest;
  readonly settings: Settings;
  /** What is made for it from nothing; `null` where it comes with what is attached. */
  readonly provided: Cycles | null;
}

export const makeCanister = transition(canisterMake)<Making>({
  when: {
    few: (_before, { settings }) => isFew(settings),
    admitted: (before, { settings }) => wanted(settings) === 0 || isAdmitted(before, freshId(before), wanted(settings)),
    roomy: (before, { settings }) => hasMemory(before, wantedMemory(settings)),
    funded: (before, { request, provided }) => provided !== null || attachedTo(request) >= creationFee(before),
    limited: (before, made) => isLimited(born(before, made), aheadOfNew(before, made)),
    secured: (before, made) => wantedMemory(made.settings) === 0 || isSecured(before, born(before, made), aheadOfNew(before, made)),
  },
  then: {
    create: (after, before, made) => void after.canisters.set(freshId(before), castDraft(born(before, made))),
    reserve: (after, before, made) => {
      const ahead = aheadOfNew(before, made);
      const child = after.canisters.get(freshId(before));
      if (child !== undefined) Object.assign(child, { balance: cycles(born(before, made).balance - ahead), reserved: ahead });
    },
    burn: (after, before, { provided }) => void (after.burned = cycles(before.burned + (provided === null ? creationFee(before) : 0n))),
    mint: (after, before, { provided }) => void (after.minted = cycles(before.minted + (provided ?? 0n))),
  },
});

/** What a new canister sets aside for the memory that it is allocated. */
export const aheadOfNew = (before: State, { settings }: Making): Cycles => aheadForBytes(before, wantedMemory(settings));

/** The id that the next canister made by a canister has: an id that a canister had is not fresh, so none is given twice. */
export const freshId = (before: State): CanisterId => {
  let number = 0;
  while (!isFresh(before, canisterId(`canister-${number}`))) number += 1;
  return canisterId(`canister-${number}`);
};

const born = (before: State, { request, settings, provided }: Making): Canister => {
  const given = {
    id: freshId(before),
    computeAllocation: wanted(settings),
    freezingThreshold: settings.freezingThreshold ?? usualFreezingThreshold,
    balance: provided ?? cycles(attachedTo(request) - creationFee(before)),
    controllers: settings.controllers ?? [askerOf(request)],
    reservedLimit: settings.reservedLimit ?? usualReservedLimit,
    methods: [],
    onTimer: [],
  };
  const { changesKept } = before.parameters;
  const creation = { version: 0, time: before.time, kind: "creation", by: askerOf(request) } as const;
  return {
    ...bootCanister(given, before.time, before.parameters),
    memoryAllocation: wantedMemory(settings),
    code: null,
    history: { total: 1, changes: changesKept === 0 ? [] : [creation] },
  };
};

export const tellInfo = transition(infoTell)<{ answer: Hex }>({
  when: {
    fits: (before, { answer }) => byteLength(answer) <= before.parameters.maxPayload,
  },
  then: {},
});
