/** Canisters for worlds of Bitcoin: those that ask, each in many ways, and export what they ask for; and the one that answers, rejects, or takes its time. */
import {
  cycles,
  managementCanister,
  nanoseconds,
  type CanisterGenesis,
  type CanisterId,
  type Instruction,
  type Method,
  type MethodName,
  type Parameters,
  type Script,
} from "../../spec/index.ts";
import type { Vocabulary } from "../vocabulary.ts";
import type { Dice } from "./dice.ts";
import { answer, callTo, message, plainCanister } from "./plain.ts";
import { within } from "./scripts.ts";

export interface Payers {
  readonly dice: Dice;
  readonly vocabulary: Vocabulary;
  readonly parameters: Parameters;
  readonly ids: readonly CanisterId[];
  /** The canister that answers, named by the genesis or not. */
  readonly bitcoin: CanisterId;
}

/** What is asked of Bitcoin; the last of them nobody exports. */
const questions: readonly MethodName[] = ["bitcoin_get_balance", "bitcoin_get_utxos", "bitcoin_send_transaction", "bitcoin_"];

/** Names that only look like such a question. */
const lookalikes: readonly MethodName[] = ["bitcoin", "bitcoin-get_balance", "get_bitcoin_balance", "_bitcoin_get_utxos", "fly"];

/** The methods of who asks: for updates, and for queries between rounds. */
export const payerMethods = (
  vocabulary: Vocabulary,
): { readonly asking: readonly MethodName[]; readonly composites: readonly MethodName[] } => ({
  asking: [
    "balance",
    "utxos",
    "send",
    "hurry",
    "many",
    "mixed",
    "again",
    "peer",
    ...(vocabulary.randomness ? ["platform"] : []),
    "regret",
    ...(vocabulary.instructions.has("set-timer") ? ["later"] : []),
  ],
  composites: isComposite(vocabulary) ? ["survey"] : [],
});

const isComposite = ({ customs, randomness }: Vocabulary): boolean =>
  customs.has("composite-queries") && customs.has("queries") && customs.has("status-queries") && randomness;

type More = Partial<Instruction & { op: "call" }>;

/** Asks the platform for something of Bitcoin. */
const asking = ({ dice, vocabulary }: Payers, method: MethodName, more: More = {}): Instruction =>
  callTo(managementCanister, method, {
    payload: message,
    attached: cycles(dice.pick([0n, 0n, 5n, 40n])),
    ...(vocabulary.customs.has("best-effort") && dice.chance(25) && { timeout: nanoseconds(10n ** 12n) }),
    ...more,
  });

const told: More = { onReply: [answer(message)], onReject: [answer(message)], onRefused: [{ op: "reject" }] };

export const payerOf = (payers: Payers, id: CanisterId): CanisterGenesis => {
  const { dice, vocabulary, parameters, ids, bitcoin } = payers;
  const { customs, instructions } = vocabulary;
  const question = (): MethodName => (dice.chance(8) ? "bitcoin_" : dice.pick(questions));
  const own = (more: More = {}): Instruction => asking(payers, question(), more);
  const direct = (): Instruction => callTo(bitcoin, question(), { payload: message });
  const peer = (more: More = {}): Instruction =>
    callTo(dice.pick(ids), dice.pick(questions), { payload: message, attached: cycles(7n), ...more });
  const marked: Script = [{ op: "write", page: 0, value: message }];
  const counted = (draw: () => Instruction): Script => dice.times(parameters.queueCapacity, parameters.queueCapacity + 2, draw);
  const hasty = customs.has("best-effort") ? { timeout: nanoseconds(dice.pick([0n, 1n, dice.big(0n, 900_000_000n)])) } : {};
  const stray = customs.has("strays") ? dice.pick([...lookalikes, "raw_rand"]) : "raw_rand";
  const methods: readonly Method[] = [
    { name: "balance", body: [asking(payers, questions[0]!, told)] },
    { name: "utxos", body: [asking(payers, questions[1]!, told)] },
    { name: "send", body: [asking(payers, questions[2]!, told)] },
    { name: "hurry", body: [own({ ...told, ...hasty })] },
    { name: "many", body: [...counted(() => own({ onReply: marked, onReject: marked, onRefused: marked })), answer()] },
    { name: "mixed", body: [...counted(() => dice.pick([own, own, direct, peer])()), answer()] },
    { name: "again", body: [own({ ...told, onReply: [own(told)], onReject: [own(), direct(), answer(message)] })] },
    { name: "peer", body: [peer(told)] },
    ...(vocabulary.randomness ? [{ name: "platform", body: [callTo(managementCanister, stray, told), own()] }] : []),
    {
      name: "regret",
      body: [
        own({
          onReply: [{ op: "trap" }],
          onReject: [own(), { op: "trap" }],
          onCleanup: [{ op: "write", page: 0, value: { kind: "time" } }],
        }),
      ],
    },
    { name: "later", body: [{ op: "set-timer", after: nanoseconds(0n) }, answer()] },
    ...(isComposite(vocabulary) ? [surveyOf(payers)] : []),
    ...questions.slice(0, 3).map((name): Method => ({ name, body: [{ op: "accept", cycles: cycles(3n) }, answer(message)] })),
  ];
  return {
    ...plainCanister(vocabulary, id, []),
    methods: methods.map(({ body, ...rest }) => ({ ...rest, body: within(instructions, body) })),
    onTimer: within(instructions, [own(), own({ onReply: marked })]),
  };
};

/** A composite query that asks the platform, which has no such method for it. */
const surveyOf = ({ dice }: Payers): Method => {
  const call = callTo(managementCanister, dice.pick(questions), {
    payload: message,
    onReply: [answer(message)],
    onReject: [answer(message)],
  });
  return { name: "survey", mode: "composite", body: [call] };
};

/** The canister that answers: some methods quickly, some when it has thought about it, some not at all. */
export const exchangeOf = (payers: Payers): CanisterGenesis => {
  const { dice, vocabulary, bitcoin } = payers;
  const bodyOf = (): Script =>
    dice.weigh<Script>([
      [6, [{ op: "accept", cycles: cycles(3n) }, answer(message)]],
      [2, [{ op: "reject" }]],
      [vocabulary.randomness ? 3 : 0, [callTo(managementCanister, "raw_rand", { ...told, onReply: [answer(message)] })]],
      [1, []],
      [1, [{ op: "trap" }]],
      [1, [asking(payers, "bitcoin_get_balance", told)]],
    ]);
  const known = questions.slice(0, 3).filter(() => dice.chance(90));
  return plainCanister(
    vocabulary,
    bitcoin,
    known.map((name) => ({ name, body: bodyOf() })),
  );
};
