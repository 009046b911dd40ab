/** Code that comes to canisters in small worlds, for the tests of this room: `b` is controlled by `boss`, who asks for whatever it is told. */
import type { Event, Genesis, Parameters } from "../spec/index.ts";
import { boot, type EngineSession } from "./engine.ts";
import { manager, order, told } from "./small-management.ts";
import {
  certify,
  ingress,
  only,
  reply,
  round,
  setTimer,
  smallWorld,
  withModules,
  write,
  type SmallCanister,
  type SmallCode,
} from "./small-world.ts";

export const ruled = { controllers: ["boss"] };

/** Pages 0 to 3 are the heap, and 4 to 7 stable memory. `b` has something in both after a message. */
export const full: SmallCanister = {
  ...ruled,
  stablePages: 4,
  go: [write(0, "0a"), write(5, "0b"), setTimer(50n), certify("0c"), reply()],
};
export const world = (b: SmallCanister, modules: Record<string, SmallCode>, parameters: Partial<Parameters> = {}): Genesis =>
  withModules(smallWorld({ b, boss: manager({ attached: 9n }) }, parameters), modules);
export const started = (b: SmallCanister, m: SmallCode, parameters?: Partial<Parameters>): EngineSession =>
  boot(world(b, { m }, parameters));
export const filled = (m: SmallCode, b = full): EngineSession => {
  const session = started(b, m);
  for (const input of [ingress("fill", "b"), round(0n)]) session.apply(input);
  return session;
};
export const of = (session: EngineSession, id = "b") => session.view().canisters.find((canister) => canister.id === id)!;
export const install = (session: EngineSession, words: string): readonly Event[] => order(session, "install_code", words);
export const ran = (events: readonly Event[]) => only(events, "installation-ran")[0];
export const errorOf = (events: readonly Event[]): string | undefined => told(events)[0]?.[1];
