/**
 * Scenes of introductions: a asks b in the name of ann and of nobody, who say what they see of each other; then each value is asked for
 * where it is not there to be read.
 */
import {
  asciiOf,
  cycles,
  ingressId,
  managementCanister,
  moduleName,
  nanoseconds,
  userId,
  type CanisterGenesis,
  type Genesis,
  type Input,
  type Instruction,
  type Method,
  type Module,
  type Scenario,
  type Script,
  type Value,
} from "../../spec/index.ts";
import { callTo, canister, ingress, network, replyMessage, round, world } from "./stories.ts";

const [ann, bob] = [userId("@ann"), userId("@bob")];

const read = (kind: Exclude<Value["kind"], "bytes" | "page" | "controller">): Value => ({ kind });
const say = (kind: Parameters<typeof read>[0]): Instruction => ({ op: "reply", payload: read(kind) });
const keep = (page: number, kind: Parameters<typeof read>[0]): Instruction => ({ op: "write", page, value: read(kind) });
const controls = (principal: typeof ann): Instruction => ({ op: "reply", payload: { kind: "controller", principal } });

/** A message of ann, or of who says nothing. */
const letter = (id: string, to: string, method: string, sender?: typeof ann): Input => ({
  ...(ingress(id, to, method) as Input & { kind: "ingress" }),
  ...(sender && { sender }),
});

const question = (method: string, sender?: typeof ann): Input => ({
  kind: "query",
  ...(sender && { sender }),
  canister: canister("a", {}).id,
  method,
  payload: asciiOf(""),
});

const rich = { balance: cycles(100_000n), controllers: [ann], stablePages: 6 } as const;
const roomy = { maxPages: 6, heapPages: 0, queueCapacity: 9, installInstructionLimit: network.messageInstructionLimit } as const;

const told = { onReply: [say("caller")], onReject: [say("reject-code")] } as const;

const show: Script = [{ op: "reply", payload: { kind: "page", page: 0 } }];
const alarm: Script = [{ op: "set-timer", after: nanoseconds(0n) }, say("version")];

const asks: Readonly<Record<string, Script>> = {
  who: [say("caller")],
  self: [say("self")],
  status: [say("status")],
  owned: [controls(ann)],
  foreign: [controls(bob)],
  pass: [callTo({ onReply: [replyMessage] })],
  back: [callTo(told)],
  denied: [callTo({ ...told, method: "nowhere" })],
  heard: [callTo({ onReply: [say("reject-code")] })],
  regret: [
    callTo({ method: "nowhere", onReject: [{ op: "trap" }], onCleanup: [keep(0, "caller"), keep(1, "reject-code"), keep(2, "self")] }),
  ],
  show,
  alarm,
  linger: [callTo({ callee: managementCanister, method: "raw_rand", onReply: [keep(3, "status"), say("status")] })],
};

const queries: readonly Method[] = [
  { name: "ask", mode: "query", body: [say("caller")] },
  { name: "tour", mode: "composite", body: [callTo({ callee: canister("b", {}).id, method: "ask", onReply: [replyMessage] })] },
  { name: "home", mode: "composite", body: [callTo({ callee: canister("b", {}).id, method: "ask", ...told })] },
  { name: "lost", mode: "composite", body: [callTo({ method: "nowhere", ...told })] },
];

const greeter = (id: string, more: Partial<CanisterGenesis> = {}): CanisterGenesis => {
  const plain = canister(id, asks, { ...rich, onTimer: [keep(4, "caller"), keep(5, "status")], ...more });
  return { ...plain, methods: [...plain.methods, { name: "m1", body: [say("caller")] }, ...queries] };
};

const module: Module = {
  name: moduleName("m"),
  methods: [{ name: "show", body: show }],
  onTimer: [],
  onInit: [{ op: "stable-grow", pages: 6 }, keep(0, "caller"), keep(1, "message"), keep(2, "status")],
  onPreUpgrade: [keep(3, "self")],
  onPostUpgrade: [keep(4, "caller"), keep(5, "message")],
};

/** What ann asks of the management canister. */
const wish = (id: string, method: string, words: string): Input => ({
  kind: "ingress",
  id: ingressId(id),
  sender: ann,
  canister: managementCanister,
  method,
  payload: asciiOf(words),
});

const genesis: Genesis = {
  ...world(
    [greeter("a", { inspect: [{ op: "when-odd", value: read("status"), then: [{ op: "accept-message" }], otherwise: [] }] }), greeter("b")],
    roomy,
  ),
  modules: [module],
};

/** Everybody says whom they serve, and who they are; then ann has b stopped while it lingers, and other code put in its place. */
export const introductions: Scenario = {
  genesis,
  inputs: [
    ...Object.keys(asks).flatMap((method) => [letter(method, "a", method, ann), round(), round(), round()]),
    letter("nobody", "a", "who"),
    letter("bob", "a", "pass", bob),
    round(),
    ...["ask", "tour", "home", "lost"].flatMap((method) => [question(method, bob), question(method)]),
    letter("slow", "b", "linger", bob),
    round(),
    wish("stop", "stop_canister", "b"),
    { kind: "restart" },
    round(),
    round(),
    round(),
    wish("fresh", "install_code", "b reinstall m"),
    wish("anew", "install_code", "b upgrade m"),
    round(),
    wish("start", "start_canister", "b"),
    round(),
    letter("after", "b", "show", ann),
    round(),
    round(),
  ],
};

/** What not everybody reads, and where it is read in vain. */
const strays: Readonly<Record<string, Script>> = Object.fromEntries(
  (["refunded", "method", "reject-code"] as const).map((kind) => [`body-${kind}`, [say(kind)]]),
);

const vain: Readonly<Record<string, Script>> = {
  ...strays,
  callback: [callTo({ onReply: [say("method")] })],
  ...Object.fromEntries(
    (["message", "available", "refunded", "deadline", "method"] as const).map((kind) => [
      `cleanup-${kind}`,
      [callTo({ onReply: [{ op: "trap" }], onCleanup: [keep(0, "time"), keep(1, kind)] })],
    ]),
  ),
  alarm,
};

const lost: Module = {
  name: moduleName("lost"),
  methods: [],
  onTimer: [],
  onInit: [keep(1, "deadline")],
  onPreUpgrade: [keep(1, "message")],
};

const vainQueries: readonly Method[] = (["available", "refunded", "reject-code", "method"] as const).flatMap((kind) => [
  { name: `query-${kind}`, mode: "query", body: [say(kind)] },
  { name: `back-${kind}`, mode: "composite", body: [callTo({ method: "ask", onReply: [say(kind)] })] },
]);

const stray = (kind: Parameters<typeof read>[0]): CanisterGenesis => {
  const plain = canister("a", vain, { ...rich, onTimer: [keep(0, kind)], onPreUpgrade: [keep(1, "message")] });
  return { ...plain, methods: [...plain.methods, ...vainQueries] };
};

/** Each is asked for where it is not there: by bodies, callbacks, cleanups, a task, queries, an installation and an inspection. */
export const indiscretions = (kind: "message" | "available" | "refunded" | "deadline" | "method" | "reject-code"): Scenario => ({
  genesis: {
    ...world(
      [stray(kind), greeter("b"), canister("door", { m0: [say("self")] }, { ...rich, inspect: [keep(0, kind), { op: "accept-message" }] })],
      roomy,
    ),
    modules: [lost, module],
  },
  inputs: [
    ...Object.keys(vain).flatMap((method) => [letter(method, "a", method, ann), round(), round(), round()]),
    ...vainQueries.map(({ name }) => question(name, ann)),
    letter("knock", "door", "m0", ann),
    wish("fresh", "install_code", "b reinstall lost"),
    wish("anew", "install_code", "a upgrade m"),
    round(),
    round(),
  ],
});
