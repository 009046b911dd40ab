/** Scenes of code: chief, a clerk, does to b what its users say, word for word; c is a clerk, too, and has no say. */
import {
  asciiOf,
  bytes,
  canisterId,
  cycles,
  hex,
  ingressId,
  instructions,
  managementCanister,
  managementMethods,
  moduleName,
  nanoseconds,
  seconds,
  type CanisterGenesis,
  type Genesis,
  type Instruction,
  type ManagementMethod,
  type Method,
  type Module,
  type Move,
  type Parameters,
  type Scenario,
} from "../../spec/index.ts";
import { callTo, canister, ingress, network, reply, replyMessage, round, world } from "./stories.ts";

const told = { onReply: [replyMessage], onReject: [replyMessage] };

/** A method for each of the management canister, with as many cycles as a new canister needs, and more. */
const office: readonly Method[] = managementMethods.map((method) => ({
  name: method,
  body: [callTo({ callee: managementCanister, method, payload: { kind: "message" }, attached: cycles(500n), ...told })],
}));

const write = (page: number, content: string): Instruction => ({ op: "write", page, value: { kind: "bytes", bytes: hex(content) } });
const certify = (data: string): Instruction => ({ op: "certify", data: { kind: "bytes", bytes: hex(data) } });
const stretch = (pages: number): Instruction => ({ op: "stable-grow", pages });
const alarm = (after: bigint): Instruction => ({ op: "set-timer", after: nanoseconds(after) });

const tell = { name: "version", body: [{ op: "reply", payload: { kind: "version" } }] } as const satisfies Method;
const ask = { name: "ask", mode: "query", body: tell.body } as const satisfies Method;
export const keep = (name: string): Method => ({
  name,
  body: [
    stretch(1),
    { op: "write", page: 0, value: { kind: "message" } },
    { op: "write", page: 2, value: { kind: "message" } },
    certify("0a"),
    alarm(1_000n),
    reply(),
  ],
});

const module = (name: string, methods: readonly Method[], more: Partial<Module> = {}): Module => ({
  name: moduleName(name),
  methods,
  onTimer: [],
  ...more,
});

/** Runs when there is a page of the heap, and writes one. */
export const hook = { limit: 2, threshold: 2, hook: [write(1, "07")] };

/** Pages 0 and 1 are the heap; 2 and 3 can be stable memory. */
const modules: readonly Module[] = [
  module("plain", [tell, ask, keep("keep")], { onInit: [stretch(2), write(1, "11"), write(3, "33"), certify("0c"), alarm(500n)] }),
  module("lasting", [tell, ask, keep("preserve")], {
    persistentHeap: true,
    onPreUpgrade: [write(2, "22"), certify("0d")],
    onPostUpgrade: [
      { op: "write", page: 3, value: { kind: "page", page: 0 } },
      { op: "burn", cycles: cycles(3n) },
    ],
  }),
  module("failing", [tell], {
    onInit: [write(1, "66"), { op: "trap" }],
    onPostUpgrade: [write(2, "66"), certify("06"), alarm(6n), { op: "trap" }],
  }),
  module("watchful", [keep("keep")], { lowMemory: hook }),
  module("greedy", [tell], { onInit: [{ op: "consume", instructions: instructions(60) }] }),
];

const parameters: Partial<Parameters> = {
  queueCapacity: 5,
  maxPayload: bytes(200),
  maxPages: 4,
  heapPages: 2,
  installInstructionLimit: instructions(40),
  installRateLimit: instructions(40),
  allocatable: 20,
  fees: { ...network.fees, creation: cycles(50n) },
};

/** Whoever can pay for everything. */
export const rich = { balance: cycles(100_000n) };

/** Users are numbered as they come. */
export const staged = (
  inputs: readonly Move[],
  more: Partial<Parameters> = {},
  b: Partial<CanisterGenesis> = {},
  others: readonly CanisterGenesis[] = [],
): Scenario => {
  const genesis: Genesis = world(
    [
      canister("b", {}, { ...rich, methods: [tell, ask, keep("keep")], controllers: [canisterId("chief")], ...b }),
      canister("c", {}, { ...rich, methods: office }),
      canister("chief", {}, { ...rich, methods: office }),
      ...others,
    ],
    { ...parameters, ...more },
  );
  const numbered = inputs.map((move, at): Move => (move.kind === "ingress" ? { ...move, id: ingressId(`e${at}`) } : move));
  return { genesis: { ...genesis, modules }, inputs: numbered };
};

/** Somebody is told what to ask for; the answer is there two rounds later. */
export const errand = (method: ManagementMethod, words: string, clerk = "chief"): readonly Move[] => [
  ingress("e", clerk, method, asciiOf(words)),
  round(),
  round(),
];

export const say = (method: string, payload = "", to = "b"): readonly Move[] => [ingress("e", to, method, payload), round()];

const wonder = (to = "b"): Move => ({ kind: "query", canister: canisterId(to), method: "ask", payload: hex("") });

/** B lives through every kind of installation, good and bad, and tells its version between them. */
export const career = staged([
  ...say("keep", "01"),
  ...errand("canister_info", "b 9", "c"),
  ...errand("install_code", "b reinstall plain"),
  ...say("version"),
  ...say("keep", "02"),
  wonder(),
  ...errand("install_code", "b upgrade lasting"),
  ...say("preserve", "03"),
  { kind: "restart" },
  ...errand("install_code", "b upgrade lasting keep"),
  ...errand("install_code", "b upgrade failing replace"),
  ...say("version"),
  ...errand("install_code", "b upgrade greedy skip replace"),
  ...errand("install_code", "b reinstall failing"),
  ...errand("install_code", "b reinstall greedy"),
  ...say("preserve", "04"),
  ...errand("uninstall_code", "b"),
  ...errand("install_code", "b install plain"),
  ...say("version"),
  ...errand("canister_info", "b 9"),
]);

/** Whatever stands against an installation. */
export const refusals = staged(
  [
    ...errand("install_code", "b install plain"),
    ...errand("install_code", "b upgrade nothing"),
    ...errand("install_code", "b upgrade plain keep"),
    ...errand("install_code", "b reinstall plain", "c"),
    ...errand("install_code", "b reinstall lasting"),
    ...errand("install_code", "b reinstall plain"),
    ...errand("install_code", "b reinstall plain"),
    round(),
    round(),
    ...errand("install_code", "b reinstall plain"),
    ...errand("uninstall_code", "b"),
    ...errand("install_code", "b upgrade plain"),
  ],
  { installRateLimit: instructions(1) },
);

/** Settings of all kinds, and some that cannot be. */
export const resolutions = staged([
  ...errand("update_settings", "b"),
  ...errand("update_settings", "b controllers=chief,b compute_allocation=5"),
  ...errand("update_settings", "b compute_allocation=19 freezing_threshold=7 reserved_cycles_limit=70"),
  ...errand("update_settings", "b compute_allocation=20"),
  ...errand("update_settings", "b compute_allocation=2"),
  ...errand("update_settings", "b controllers=a,b,c,d,e,f,g,h,i,j,k"),
  ...errand("update_settings", "b controllers=", "c"),
  ...say("version"),
  ...errand("canister_info", "b 1", "c"),
  ...errand("update_settings", "b controllers="),
  ...errand("update_settings", "b freezing_threshold=0"),
  ...errand("canister_info", "b"),
]);

/** Canisters are made, or not; one of them gets code, and what it is asked then. */
export const offspring = staged([
  ...errand("create_canister", ""),
  ...errand("create_canister", "controllers=c,b compute_allocation=3 freezing_threshold=0", "c"),
  ...errand("create_canister", "compute_allocation=20"),
  ...errand("create_canister", "controllers=a,b,c,d,e,f,g,h,i,j,k"),
  ...errand("install_code", "canister-1 install plain", "c"),
  ...say("version", "", "canister-0"),
  ...say("keep", "05", "canister-1"),
  ...errand("canister_info", "canister-1 5"),
  ...errand("delete_canister", "canister-0"),
  ...errand("stop_canister", "canister-0"),
  ...errand("delete_canister", "canister-0"),
  ...errand("create_canister", ""),
]);

/** Memory is scarce, and code that is installed takes some of it. */
export const growth = staged(
  [
    ...say("keep", "01"),
    ...errand("install_code", "b reinstall plain"),
    ...errand("install_code", "b upgrade failing"),
    ...errand("install_code", "b upgrade plain"),
  ],
  {
    storage: { threshold: bytes(0), capacity: bytes(256), period: seconds(16) },
    fees: { ...network.fees, gibSecond: cycles(2n ** 26n), creation: cycles(50n) },
  },
);

/** B waits for randomness, and its code is exchanged meanwhile: the answer comes from a script that is no more. */
export const succession = staged(
  [...say("linger"), ...errand("install_code", "b reinstall plain"), ...say("version"), round(), round(), ...say("linger")],
  { tapeLag: 4 },
  {
    methods: [
      {
        name: "linger",
        body: [callTo({ callee: managementCanister, method: "raw_rand", onReply: [alarm(9n), { op: "reject" }] })],
      },
    ],
  },
);

/** The hook of b ran; the next code has one, too. */
export const rearmament = staged(
  [
    ...say("keep", "01"),
    ...say("keep", "02"),
    ...errand("install_code", "b reinstall watchful"),
    ...say("keep", "03"),
    ...say("keep", "04"),
  ],
  {},
  { lowMemory: hook },
);
