/**
 * What must hold of the certified state between any two inputs: the root that is kept is that of the whole tree, whatever changed is known to have changed,
 * and messages are read by whoever sent them.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { hex, rootOf as rootOfTree, type Hex, type IngressId, type Principal } from "../spec/index.ts";
import { isFork, type Labels, type Place, type Tip } from "./labels.ts";
import { plainTree } from "./plain-tree.ts";
import { listed } from "./queues.ts";
import { rootOf } from "./root.ts";
import type { Engine } from "./state.ts";

type Says = (about: string, fact: string, kept: unknown, found: unknown) => void;

export const lookAtRoot = (engine: Engine, says: Says): void => {
  const { root, canisters, history, time } = engine;
  lookAtLabels("canisters in the root", root.canisters, canisters, says);
  lookAtLabels("messages in the root", root.messages, [...history.entries.values()], says);
  for (const { id, code, certifiedData, memory, pages } of canisters) {
    says(id, "certified data without code", code === null && certifiedData !== "", false);
    const records = [...(pages ?? [])].map(([page]) => ({ id: page.toString(16).padStart(16, "0") }));
    lookAtLabels(`pages of ${id} in the root`, memory ?? { top: null }, records, says);
  }
  lookAtSenders(engine, says);
  says("root", "of the whole tree", rootOf(root, time), rootOfTree(plainTree(engine), hashOf));
};

/** Whoever may read of a message that is not answered yet is whoever sent it. */
const lookAtSenders = ({ canisters, history, pool, waitingManagement }: Engine, says: Says): void => {
  const look = (id: IngressId, sender: Principal): void => says(`message ${id}`, "its sender", history.entries.get(id)?.sender, sender);
  for (const { id, sender } of pool) look(id, sender);
  for (const { request } of waitingManagement) if (request.kind === "user") look(request.id, request.sender);
  for (const { mail, contexts } of canisters) {
    for (const { origin, sender } of mail === null ? [] : listed(mail.ingress)) look(origin.ingress, sender);
    for (const { origin, caller, status } of contexts?.values() ?? [])
      if (origin.kind === "ingress" && status === "open") look(origin.ingress, caller);
  }
};

const lookAtLabels = <T extends Tip<T>>(
  about: string,
  labels: Labels<T>,
  records: readonly { readonly id: string }[],
  says: Says,
): void => {
  const found: string[] = [];
  const look = (place: Place<T>): void => {
    if (!isFork(place)) return void found.push(place.id);
    for (const below of [place.left, place.right]) {
      says(about, "a place knows what is above it", below.above, place);
      says(about, "bits grow downwards", !isFork(below) || place.bit < below.bit, true);
      says(about, "a digest is there, and one below it is gone", place.digest !== null && below.digest === null, false);
      look(below);
    }
  };
  if (labels.top !== null) look(labels.top);
  says(about, "labels ascend from left to right", found.join(" "), [...found].sort().join(" "));
  says(
    about,
    "labels",
    [...found].sort().join(" "),
    records
      .map(({ id }) => id)
      .sort()
      .join(" "),
  );
};

/** Most nodes of a tree are those of the tree that was looked at before. */
const known = new Map<Hex, Hex>();

const hashOf = (content: Hex): Hex => {
  const digest = known.get(content) ?? hex(bytesToHex(sha256(hexToBytes(content))));
  if (known.size > 100_000) known.clear();
  known.set(content, digest);
  return digest;
};
