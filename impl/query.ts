/** Queries of users: admitted within the budget of their canister, answered, and counted. Nothing else of them stays. */
import { anonymous, instructions, queryAdmit, type ErrorCode, type Input } from "../spec/index.ts";
import { keep, nameOf, recall } from "./answers.ts";
import { spend, spentBy } from "./budgets.ts";
import { evaluate } from "./evaluation.ts";
import { refusalOfQuery } from "./openings.ts";
import { refusalOf } from "./refusals.ts";
import type { Engine } from "./state.ts";

/** An answer that is kept counts for the budget like any other; whether the canister may be asked at all is found out each time. */
export const answerQuery = (engine: Engine, input: Extract<Input, { kind: "query" }>): void => {
  const { sender = anonymous, canister: id, method: name, payload } = input;
  const error = refusalOfInput(engine, input) ?? refusalOfQuery(engine, id, name);
  if (error !== null) return void engine.events.push({ kind: "query-refused", canister: id, method: name, error });
  const question = nameOf(input);
  let answer = recall(engine, sender, question);
  if (answer === null) {
    const canister = engine.byId.get(id)!;
    answer = evaluate(engine, canister, canister.code!.methods.get(name)!, payload, sender);
    keep(engine, question, answer);
  }
  const { result, instructions: used, nested } = answer;
  spend(engine, id, used);
  engine.events.push({ kind: "query-answered", canister: id, method: name, result, instructions: instructions(used), nested });
};

/** @rule query-admit */
const refusalOfInput = (engine: Engine, { canister, payload }: Extract<Input, { kind: "query" }>): ErrorCode | null => {
  const { maxPayload, queryBudget } = engine.genesis.parameters;
  if (payload.length / 2 > maxPayload) return tooLarge;
  return spentBy(engine, canister) < queryBudget ? null : usedUp;
};

const tooLarge = refusalOf(queryAdmit.when.sized);
const usedUp = refusalOf(queryAdmit.when.spare);
