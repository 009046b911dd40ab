/**
 * What a machine on trial can be asked. A partial implementation names the rules that it does not follow, and worlds
 * are drawn without what those rules need, so that it gets useful runs on its first day.
 */
import type { InputKind, Instruction } from "../spec/index.ts";

export interface Vocabulary {
  readonly inputs: ReadonlySet<InputKind>;
  readonly instructions: ReadonlySet<Instruction["op"]>;
  /** Whether canisters call the management canister. */
  readonly randomness: boolean;
  /** Whether worlds have a committee that makes the tape. */
  readonly committee: boolean;
}

export const everything: Vocabulary = {
  inputs: new Set<InputKind>(["ingress", "round", "top-up", "finalise", "share", "restart"]),
  instructions: new Set<Instruction["op"]>([
    "consume",
    "write",
    "when-odd",
    "call",
    "accept",
    "reply",
    "reject",
    "trap",
    "burn",
    "set-timer",
  ]),
  randomness: true,
  committee: true,
};

/** What is left when these rules are not supported. Rules that every world needs leave the vocabulary as it is. */
export const without = (excluded: ReadonlySet<string>): Vocabulary => {
  const unless = <T>(all: ReadonlySet<T>, needs: readonly (readonly [T, string])[]): ReadonlySet<T> =>
    new Set([...all].filter((word) => !needs.some(([needed, by]) => needed === word && excluded.has(by))));
  const calls = excluded.has("call-send");
  const committee = !committeeRules.some((id) => excluded.has(id));
  return {
    inputs: unless<InputKind>(everything.inputs, [
      ["top-up", "top-up"],
      ["restart", "restart"],
      ["ingress", "ingress-submit"],
      ...committeeRules.flatMap(
        (id) =>
          [
            ["finalise", id],
            ["share", id],
          ] as const,
      ),
    ]),
    instructions: unless<Instruction["op"]>(everything.instructions, [
      ["write", "page-write"],
      ["call", "call-send"],
      ["accept", "cycles-accept"],
      ["reply", "call-reply"],
      ["reject", "call-reject"],
      ["burn", "cycles-burn"],
      ["set-timer", "timer-set"],
      ["set-timer", "timer-due"],
      ["set-timer", "timer-begin"],
      ["trap", "execution-rollback"],
    ]),
    randomness: !calls && !excluded.has("randomness-ask") && !excluded.has("randomness-answer"),
    committee,
  };
};

/** Who leaves out one of them has no committee: shares without tapes, or tapes without rounds, are half a protocol. */
const committeeRules = ["block-finalise", "share-admit", "tape-make", "tape-deliver"] as const;
