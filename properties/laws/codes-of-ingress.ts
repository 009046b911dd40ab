/** Codes of messages of users: at the door, where what is for the management canister is refused in its own ways, and on their way in. */
import type { ErrorCode, Event, Input } from "../../spec/index.ts";
import { isForManagement, rulingOf } from "../tracking/ingress.ts";
import type { Complaint } from "../tracking/watch.ts";
import type { World } from "../tracking/world.ts";

/** What every message of a user can be refused with. @source facts/messages.md A1, A3 */
const common = ["CN0001", "CN0002", "CN0010", "CN0011", "IC0204", "IC0301", "IC0207", "IC0406"] as const;

/** Where a message of a user can fail before anybody executes it, and the errors with which it does. @source facts/messages.md section 4.2 */
export const failuresOfIngress = {
  "an ingress message was refused": [...common, "IC0537", "IC0508", "IC0509", "IC0502", "IC0503", "IC0504", "IC0522"],
  "an ingress message to the management canister was refused": [...common, "IC0536", "IC0408", "IC0512"],
  "an ingress message was answered by the platform": ["IC0202", "IC0207", "IC0301"],
} as const satisfies Readonly<Record<string, readonly ErrorCode[]>>;

/** The error of a message that does not get in, or is turned away by its block, against the table. */
export const wronglyTurnedDown = (event: Event, input: Input, world: World): Complaint => {
  if (event.kind === "ingress-refused") {
    const toManagement = input.kind === "ingress" && isForManagement(input);
    return only(event.error, toManagement ? "an ingress message to the management canister was refused" : "an ingress message was refused");
  }
  if (event.kind !== "ingress-answered" || event.result.kind === "reply") return undefined;
  const isOfCanister = world.previous?.kind === "answered" || rulingOf(event, world) !== null;
  return isOfCanister ? undefined : only(event.result.error, "an ingress message was answered by the platform");
};

const only = (error: ErrorCode, place: keyof typeof failuresOfIngress): Complaint =>
  (failuresOfIngress[place] as readonly ErrorCode[]).includes(error) ? undefined : `${place} with ${error}, which cannot happen there`;
