/** Paths of the scheduler: what happens only where messages are long, much is written, or canisters come and go. */
import type { Event } from "../../spec/index.ts";

export const scheduledPaths = [
  "an execution is paused",
  "an aborted execution begins afresh",
  "an execution is aborted",
  "a canister is suspended",
  "a round is skipped",
  "a canister comes",
  "a canister goes",
  "a response is orphaned",
] as const;

type ScheduledPath = (typeof scheduledPaths)[number];

export const scheduledPathsOf = (event: Event): readonly ScheduledPath[] => {
  switch (event.kind) {
    case "execution-paused":
      return ["an execution is paused"];
    case "execution-resumed":
      return event.afresh ? ["an aborted execution begins afresh"] : [];
    case "execution-aborted":
      return ["an execution is aborted"];
    case "canister-suspended":
      return ["a canister is suspended"];
    case "round-skipped":
      return ["a round is skipped"];
    case "canister-created":
      return ["a canister comes"];
    case "canister-deleted":
      return ["a canister goes"];
    case "message-dropped":
      return event.reason === "orphaned" ? ["a response is orphaned"] : [];
    default:
      return [];
  }
};
