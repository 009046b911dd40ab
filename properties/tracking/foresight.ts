/**
 * What an onlooker knows of an execution before it runs: its script, and what the script sees. A script is known when
 * it is that of a method or a timer; that of a callback is known when only one call instruction can have sent the call.
 */
import type { Executed, Script } from "../../spec/index.ts";
import { readingOf, sendersOf, type Given } from "../reading.ts";
import type { TrackedCanister, World } from "./world.ts";

export interface Foreseen {
  readonly canister: TrackedCanister;
  readonly script: Script;
  readonly given: Given;
  /** Whether the call context still owes an answer. */
  readonly open: boolean;
}

/** What is known of an execution, from the world just before it; `null` when its script is not. */
export const foresee = (event: Executed, world: World): Foreseen | null => {
  const canister = world.canisters.get(event.canister);
  const script = canister === undefined ? undefined : scriptOf(event, canister);
  if (canister === undefined || script === undefined) return null;
  const { cause } = event;
  const context = cause.kind === "response" ? canister.contexts.get(event.context) : undefined;
  const paid = cause.kind === "response" ? event.transmissionReserve - event.transmissionFee + event.refunded : -event.prepaid;
  return {
    canister,
    script,
    open: cause.kind === "update" || context?.status === "open",
    given: {
      message: messageOf(event, world),
      time: world.time,
      refunded: event.refunded,
      balance: canister.balance + paid,
      available: cause.kind === "update" ? cause.attached : (context?.available ?? 0n),
      page: (page) => canister.pages.get(page) ?? "",
    },
  };
};

const scriptOf = ({ cause }: Executed, { genesis, calls }: TrackedCanister): Script | undefined => {
  switch (cause.kind) {
    case "timer":
      return genesis.onTimer;
    case "update":
      return readingOf(genesis).methods.get(cause.method);
    case "response": {
      const call = calls.get(cause.callback);
      const senders = call === undefined ? [] : sendersOf(genesis, call);
      if (senders.length !== 1) return undefined;
      return cause.result === "reply" ? senders[0]!.onReply : senders[0]!.onReject;
    }
  }
};

/** What an execution was given, where an onlooker can know it. */
export const messageOf = ({ canister, cause }: Pick<Executed, "canister" | "cause">, { canisters, ingress }: World): string | null => {
  switch (cause.kind) {
    case "timer":
      return "";
    case "response":
      return canisters.get(canister)?.calls.get(cause.callback)?.response?.message ?? null;
    case "update": {
      const { origin } = cause;
      if (origin.kind === "ingress") return ingress.get(origin.ingress)?.payload ?? null;
      return origin.kind === "canister" ? (canisters.get(origin.canister)?.calls.get(origin.callback)?.payload ?? null) : null;
    }
  }
};
