/**
 * The tree of section 7 of `docs/machine.md` as it stands there: all of it, made from the state and from nothing that is kept. It is what the state
 * root and the witnesses are held against, by tests.
 */
import { hex, type HashTree, type Hex, type IngressStatus, type Label } from "../spec/index.ts";
import type { Canister, Engine } from "./state.ts";

type Labeled = readonly (readonly [label: Label, below: HashTree])[];

export const plainTree = ({ canisters, history, time }: Engine): HashTree =>
  treeOf([
    ["time", leaf(number(time))],
    ["canister", treeOf(canisters.map((canister) => [canister.id, canisterTree(canister)]))],
    ["request_status", treeOf([...history.entries.values()].map(({ id, status }) => [id, messageTree(status)]))],
  ]);

/** The tree of some different labels, the shape of which depends on nothing but their bits. */
export const treeOf = (labeled: Labeled, bit = 0): HashTree => {
  if (labeled.length === 0) return { kind: "empty" };
  if (labeled.length === 1) return { kind: "labeled", label: labeled[0]![0], tree: labeled[0]![1] };
  const left = labeled.filter(([label]) => bitsOf(label)[bit] !== "1");
  const right = labeled.filter(([label]) => bitsOf(label)[bit] === "1");
  if (left.length === 0 || right.length === 0) return treeOf(labeled, bit + 1);
  return { kind: "fork", left: treeOf(left, bit + 1), right: treeOf(right, bit + 1) };
};

const bitsOf = (label: Label): string => [...label].map((letter) => letter.charCodeAt(0).toString(2).padStart(8, "0")).join("");

const canisterTree = ({ certifiedData, pages, timer }: Canister): HashTree =>
  treeOf([
    ["certified_data", leaf(certifiedData)],
    ["memory", treeOf([...(pages ?? [])].map(([page, content]) => [page.toString(16).padStart(16, "0"), leaf(content)]))],
    ["timer", leaf(timer === null ? hex("") : number(timer))],
  ]);

const messageTree = (status: IngressStatus): HashTree => {
  if (status.kind !== "answered") return treeOf([["status", text(status.kind)]]);
  const { result } = status;
  return result.kind === "reply"
    ? treeOf([
        ["status", text("replied")],
        ["reply", leaf(result.payload)],
      ])
    : treeOf([
        ["status", text("rejected")],
        ["reject_code", leaf(number(BigInt(result.code)))],
        ["error_code", text(result.error)],
      ]);
};

const leaf = (value: Hex): HashTree => ({ kind: "leaf", value });

const text = (content: string): HashTree =>
  leaf(hex([...content].map((letter) => letter.charCodeAt(0).toString(16).padStart(2, "0")).join("")));

const number = (value: bigint): Hex => {
  const low = Number(value % 128n);
  const rest = value / 128n;
  const octet = (rest > 0n ? low + 128 : low).toString(16).padStart(2, "0");
  return hex(rest > 0n ? octet + number(rest) : octet);
};
