/** Free subnets: nothing has a price, and yet cycles are cycles. */
import * as fc from "fast-check";
import { busyWorlds } from "../arbitraries/busy.ts";
import { placedWorlds } from "../arbitraries/charged.ts";
import { alone } from "../case.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { Event } from "../../spec/index.ts";

export const freeSubnetsChargeNothing = watchedLaw({
  id: "free-subnets-charge-nothing",
  statement:
    "On a subnet that is free from its beginning to its end every prepayment, fee, reserve and charge is zero, nothing is set aside for memory, nobody runs dry, and cycles are burned only by canisters that burn them and with canisters that are deleted.",
  source: "facts/cycles.md CYC-P25, S10, CYC-C24",
  cites: [
    "execution-begin",
    "execution-settle",
    "ingress-induct",
    "call-send",
    "callback-begin",
    "cycles-burn",
    "canister-delete",
    "memory-charge",
    "messages-charge",
    "allocation-charge",
    "memory-grow",
    "canister-create",
    "response-discard",
  ],
  otherwise: "nothing was executed on a free subnet",
  cases: (vocabulary) =>
    fc
      .oneof(
        { arbitrary: placedWorlds(vocabulary, "free"), weight: 2 },
        {
          arbitrary: busyWorlds(vocabulary, {
            always: ["call", "burn"],
            priced: true,
            network: (network) => ({ ...network, fees: { ...network.fees, schedule: "free" } }),
          }),
          weight: 3,
        },
      )
      .map(alone),
  watch: ({ scenario: { genesis, inputs } }) => {
    const free = genesis.parameters.fees.schedule === "free" && !inputs.some(({ kind }) => kind === "set-fees");
    let used = false;
    let burned = 0n;
    let destroyed = 0n;
    return {
      onEvent: (event) => {
        if (!free) return undefined;
        used ||= event.kind === "executed";
        if (event.kind === "executed" || event.kind === "installation-ran" || event.kind === "canister-deleted") destroyed += event.burned;
        return event.kind === "ran-dry" ? `${event.canister} ran dry, and its subnet is free` : priced(event);
      },
      onStep: ({ observation: { ledger } }) => {
        const [change, declared] = [ledger.burned - burned, destroyed];
        burned = ledger.burned;
        destroyed = 0n;
        return !free || change === declared
          ? undefined
          : `the subnet is free, ${change} cycles were burned, and canisters destroyed ${declared} of them`;
      },
      interested: () => used,
    };
  },
});

/** The first figure of an event that has to be zero, and is not. */
const priced = (event: Event): Complaint => {
  const wrong = figuresOf(event).find(([, cycles]) => cycles !== 0n);
  return wrong === undefined ? undefined : `the subnet is free, and ${wrong[0]} is ${wrong[1]}`;
};

const figuresOf = (event: Event): readonly (readonly [what: string, cycles: bigint])[] => {
  switch (event.kind) {
    case "ingress-inducted":
      return [[`the reception fee of ${event.ingress}`, event.fee]];
    case "not-executed":
      return [[`the charge of a message that ${event.canister} did not execute`, event.charged]];
    case "executed":
      return [
        [`a prepayment of ${event.canister}`, event.prepaid],
        [`a charge of ${event.canister}`, event.charged],
        [`the transmission reserve of ${event.canister}`, event.transmissionReserve],
        [`a transmission fee of ${event.canister}`, event.transmissionFee],
        [`what ${event.canister} set aside for memory`, event.reserved],
        ...event.calls.flatMap(({ callback, fee, reserve }) => [
          [`the fee of call ${callback} of ${event.canister}`, fee] as const,
          [`the reserve of call ${callback} of ${event.canister}`, reserve] as const,
        ]),
      ];
    case "installation-ran":
      return [
        [`the prepayment of an installation on ${event.canister}`, event.prepaid],
        [`the charge of an installation on ${event.canister}`, event.charged],
        [`what an installation on ${event.canister} set aside for memory`, event.reserved],
      ];
    case "snapshot-taken":
      return [
        [`a snapshot of ${event.canister}`, event.charged],
        [`what a snapshot of ${event.canister} set aside for memory`, event.reserved],
      ];
    case "snapshot-loaded":
      return [[`the snapshot that ${event.canister} was brought back from`, event.charged]];
    case "chunk-kept":
      return [
        [`a chunk of ${event.canister}`, event.charged],
        [`what a chunk of ${event.canister} set aside for memory`, event.reserved],
      ];
    case "memory-reserved":
      return [[`what ${event.canister} set aside for memory that is allocated`, event.cycles]];
    case "response-discarded":
      return [
        [`what is released to ${event.canister}`, event.released],
        [`a transmission fee of ${event.canister}`, event.transmissionFee],
      ];
    case "execution-paused":
      return [[`a prepayment of ${event.canister}`, event.prepaid]];
    case "execution-finished":
    case "execution-aborted":
      return [[`a postponed fee of ${event.canister}`, event.postponed]];
    case "resources-charged":
      return [
        ["the charge for memory", event.memory],
        ["the charge for messages", event.messages],
        ["the charge for compute allocations", event.compute],
      ];
    default:
      return [];
  }
};
