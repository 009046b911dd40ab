/** Scenes of users who ask the management canister: ann controls some canisters, bob none, and whoever does not say who it is controls one. */
import {
  anonymous,
  asciiOf,
  cycles,
  ingressId,
  instructions,
  managementCanister,
  nanoseconds,
  userId,
  type CanisterGenesis,
  type Genesis,
  type Move,
  type Parameters,
  type Scenario,
  type Script,
} from "../../spec/index.ts";
import { canister, ingress, reply, round, world } from "./stories.ts";

const [ann, bob] = [userId("@ann"), userId("@bob")];

/** A message to the management canister. */
const wish = (id: string, method: string, words: string, more: { readonly sender?: typeof ann; readonly expiry?: bigint } = {}): Move => ({
  kind: "ingress",
  id: ingressId(id),
  ...(more.sender && { sender: more.sender }),
  canister: managementCanister,
  method,
  payload: asciiOf(words),
  ...(more.expiry !== undefined && { expiry: nanoseconds(more.expiry) }),
});

const toil: Script = [{ op: "consume", instructions: instructions(60) }, reply("07")];

const owned = (id: string, balance: bigint, owner = ann): CanisterGenesis =>
  canister(id, { m0: toil, m1: [reply("07")] }, { balance: cycles(balance), controllers: [owner] });

/** For four bytes 9 cycles are paid: `poor` can pay once, `lean` cannot. */
const people = [owned("b", 10_000n), owned("open", 10_000n, anonymous), owned("poor", 17n), owned("lean", 8n), owned("gone", 10_000n)];

const peopled = (inputs: readonly Move[], parameters: Partial<Parameters> = {}, more: Partial<Genesis> = {}): Scenario => ({
  genesis: { ...world(people, parameters), provisional: cycles(450n), ...more },
  inputs,
});

const wishes: readonly Move[] = [
  wish("status", "canister_status", "b", { sender: ann }),
  wish("stranger", "stop_canister", "b", { sender: bob }),
  wish("nobody", "stop_canister", "b"),
  wish("unknown", "halt_canister", "b", { sender: ann }),
  wish("closed", "raw_rand", "", { sender: ann }),
  wish("senseless", "stop_canister", "", { sender: ann }),
  wish("nowhere", "stop_canister", "nowhere", { sender: ann }),
  wish("first", "canister_status", "poor", { sender: ann }),
  wish("second", "canister_status", "poor", { sender: ann }),
  wish("lean", "canister_status", "lean", { sender: ann }),
  wish("open", "canister_status", "open"),
  wish("again", "canister_status", "open", { sender: anonymous }),
  wish("gift", "provisional_top_up_canister", "b 7", { sender: bob }),
  wish("child", "provisional_create_canister_with_cycles", "", { sender: bob }),
  wish("gone", "canister_status", "gone", { sender: ann }),
  { kind: "delete-canister", canister: people[4]!.id },
  round(),
  wish("own", "stop_canister", "canister-0", { sender: bob }),
  wish("other", "stop_canister", "canister-0", { sender: ann }),
  { kind: "restart" },
  round(),
  round(),
];

/** Everybody asks for something, once. */
export const audience: Scenario = peopled(wishes);

/** The same where nothing comes from nothing. */
export const meanness: Scenario = { ...audience, genesis: world(people) };

const slices: Partial<Parameters> = { sliceInstructionLimit: instructions(20), roundInstructionLimit: instructions(22) };

/** While b toils, in slices, ann waits to have it stopped, for three nanoseconds, and bob waits behind her; others are answered at once. */
export const vigil: Scenario = peopled(
  [
    ingress("toil", "b", "m0"),
    round(),
    wish("stop", "stop_canister", "b", { sender: ann, expiry: 3n }),
    wish("gift", "provisional_top_up_canister", "b 7", { sender: bob }),
    wish("status", "canister_status", "open"),
    round(),
    round(),
    wish("late", "stop_canister", "b", { sender: ann }),
    { kind: "restart" },
    round(),
    round(),
    round(),
    wish("start", "start_canister", "b", { sender: ann }),
    round(),
  ],
  slices,
);
