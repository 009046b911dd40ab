/**
 * Scenes of certificates: a hands out the certificate to whoever asks it, and has none when another canister asks it; and ann and bob read
 * what became of their messages, and try to read what became of those of the other.
 */
import {
  anonymous,
  asciiOf,
  bytes,
  canisterId,
  cycles,
  hex,
  ingressId,
  managementCanister,
  nanoseconds,
  userId,
  type CanisterGenesis,
  type CanisterId,
  type Instruction,
  type Method,
  type Mode,
  type Move,
  type Path,
  type Scenario,
  type Script,
  type UserId,
  type Value,
} from "../../spec/index.ts";
import { callTo, canister, ingress, replyMessage, round, world } from "./stories.ts";

const [ann, bob] = [userId("@ann"), userId("@bob")];
const [a, b] = [canisterId("a"), canisterId("b")];

const certified: Value = { kind: "certified" };
const certificate: Value = { kind: "certificate" };
const say = (payload: Value): Instruction => ({ op: "reply", payload });
const keep = (value: Value): Instruction => ({ op: "write", page: 0, value });
const show = say({ kind: "page", page: 0 });

const heard = { onReply: [replyMessage], onReject: [replyMessage] } as const;
const ask = (callee: CanisterId, method: string, more: Partial<Instruction & { op: "call" }> = {}): Instruction =>
  callTo({ callee, method, ...heard, ...more });
const both = (script: Script): Pick<Instruction & { op: "call" }, "onReply" | "onReject"> => ({ onReply: script, onReject: script });

/** What a query says, or does: to have it asked by users, by other queries, and in a round. */
const handouts = (self: CanisterId, other: CanisterId): Readonly<Record<string, readonly [mode: Mode, script: Script]>> => ({
  proof: ["query", [say(certificate)]],
  told: ["query", [say(certified)]],
  either: ["query", [{ op: "when-odd", value: certified, then: [say(certificate)], otherwise: [say(certified)] }]],
  first: ["composite", [keep(certificate), ask(other, "told", both([show]))]],
  stranger: ["composite", [ask(other, "proof")]],
  "told-stranger": ["composite", [ask(other, "told")]],
  itself: ["composite", [ask(self, "proof")]],
  back: ["composite", [ask(other, "stranger")]],
  afterwards: ["composite", [ask(other, "told", both([say(certified)]))]],
  late: ["composite", [ask(other, "told", both([say(certificate)]))]],
  swept: [
    "composite",
    [ask(other, "told", { ...both([keep(certificate)]), onCleanup: [keep(certified)] }), ask(other, "told", both([show]))],
  ],
  dropped: [
    "composite",
    [ask(other, "told", { ...both([{ op: "trap" }]), onCleanup: [keep(certificate)] }), ask(other, "told", both([show]))],
  ],
});

const method = ([name, [mode, body]]: readonly [string, readonly [Mode, Script]]): Method => ({ name, mode, body });

const rich = { balance: cycles(100_000n) } as const;

const witness = (id: CanisterId, other: CanisterId, more: Partial<CanisterGenesis> = {}): CanisterGenesis => {
  const updates = {
    set: [{ op: "certify", data: { kind: "message" } }, say(certified)],
    vain: [{ op: "certify", data: certificate }],
    relay: [ask(other, "told", both([say(certificate)]))],
    "relay-told": [ask(other, "told", both([say(certified)]))],
    visit: [ask(other, "proof")],
  } as const satisfies Readonly<Record<string, Script>>;
  const plain = canister(id, updates, { ...rich, ...more });
  return { ...plain, methods: [...plain.methods, ...Object.entries(handouts(id, other)).map(method)] };
};

const question = (of: CanisterId, named: string): Move => ({ kind: "query", canister: of, method: named, payload: hex("") });
const questions: readonly Move[] = Object.keys(handouts(a, b)).map((named) => question(a, named));

/**
 * Everything is asked before the first round, when nobody has a certificate; behind it; and again when the state is another. Rounds
 * ask in vain.
 */
export const testimony: Scenario = {
  genesis: world([witness(a, b, { controllers: [bob, b, ann] }), witness(b, a)], { queueCapacity: 5 }),
  inputs: [
    ...questions,
    round(0n),
    ...questions,
    ingress("x", "a", "set", "2a"),
    question(a, "proof"),
    question(a, "proof"),
    round(),
    ...questions,
    ...["vain", "visit", "relay", "relay-told", "proof", "told"].flatMap((named) => [ingress(named, "a", named), round(), round()]),
    { kind: "uninstall", canister: b },
    ...questions,
    { kind: "restart" },
    question(a, "proof"),
    question(b, "proof"),
    question(a, "either"),
  ],
};

/** A message of somebody, or of who says nothing. */
const letter = (id: string, named: string, sender?: UserId, payload = ""): Move => ({
  ...(ingress(id, "a", named, payload) as Move & { kind: "ingress" }),
  ...(sender && { sender }),
});

export const readsBy = (sender: UserId | undefined, ...paths: readonly Path[]): Move => ({
  kind: "read-state",
  ...(sender && { sender }),
  paths,
});

/** What is asked of the management canister in the name of ann. */
const wish = (id: string, words: string): Move => ({
  kind: "ingress",
  id: ingressId(id),
  sender: ann,
  canister: managementCanister,
  method: "update_settings",
  payload: asciiOf(words),
});

/** Everybody tries the messages of ann, of bob and of who says nothing, one that nobody sent, and those that hold several of these. */
const curiosity: readonly Move[] = [ann, bob, anonymous, undefined].flatMap((sender) => [
  ...["x", "y", "z", "w"].map((id) => readsBy(sender, ["request_status", id], ["request_status", id, "reply"])),
  readsBy(sender, ["time"], ["request_status", "w"], ["request_status", "y", "status"]),
]);

const controllers: readonly Path[] = ["a", "b", "c"].map((id) => ["canister", id, "controllers"]);

/**
 * Messages of ann, of bob and of nobody are received, answered, kept through a restart, and pruned; then bob sends one by an id that was of
 * ann. Meanwhile ann changes who controls a, which everybody may read.
 */
export const privacy: Scenario = {
  genesis: world([witness(a, b, { controllers: [bob, b, ann] }), witness(b, a)], {
    ingressLifetime: nanoseconds(8n),
    historyLifetime: nanoseconds(8n),
  }),
  inputs: [
    letter("x", "set", ann, "2a"),
    readsBy(bob, ["request_status", "x"]),
    round(),
    letter("y", "set", bob),
    letter("z", "set"),
    ...curiosity,
    readsBy(bob, ...controllers),
    wish("u", "a controllers=z,@ann,@bob"),
    round(),
    readsBy(undefined, ...controllers),
    ...curiosity,
    { kind: "restart" },
    ...curiosity,
    wish("v", "a controllers="),
    { kind: "uninstall", canister: b },
    round(),
    readsBy(ann, ...controllers, ["canister", "a", "controller"]),
    readsBy(ann, ...controllers),
    readsBy(bob, ["request_status", "x", "nonce"]),
    round(9n),
    round(9n),
    ...curiosity,
    letter("x", "set", bob),
    ...curiosity,
    round(),
    ...curiosity,
  ],
};

/** The history has no memory for what was answered: it knows that messages are done, and whose they were. */
export const forgetfulness: Scenario = {
  genesis: world([witness(a, b), witness(b, a)], { historyMemory: bytes(0) }),
  inputs: [
    letter("x", "set", ann, "2a"),
    letter("y", "set", bob),
    letter("z", "set"),
    round(),
    round(),
    ...curiosity,
    { kind: "restart" },
    ...curiosity,
  ],
};
