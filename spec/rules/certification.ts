/**
 * Certification: what of the state users can check for themselves. The state of a subnet has a tree of hashes, whose root
 * the subnet signs; whoever reads is handed the part of the tree that he asked for, with the digests that lead to the root.
 */
import { rule } from "../rule.ts";

export const dataCertify = rule({
  id: "data-certify",
  chapter: "certification",
  title: "A canister sets its certified data",
  intent:
    "A few bytes of each canister are in the tree that its subnet signs. They are mostly the root of a tree of its own, so a canister can have anything certified that it stores.",
  source: "facts/messages.md MSG-ST15, MSG-10.4.13, MSG-10.1.26; interface specification, certified data",
  fidelity: "faithful",
  when: {
    fits: ["the data have at most 32 bytes", "IC0504"],
  },
  then: {
    set: "the certified data of the canister are these",
  },
});

export const stateCertify = rule({
  id: "state-certify",
  chapter: "certification",
  title: "The state is certified",
  intent:
    "The tree says what users may rely on: the time, what canisters certify, what became of messages. It holds no balances, which change without anybody's doing. The memory and the timers of canisters are ours: nobody reads them, but two machines whose memories differ have different roots.",
  source: "facts/messages.md H10, MSG-ST15, A9, X27; interface specification, the system state tree",
  fidelity: {
    simplified:
      "certified after every input, at once; no reject messages, module hashes, metadata, canister ranges, subnets or streams; canister/ID/memory and canister/ID/timer are an extension",
  },
  decides: [
    { place: "K17, the time of a canister and that of the system", answer: "one clock: the time in the tree is that of the last round" },
    { place: "H10, the certified data of a canister without code", answer: "the path is there, and its value is empty" },
    {
      place: "interface specification, the shape of forks",
      answer: "left open there; here labels part at the first bit in which they differ, so the set of labels determines the shape",
    },
  ],
  when: {},
  then: {
    time: "under time the tree holds the time",
    data: "under canister, its id and certified_data the tree holds the certified data of each canister",
    controllers: "under canister, its id and controllers the tree holds the controllers of each canister by their ids",
    memory: "under canister, its id and memory the tree holds the pages of each canister by their numbers",
    timers: "under canister, its id and timer the tree holds the global timer of each canister",
    statuses: "under request_status, its id and status the tree holds the status of each message that the ingress history knows",
    replies: "under request_status, its id and reply the tree holds the payload of each reply that the ingress history holds",
    rejects:
      "under request_status, its id, reject_code and error_code the tree holds both codes of each reject that the ingress history holds",
  },
});

export const certificateIssue = rule({
  id: "certificate-issue",
  chapter: "certification",
  title: "A user reads from the certified state",
  intent:
    "The answer is a tree with the root of the state in which all is pruned that was not asked for. It shows what is there, and where nothing is, the labels on both sides of the place where it would be.",
  source: "facts/messages.md H8, H9, IC0208, MSG-10.1.25, MSG-P16, X27; interface specification, read_state and lookup",
  fidelity: {
    simplified:
      "no signatures of users; certified data are readable, which canisters hand out in queries on the network; a path is readable or not, so the bound of 127 labels is never reached; a JSON tree stands for the CBOR one",
  },
  decides: [{ place: "IC0208, reads before the first certification", answer: "before the first round, every read is refused" }],
  when: {
    certified: ["a round took place", "IC0208"],
    few: ["at most 1000 paths are named", "CN0022"],
    readable: [
      "each path names the time, the certified data or the controllers of a canister, or the status of a message or a part of it",
      "CN0023",
    ],
    own: ["each message that a path names, and that the ingress history knows, was sent by whoever reads", "CN0027"],
  },
  then: {
    time: "the certificate shows the time",
    values: "the certificate shows all that is at the paths at which there is something",
    absences:
      "of each other path the certificate shows the part that is there, and of the labels behind it those next to the one that is missing",
    prune: "of all else the certificate holds digests",
  },
});

export const certificateRead = rule({
  id: "certificate-read",
  chapter: "certification",
  title: "A query reads the certificate of the state",
  intent:
    "What a query answers is signed by nobody. A canister that had the root of its own tree certified hands out what it knows together with the certificate, and whoever asks can check it.",
  source:
    "facts/messages.md MSG-10.4.2, MSG-10.4.15, MSG-10.1.26, MSG-6.1; interface specification, data certificate; dfinity/ic rs/execution_environment/src/query_handler/query_context.rs",
  fidelity: { simplified: "the certificate is the root of the state: whoever has it reads the witness for himself" },
  when: {
    asked: ["`certificate` is read by the body of a query between rounds, of the canister that the user asked", "IC0504"],
    issued: ["`certificate` is read after a round took place", "IC0504"],
  },
  then: {
    present: "`certified` is 1 where `certificate` is there to be read, else 0",
    root: "`certificate` is the root of the state before the query of the user",
  },
});

export const certificateSign = rule({
  id: "certificate-sign",
  chapter: "certification",
  title: "A certificate is signed",
  intent:
    "One signature, under the one key of the subnet, stands for all of the state. Whoever knows the key needs to ask one node, and need not trust it.",
  source: "facts/messages.md J2, X27; interface specification, certification",
  fidelity: {
    simplified:
      "signed with the secret of the subnet: any threshold of shares makes the same signature; the committee has one secret for tapes and certificates, and the key is known, not delegated",
  },
  when: {
    committee: ["the subnet has a committee", null],
  },
  then: {
    sign: "the certificate holds the signature of the root of the state under the key of the subnet",
  },
});
