/** Inputs in the words that people read, and how the second world of a case differs from the first. */
import {
  managementCanister,
  type ConsensusAnswer,
  type Delivery,
  type Move,
  type Purpose,
  type Reward,
  type ShareOrigin,
  type Slice,
  type StreamMessage,
  type UserId,
} from "../../spec/index.ts";
import type { Relation } from "../../properties/index.ts";
import { canisterInWords, feesInWords } from "./genesis.ts";
import { bytesInWords, inGroups, pathsInWords, resultInWords, textInWords } from "./words.ts";

/** A move or an input; `nameOf` says what the subnet of a number is called. */
export const inputInWords = (input: Move, nameOf: (subnet: number) => string = numbered): string => {
  switch (input.kind) {
    case "ingress": {
      const { id, sender, canister, method, payload, expiry } = input;
      const said = canister === managementCanister ? textInWords(payload) : bytesInWords(payload);
      return `ingress ${id}${senderInWords(sender)}: ${canister}.${method}(${said})${expiry === undefined ? "" : `, expiring at ${inGroups(expiry)}`}`;
    }
    case "query":
      return `query${senderInWords(input.sender)} ${input.canister}.${input.method}(${bytesInWords(input.payload)})`;
    case "round": {
      const { elapsed, tape, slices = [], answers = [], deliveries = [], coreOrder, checkpoint = false, summary } = input;
      return [
        `round: ${inGroups(elapsed)} ns later`,
        `tape ${bytesInWords(tape)}`,
        ...slices.map(sliceInWords),
        ...deliveries.map((delivery) => deliveryInWords(delivery, nameOf)),
        ...answers.map(consensusInWords),
        ...(coreOrder ? [`cores in the order ${coreOrder.join(" ")}`] : []),
        ...(checkpoint ? ["with a checkpoint"] : []),
        ...(summary ? [`the next checkpoint at height ${summary.nextCheckpoint}, ${summary.length} rounds behind the last`] : []),
      ].join(", ");
    }
    case "top-up":
      return `top-up of ${input.canister} with ${inGroups(input.cycles)}`;
    case "create-canister":
      return `create ${canisterInWords(input.canister).join(" ").replace(/\s+/g, " ")}`;
    case "delete-canister":
      return `delete ${input.canister}`;
    case "set-compute-allocation":
      return `set the compute allocation of ${input.canister} to ${input.computeAllocation} %`;
    case "set-fees":
      return `new prices: ${feesInWords(input.fees)}`;
    case "transfer":
      return `${input.from} hands ${inGroups(input.tokens)} e8s to ${input.to}`;
    case "pay":
      return `${input.from} pays ${inGroups(input.tokens)} e8s for ${purposeInWords(input.purpose)}`;
    case "notify":
      return `somebody asks for conversion ${input.conversion}`;
    case "reward":
      return `a reward for ${input.account}: ${rewardInWords(input.reward)}`;
    case "set-rate":
      return `a token is worth ${inGroups(input.permyriad)} ten-thousandths of an XDR`;
    case "uninstall":
      return `uninstall ${input.canister}`;
    case "read-state":
      return `${input.sender === undefined ? "read" : `${input.sender} reads`} the state at ${input.paths.length === 0 ? "no path" : pathsInWords(input.paths)}`;
    case "finalise":
      return `node ${input.node} sees block ${input.height} as final`;
    case "share":
      return `${shareInWords(input.origin)} node ${input.from} for height ${input.height}, to node ${input.to}`;
    case "restart":
      return "restart";
  }
};

const senderInWords = (sender: UserId | undefined): string => (sender === undefined ? "" : ` of ${sender}`);

const numbered = (subnet: number): string => `number ${subnet}`;

const sliceInWords = ({ from, begin, messages, signals }: Slice): string => {
  const last = begin + messages.length - 1;
  const held =
    messages.length === 0 ? `no messages, from ${begin}` : `${begin === last ? `message ${begin}` : `messages ${begin} to ${last}`}`;
  return `a slice of ${from} (${[`${held}, signals ${signals}`, ...messages.map(messageInWords)].join("; ")})`;
};

const consensusInWords = ({ request, reply }: ConsensusAnswer): string =>
  `consensus ${reply === null ? "gives up" : "answers"} request ${request}${reply === null ? "" : ` with ${bytesInWords(reply)}`}`;

const deliveryInWords = ({ from, count, again = 0 }: Delivery, nameOf: (subnet: number) => string): string =>
  `delivering at most ${count} new of ${nameOf(from)}${again > 0 ? ` and ${again} again` : ""}`;

/** A message of a stream. */
export const messageInWords = (message: StreamMessage): string => {
  switch (message.kind) {
    case "request": {
      const { caller, callback, callee, method, payload, attached, deadline } = message;
      return `request ${callback} of ${caller} to ${callee}.${method}(${bytesInWords(payload)})${attached > 0n ? ` attaching ${inGroups(attached)}` : ""}${until(deadline)}`;
    }
    case "response": {
      const { caller, callback, respondent, result, refund, deadline } = message;
      return `response of ${respondent} to callback ${callback} of ${caller}: ${resultInWords(result)}${refund > 0n ? ` refunding ${inGroups(refund)}` : ""}${until(deadline)}`;
    }
    case "refund":
      return `refund of ${inGroups(message.cycles)} to ${message.canister}`;
  }
};

const until = (deadline: bigint | null): string => (deadline === null ? "" : ` until ${inGroups(deadline)}`);

const shareInWords = (origin: ShareOrigin): string => {
  switch (origin.kind) {
    case "released":
      return "the share of";
    case "leaked":
      return "a share that is leaked by";
    case "forged":
      return `a made-up share ${bytesInWords(origin.share)} in the name of`;
  }
};

const purposeInWords = ({ kind, canister }: Purpose): string =>
  kind === "top-up" ? `a top-up of ${canister}` : `the creation of ${canister}`;

const rewardInWords = (reward: Reward): string =>
  reward.unit === "tokens" ? `${inGroups(reward.tokens)} e8s` : `what ${inGroups(reward.permyriad)} ten-thousandths of an XDR are worth`;

export const relationInWords = (relation: Relation): string | null => {
  switch (relation.kind) {
    case "none":
      return null;
    case "rerun":
      return "the same again";
    case "restarted":
      return `the same, with a restart before input ${relation.before.map((at) => at + 1).join(", ")}`;
    case "reordered":
      return "the same, with the canisters of the genesis listed in another order";
    case "cores-permuted":
      return `the same, with the cores run in the order ${relation.coreOrder.join(" ")}`;
    case "unsliced":
      return `the same, with rounds in which nothing is sliced${relation.cores === undefined ? "" : `, on at least ${relation.cores} cores`}`;
    case "allocation-raised":
      return `the same, with ${relation.by} percent more reserved by ${relation.canister}`;
    case "queries-dropped":
      return "the same, without its queries";
    case "rounds-split":
      return `the same, with each round behind round ${relation.after} in ${relation.parts} parts`;
    case "tape-replaced":
      return `the same, with another tape in round ${relation.round}: ${bytesInWords(relation.tape)}`;
  }
};
