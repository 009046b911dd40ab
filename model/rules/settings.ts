/** Settings, and canisters made by canisters: the clauses of `spec/rules/settings.ts`, one line each. */
import { castDraft } from "immer";
import {
  byteLength,
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
  type Hex,
  type Settings,
} from "../../spec/index.ts";
import { enter, grow } from "../changes.ts";
import { freezingThreshold } from "../money.ts";
import { canisterOf, draftOf } from "../reading.ts";
import { bootCanister } from "../boot.ts";
import type { Canister, Request, State } from "../state.ts";
import { transition } from "../transition.ts";
import { creationFee, isAdmitted, isFresh } from "./canisters.ts";

interface Update {
  readonly canister: CanisterId;
  readonly settings: Settings;
  readonly by: CanisterId;
}

export const updateSettings = transition(settingsUpdate)<Update>({
  when: {
    few: (_before, { settings }) => isFew(settings),
    admitted: (before, { canister, settings }) =>
      !isGreater(canisterOf(before, canister), settings) || isAdmitted(before, canister, wanted(settings)),
    payable: (before, { canister, settings }) =>
      !isGreater(canisterOf(before, canister), settings) || isPayable(before, canister, settings),
    sufficient: (before, { canister, settings: { reservedLimit } }) =>
      reservedLimit === undefined || reservedLimit >= canisterOf(before, canister).reserved,
  },
  then: {
    controllers: (after, _before, { canister, settings: { controllers } }) => {
      if (controllers !== undefined) draftOf(after, canister).controllers = new Set(controllers);
    },
    allocation: (after, _before, { canister, settings: { computeAllocation } }) => {
      if (computeAllocation !== undefined) draftOf(after, canister).computeAllocation = computeAllocation;
    },
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

const isPayable = (before: State, canister: CanisterId, { computeAllocation, freezingThreshold: threshold }: Settings): boolean => {
  const now = canisterOf(before, canister);
  const then = {
    ...now,
    computeAllocation: computeAllocation ?? now.computeAllocation,
    freezingThreshold: threshold ?? now.freezingThreshold,
  };
  return now.balance >= freezingThreshold(before, then);
};

export const makeCanister = transition(canisterMake)<{ request: Request; settings: Settings }>({
  when: {
    few: (_before, { settings }) => isFew(settings),
    admitted: (before, { settings }) => wanted(settings) === 0 || isAdmitted(before, freshId(before), wanted(settings)),
    funded: (before, { request }) => request.attached >= creationFee(before),
  },
  then: {
    create: (after, before, made) => void after.canisters.set(freshId(before), castDraft(born(before, made))),
    burn: (after, before) => void (after.burned = cycles(before.burned + creationFee(before))),
  },
});

/** The id that the next canister made by a canister has: an id that a canister had is not fresh, so none is given twice. */
export const freshId = (before: State): CanisterId => {
  let number = 0;
  while (!isFresh(before, canisterId(`canister-${number}`))) number += 1;
  return canisterId(`canister-${number}`);
};

const born = (before: State, { request, settings }: { readonly request: Request; readonly settings: Settings }): Canister => {
  const given = {
    id: freshId(before),
    computeAllocation: wanted(settings),
    freezingThreshold: settings.freezingThreshold ?? usualFreezingThreshold,
    balance: cycles(request.attached - creationFee(before)),
    controllers: settings.controllers ?? [request.caller],
    reservedLimit: settings.reservedLimit ?? usualReservedLimit,
    methods: [],
    onTimer: [],
  };
  const { changesKept } = before.parameters;
  const creation = { version: 0, time: before.time, kind: "creation", by: request.caller } as const;
  return { ...bootCanister(given, before.time), code: null, history: { total: 1, changes: changesKept === 0 ? [] : [creation] } };
};

export const tellInfo = transition(infoTell)<{ answer: Hex }>({
  when: {
    fits: (before, { answer }) => byteLength(answer) <= before.parameters.maxPayload,
  },
  then: {},
});
