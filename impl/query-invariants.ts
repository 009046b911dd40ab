/** What must hold of queries between any two inputs: budgets are not overdrawn, and an answer that is kept is the one that would be given. */
import { hex, managementCanister, userId } from "../spec/index.ts";
import { weightOfAnswer } from "./answers.ts";
import { evaluate, type Answer } from "./evaluation.ts";
import { isAsSeen } from "./looks.ts";
import { refusalOfQuery } from "./openings.ts";
import { windowOf } from "./budgets.ts";
import type { Engine } from "./state.ts";

type Says = (about: string, fact: string, kept: unknown, found: unknown) => void;

export const lookAtQueries = (engine: Engine, says: Says): void => {
  const { spent, answers, genesis } = engine;
  says("budgets", "are of no later window", spent.window <= windowOf(engine), true);
  for (const [id, used] of spent.used) says(id, "its budget covers its queries", used <= genesis.parameters.queryBudget, true);
  says("budgets", "are of canisters", spent.used.has(managementCanister), false);
  let bytes = 0;
  for (const [name, { answer, weight, rightIn }] of answers.kept) {
    bytes += weight;
    says(name, "weight of the answer", weight, weightOfAnswer(name, answer));
    if (rightIn === engine.revision) says(name, "what was right in this revision is as it was seen", isAsSeen(engine, answer.looks), true);
    lookAtAnswer(engine, name, answer, says);
  }
  says("answers", "bytes", answers.bytes, bytes);
  says("answers", "have room", bytes <= answers.room.bytes && answers.kept.size <= answers.room.answers, true);
};

/** Where it would be given again, another look finds the same, whoever looks: one who never asked, unless it is kept for one alone. */
const lookAtAnswer = (engine: Engine, name: string, answer: Answer, says: Says): void => {
  const isPersonal = name.startsWith("@");
  const words = name.split(" ");
  const sender = userId(isPersonal ? words[0]! : "@never");
  const [id, payload, ...rest] = isPersonal ? words.slice(1) : words;
  const canister = engine.canisters.find((one) => one.id === id);
  const method = rest.join(" ");
  const { looks } = answer;
  says(name, "is asked of a canister", id === managementCanister, false);
  says(name, "for whom it is kept", looks.isPersonal ? looks.sender : null, isPersonal ? sender : null);
  if (canister === undefined || refusalOfQuery(engine, canister.id, method) !== null || !isAsSeen(engine, looks)) return;
  const anew = evaluate(engine, canister, canister.code!.methods.get(method)!, hex(payload!), sender);
  says(name, "the answer that is kept", told(answer), told(anew));
};

const told = ({ result, instructions, nested }: Answer): string => JSON.stringify({ result, instructions, nested });
