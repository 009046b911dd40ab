/** Paths of users who ask the management canister: who is refused at the door, who pays, and what becomes of what they asked. */
import { managementCanister, type ErrorCode, type Event, type IngressId, type Input } from "../../spec/index.ts";

export const usersPaths = [
  "a user asks the management canister",
  "a user asks for what nobody knows",
  "a user asks for what is for canisters",
  "a user asks in words that make no sense",
  "a user asks about nobody",
  "a user asks who may not",
  "a user asks about somebody who cannot pay",
  "a user asks for what nobody pays",
  "a user is answered by the management canister",
  "a user asks for what is then refused",
] as const;

type UsersPath = (typeof usersPaths)[number];

/** The messages that came into a block, and wait for the management canister or were answered by it. */
export type UsersWalk = Set<IngressId>;

/** The paths that the events of one input show. */
export const usersPathsOf = (events: readonly Event[], input: Input, waiting: UsersWalk): readonly UsersPath[] =>
  events.flatMap((event): readonly UsersPath[] => {
    switch (event.kind) {
      case "ingress-received":
        return isToManagement(input) ? ["a user asks the management canister"] : [];
      case "ingress-refused": {
        const path = isToManagement(input) ? refusals[event.error] : undefined;
        return path === undefined ? [] : [path];
      }
      case "ingress-inducted":
        if (event.asked !== undefined) waiting.add(event.ingress);
        return event.canister === null ? ["a user asks for what nobody pays"] : [];
      case "ingress-expired":
        waiting.delete(event.ingress);
        return [];
      case "ingress-answered":
        if (!waiting.delete(event.ingress)) return [];
        return [event.result.kind === "reply" ? "a user is answered by the management canister" : "a user asks for what is then refused"];
      default:
        return [];
    }
  });

const isToManagement = (input: Input): boolean => input.kind === "ingress" && input.canister === managementCanister;

const refusals: Readonly<Partial<Record<ErrorCode, UsersPath>>> = {
  IC0536: "a user asks for what nobody knows",
  IC0406: "a user asks for what is for canisters",
  IC0408: "a user asks in words that make no sense",
  IC0301: "a user asks about nobody",
  IC0512: "a user asks who may not",
  IC0207: "a user asks about somebody who cannot pay",
};
