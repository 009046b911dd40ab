/** Hash trees written by hand, and digested by the words of the specification, and not by those of a law. */
import { hex, rootOf, type HashTree, type Hex, type Label } from "../../spec/index.ts";
import { ascii, fromHex, sha256, toHex } from "../hashing.ts";

export const empty: HashTree = { kind: "empty" };
export const fork = (left: HashTree, right: HashTree): HashTree => ({ kind: "fork", left, right });
export const labeled = (label: Label, tree: HashTree): HashTree => ({ kind: "labeled", label, tree });
export const leaf = (content: string): HashTree => ({ kind: "leaf", value: hex(content) });
export const text = (content: string): HashTree => leaf(toHex(ascii(content)));
export const closed = (tree: HashTree): HashTree => ({ kind: "pruned", digest: root(tree) });

export const root = (tree: HashTree): Hex => rootOf(tree, (content) => hex(toHex(sha256(fromHex(content)))));

/** A state: what lies below its three labels. */
export const state = (canisters: HashTree, messages: HashTree, time: string): HashTree =>
  fork(labeled("canister", canisters), fork(labeled("request_status", messages), labeled("time", leaf(time))));

/** A canister with a timer or none, and with controllers or none. */
export const canisterTree = (certified: string, memory: HashTree = empty, timer = "", controllers = ""): HashTree =>
  fork(
    fork(fork(labeled("certified_data", leaf(certified)), labeled("controllers", text(controllers))), labeled("memory", memory)),
    labeled("timer", leaf(timer)),
  );

export const repliedTree = (payload: string): HashTree => fork(labeled("reply", leaf(payload)), labeled("status", text("replied")));

export const rejectedTree = (code: string, error: string): HashTree =>
  fork(labeled("error_code", text(error)), fork(labeled("reject_code", leaf(code)), labeled("status", text("rejected"))));
