/** Scenes of Bitcoin: a asks for it, vault keeps it and takes 3 cycles for what it says, and b has a method of the same name. */
import {
  canisterId,
  cycles,
  hex,
  managementCanister,
  type CanisterGenesis,
  type Genesis,
  type Instruction,
  type Method,
  type Move,
  type Scenario,
} from "../../spec/index.ts";
import { roundOf, subnet } from "./scenes.ts";
import { callTo, canister, ingress, replyMessage, reply, round, world } from "./stories.ts";

const told = { onReply: [replyMessage], onReject: [replyMessage], onRefused: [reply("0f")] };

const asking = (more: Partial<Instruction & { op: "call" }> = {}): Instruction =>
  callTo({ callee: managementCanister, method: "bitcoin_get_balance", attached: cycles(40n), ...told, ...more });

const direct = asking({ callee: canisterId("vault") });

const survey: Method = { name: "survey", mode: "composite", body: [asking({ attached: cycles(0n) })] };

const asker: CanisterGenesis = canister(
  "a",
  {
    ask: [asking()],
    peer: [asking({ callee: canisterId("b") })],
    throw: [asking({ method: "raw_rand" })],
    fly: [asking({ method: "bitcoin" })],
    queue: [asking(), { ...direct, onReply: [], onReject: [] } as Instruction, asking()],
  },
  { balance: cycles(10_000n) },
);

const a: CanisterGenesis = { ...asker, methods: [...asker.methods, survey] };

const keeping = { bitcoin_get_balance: [{ op: "accept", cycles: cycles(3n) }, reply("07")] } as const;
const vault = canister("vault", keeping);
const b = canister("b", { bitcoin_get_balance: [reply("0b")] });

const keptBy = (genesis: Genesis): Genesis => ({ ...genesis, bitcoin: canisterId("vault") });

const asked = (...methods: readonly string[]): readonly Move[] =>
  methods.flatMap((method, at): readonly Move[] => [ingress(`x${at}`, "a", method), round()]);

const questioned: Move = { kind: "query", canister: canisterId("a"), method: "survey", payload: hex("") };

/** Everybody is here: whoever is named answers, and a query finds nobody. */
export const treasury: Scenario = {
  genesis: keptBy(world([a, b, vault])),
  inputs: [...asked("ask", "peer", "throw", "fly"), questioned, { kind: "restart" }, ingress("y", "a", "ask"), round()],
};

/** A queue has two slots, and the third call of three finds none. */
export const till: Scenario = { genesis: keptBy(world([a, b, vault])), inputs: asked("queue") };

/** The vault is on another subnet. */
export const voyage: Scenario = {
  genesis: keptBy(subnet("here", [a, b], { vault: "there" })),
  others: [subnet("there", [vault], { a: "here", b: "here" })],
  inputs: [ingress("x", "a", "ask"), roundOf(0), roundOf(1, [0]), roundOf(0, [1]), roundOf(1, [0])],
};

/** Somebody named the vault, and it is nowhere. */
export const ruin: Scenario = { genesis: keptBy(world([a, b])), inputs: asked("ask") };

/** The vault is here, and nobody named it. */
export const oblivion: Scenario = { genesis: world([a, b, vault]), inputs: asked("ask") };

/** The vault asks itself. */
export const soliloquy: Scenario = {
  genesis: keptBy(world([canister("vault", { ...keeping, ask: [asking()] }, { balance: cycles(10_000n) })])),
  inputs: [ingress("x", "vault", "ask"), round()],
};
