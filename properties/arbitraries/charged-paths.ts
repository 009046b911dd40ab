/** Paths of charges: what happens only where somebody pays for what it occupies, or cannot. */
import type { Event } from "../../spec/index.ts";

export const chargedPaths = [
  "canisters pay for their memory",
  "canisters pay for their allocation",
  "a canister runs dry",
  "an open call of a canister that ran dry is withdrawn",
] as const;

type ChargedPath = (typeof chargedPaths)[number];

/** The paths that the events of one input show. */
export const chargedPathsOf = (events: readonly Event[]): readonly ChargedPath[] => {
  let dry = false;
  return events.flatMap((event): readonly ChargedPath[] => {
    switch (event.kind) {
      case "resources-charged":
        return [
          ...(event.memory > 0n ? (["canisters pay for their memory"] as const) : []),
          ...(event.compute > 0n ? (["canisters pay for their allocation"] as const) : []),
        ];
      case "ran-dry":
        dry = true;
        return ["a canister runs dry"];
      case "answered":
        // Nothing is executed any more in a round in which somebody ran dry.
        return dry ? ["an open call of a canister that ran dry is withdrawn"] : [];
      default:
        return [];
    }
  });
};
