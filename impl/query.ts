/** Queries of users: admitted within the budget of their canister, answered, and counted. Nothing else of them stays. */
import { anonymous, instructions, managementCanister, queryAdmit, type ErrorCode, type Input } from "../spec/index.ts";
import { keep, nameOf, recall } from "./answers.ts";
import { spend, spentBy } from "./budgets.ts";
import { evaluate } from "./evaluation.ts";
import { answerOfManagement, refusalOfQuery } from "./openings.ts";
import { refusalOf } from "./refusals.ts";
import type { Engine } from "./state.ts";

type Question = Extract<Input, { kind: "query" }>;

/** An answer that is kept counts for the budget like any other; whether the canister may be asked at all is found out each time. */
export const answerQuery = (engine: Engine, input: Question): void => {
  const { sender = anonymous, canister: id, method: name, payload } = input;
  const isManaged = id === managementCanister;
  const error = refusalOfInput(engine, input) ?? (isManaged ? null : refusalOfQuery(engine, id, name));
  if (error !== null) return refuse(engine, input, error);
  if (isManaged) return answerManaged(engine, input);
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

/** What the management canister is asked is looked up each time, and counted for nobody. */
const answerManaged = (engine: Engine, input: Question): void => {
  const { sender = anonymous, canister, method, payload } = input;
  const result = answerOfManagement(engine, sender, method, payload);
  if (result.kind === "reject") return refuse(engine, input, result.error);
  engine.events.push({ kind: "query-answered", canister, method, result, instructions: instructions(0), nested: [] });
};

const refuse = ({ events }: Engine, { canister, method }: Question, error: ErrorCode): void =>
  void events.push({ kind: "query-refused", canister, method, error });

/** @rule query-admit */
const refusalOfInput = (engine: Engine, { canister, payload }: Question): ErrorCode | null => {
  const { maxPayload, queryBudget } = engine.genesis.parameters;
  if (payload.length / 2 > maxPayload) return tooLarge;
  return spentBy(engine, canister) < queryBudget ? null : usedUp;
};

const tooLarge = refusalOf(queryAdmit.when.sized);
const usedUp = refusalOf(queryAdmit.when.spare);
