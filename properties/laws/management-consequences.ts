/**
 * All that is told of one request to the management canister, event by event, foretold from what is known of who asked, for what,
 * and of the canister that is named. Written from `docs/machine.md` section 17 alone.
 */
import { byId, managementCanister, type CanisterId, type Parameters, type Result, type Settings } from "../../spec/index.ts";
import { outwardBy, priceOf, type Outward } from "../tracking/consensus.ts";
import { reservedLimitOf } from "../tracking/holdings.ts";
import { foreseeInstallation, type ForeseenInstallation } from "../tracking/installations.ts";
import { foreseeKeeping, installationIn } from "../tracking/chunks.ts";
import { answerTo, askedIn, methodOf, namedBy, refusalOf, type TrackedAsking } from "../tracking/management.ts";
import { rejectOf, type TrackedPetition, type TrackedRequest } from "../tracking/messages.ts";
import { pagesInUse } from "../tracking/pages.ts";
import { afterSettings, dueForSettings, nextId, portionOf, type AskedToMake } from "../tracking/settings.ts";
import { foreseeLoading, foreseeTaking, type ForeseenLoading } from "../tracking/snapshots.ts";
import { callOf, type TrackedCanister, type World } from "../tracking/world.ts";
import { withdrawalsOf } from "./uninstalling.ts";

/** All that is told of a request, one by one. */
export const consequencesOf = (world: World, asking: TrackedAsking): readonly object[] => {
  const error = refusalOf(world, asking);
  const answer = answerTo(world, asking);
  const told = teller(world);
  const end = (tell = told): readonly object[] => (answer === null ? [] : tell(asking.request, answer.result, answer.refund));
  // What the rule of a deletion itself refuses is told as where an input asks for it.
  if (error === "IC0203") return [{ kind: "canister-delete-refused", canister: asking.named, error }, ...end()];
  if (error !== null) return end();
  const canister = namedBy(world, asking);
  const outward = outwardBy(asking.request);
  if (outward !== null && asking.request.kind === "request") return [askedOfConsensus(world, asking.request, outward)];
  if (canister === undefined) return [...created(world, asking), ...end()];
  const { id, balance } = canister;
  const { attached } = asking.request;
  switch (methodOf(asking)) {
    case "canister_status":
    case "canister_info":
    case "create_canister":
    case "provisional_create_canister_with_cycles":
    case "list_canister_snapshots":
    case "sign_with_ecdsa":
    case "sign_with_schnorr":
    case "vetkd_derive_key":
    case "http_request":
    case "stored_chunks":
      return end();
    case "stop_canister":
      return canister.status === "running" ? [{ kind: "canister-stopping", canister: id }] : end();
    case "start_canister":
      return [
        { kind: "canister-started", canister: id },
        ...canister.stops.flatMap(({ request }) => told(request, rejectOf("IC0511"), request.attached)),
        ...end(),
      ];
    case "uninstall_code":
      return [{ kind: "uninstalled", canister: id }, ...withdrawalsOf(canister), ...end()];
    case "delete_canister":
      return [{ kind: "canister-deleted", canister: id, burned: balance + canister.reserved }, ...end(teller(world, id))];
    case "deposit_cycles":
      return [
        { kind: "cycles-deposited", canister: id, cycles: attached, balance: balance + attached },
        ...end(teller(world, null, [[id, balance + attached]])),
      ];
    case "provisional_top_up_canister": {
      const { amount } = askedIn(asking) as { readonly amount: bigint };
      return [
        { kind: "cycles-provided", canister: id, cycles: amount, balance: balance + amount },
        ...end(teller(world, null, [[id, balance + amount]])),
      ];
    }
    case "install_code":
    case "install_chunked_code": {
      const installation = installationIn(world, askedIn(asking));
      if (installation === null) return end();
      const ran = foreseeInstallation(world, canister, installation, asking.request.caller);
      return [...installed(canister, ran, world.parameters), ...end(teller(world, null, [[id, ran.balance]]))];
    }
    case "take_canister_snapshot": {
      const { replaced } = askedIn(asking) as { readonly replaced: number | null };
      const { error: _, ...taken } = foreseeTaking(world, canister, replaced);
      return [{ kind: "snapshot-taken", canister: id, replaced, ...taken }, ...end(teller(world, null, [[id, taken.balance]]))];
    }
    case "load_canister_snapshot": {
      const { source, snapshot } = askedIn(asking) as { readonly source: CanisterId; readonly snapshot: number };
      const loaded = foreseeLoading(world, canister, { source, snapshot, caller: asking.request.caller });
      return [...broughtBack(canister, source, loaded, world.parameters), ...end(teller(world, null, [[id, loaded.balance]]))];
    }
    case "delete_canister_snapshot": {
      const { snapshot } = askedIn(asking) as { readonly snapshot: number };
      return [{ kind: "snapshot-deleted", canister: id, snapshot }, ...end()];
    }
    case "upload_chunk": {
      const { chunk } = askedIn(asking) as { readonly chunk: string };
      const kept = foreseeKeeping(world, canister, chunk);
      if (kept === null) return end();
      const { error: _, ...told } = kept;
      return [{ kind: "chunk-kept", canister: id, ...told }, ...end(teller(world, null, [[id, kept.balance]]))];
    }
    case "clear_chunk_store":
      return [{ kind: "chunks-cleared", canister: id, chunks: canister.chunks.size }, ...end()];
    case "update_settings": {
      const { settings } = askedIn(asking) as { readonly settings: Settings };
      const due = dueForSettings(world, canister, settings);
      return [updated(canister, settings), ...setAside(id, balance, due), ...end(teller(world, null, [[id, balance - due]]))];
    }
  }
};

const askedOfConsensus = (world: World, request: TrackedRequest, outward: Outward): object => {
  const { caller, callback, method, attached } = request;
  const fee = priceOf(world, outward, request);
  return { kind: "consensus-asked", request: world.nextOutcall, caller, callback, method, fee, kept: attached - fee };
};

const created = (world: World, asking: TrackedAsking): readonly object[] => {
  const asked = askedIn(asking) as AskedToMake;
  const { settings } = asked;
  const balance = portionOf(world, asked, asking.request.attached);
  const canister = nextId(world);
  return [
    { kind: "canister-created", canister, computeAllocation: settings.computeAllocation ?? 0, balance },
    ...setAside(canister, balance, dueForSettings(world, null, settings)),
  ];
};

const setAside = (canister: CanisterId, balance: bigint, due: bigint): readonly object[] =>
  due === 0n ? [] : [{ kind: "memory-reserved", canister, cycles: due, balance: balance - due }];

const installed = (
  canister: TrackedCanister,
  { heap: _, old: _old, new: _new, pages, stablePages, certifiedData, ...ran }: ForeseenInstallation,
  parameters: Parameters,
) => [
  { kind: "installation-ran", ...ran, pages: pagesInUse(parameters, { pages, stablePages }) },
  ...changesTold(canister, { certifiedData, stablePages }),
];

/** What is told last where an execution, an installation or a snapshot leaves it otherwise. */
export const changesTold = (
  { id, ...before }: TrackedCanister,
  { certifiedData, stablePages }: Pick<TrackedCanister, "certifiedData" | "stablePages">,
): readonly object[] => [
  ...(certifiedData === before.certifiedData ? [] : [{ kind: "data-certified", canister: id, data: certifiedData }]),
  ...(stablePages === before.stablePages ? [] : [{ kind: "stable-resized", canister: id, stablePages }]),
];

const broughtBack = (
  canister: TrackedCanister,
  source: CanisterId,
  { error: _, from, ...loaded }: ForeseenLoading,
  parameters: Parameters,
) => {
  if (from === undefined) return [];
  const pages = pagesInUse(parameters, from);
  return [
    { kind: "snapshot-loaded", canister: canister.id, source, snapshot: from.number, pages, ...loaded },
    ...changesTold(canister, from),
  ];
};

const updated = (canister: TrackedCanister, settings: Settings): object => {
  const { genesis, memoryAllocation } = afterSettings(canister, settings);
  const { controllers = [], computeAllocation, freezingThreshold } = genesis;
  return {
    kind: "settings-updated",
    canister: canister.id,
    controllers: [...controllers].sort(byId),
    computeAllocation,
    memoryAllocation,
    freezingThreshold,
    reservedLimit: reservedLimitOf({ genesis }),
  };
};

/** Tells answers, one after another, where these balances changed just before: what is late goes to balances, and to nobody where the caller is gone, or goes now. */
export const teller = (world: World, going: CanisterId | null = null, changed: readonly (readonly [CanisterId, bigint])[] = []) => {
  const late = new Map<CanisterId, bigint>(changed);
  return (request: TrackedPetition, result: Result, refund: bigint): readonly object[] => {
    if (request.kind === "ingress") return [{ kind: "ingress-answered", ingress: request.id, result }];
    const { caller, callback } = request;
    const answered = { kind: "management-answered", caller, callback, result, refund };
    const canister = caller === going ? undefined : world.canisters.get(caller);
    if (canister === undefined) {
      const dropped = { kind: "message-dropped", canister: managementCanister, queue: "output", message: "response", caller, callback };
      const cycles = { kind: "cycles-dropped", owner: caller, cycles: refund, fate: "lost" };
      return [answered, { ...dropped, reason: "orphaned" }, ...(refund > 0n ? [cycles] : [])];
    }
    if (callOf(world, caller, callback)?.status === "open") return [answered];
    const balance = (late.get(caller) ?? canister.balance) + refund;
    late.set(caller, balance);
    return [answered, { kind: "response-late", caller, callback, refund, balance }];
  };
};
