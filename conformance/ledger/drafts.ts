/** What a posting is before it has its place in a trace; and to whom the cycles of a call would go back. */
import type { CanisterId, Event, Origin } from "../../spec/index.ts";
import type { Owner, Posting } from "./data.ts";
import { flows, type FlowName } from "./flows.ts";

/** A posting before it has its place in the trace. */
export type Draft = Omit<Posting, "step" | "event">;

export const post = (canister: CanisterId | null, name: FlowName, cycles: bigint, from: Owner, to: Owner): Draft => ({
  canister,
  flow: name,
  from: { place: flows[name].from, owner: from },
  to: { place: flows[name].to, owner: to },
  cycles,
});

export type Told<Kind extends Event["kind"]> = Extract<Event, { readonly kind: Kind }>;

/** To whom the cycles of a call would go back. */
export const payerOf = (origin: Origin): Owner => (origin.kind === "canister" ? origin.canister : null);
