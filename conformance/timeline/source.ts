/**
 * A scenario from whatever file holds one: a stored failure, a vector, a case, or a scenario alone. The format that a text
 * declares decides; a text that declares none is a scenario, or a case when it has a relation.
 */
import * as z from "zod";
import type { Scenario } from "../../spec/index.ts";
import { BorderError, read, readText } from "../schemas/border.ts";
import { storedFailureSchema } from "../schemas/failure.ts";
import { caseSchema, scenarioSchema } from "../schemas/scenario.ts";
import { vectorSchema } from "../schemas/vector.ts";
import { scenarioOf } from "../vector.ts";

/** @throws BorderError when the text holds no scenario. */
export const scenarioFrom = (text: string, what: string): Scenario => {
  const value = readText(z.looseObject({}), text, what);
  if ("format" in value) return ofFormat(value, what);
  return "relation" in value ? read(caseSchema, value, what).scenario : read(scenarioSchema, value, what);
};

const ofFormat = (value: { readonly [field: string]: unknown }, what: string): Scenario => {
  switch (value["format"]) {
    case "canon-failure/1":
      return read(storedFailureSchema, value, what).case.scenario;
    case "canon-vector/1": {
      const scenario = scenarioOf(read(vectorSchema, value, what));
      if (scenario === null) throw new BorderError(what, ["session[0].request.type: expected boot"]);
      return scenario;
    }
    default:
      throw new BorderError(what, ['format: expected "canon-failure/1" or "canon-vector/1", or a scenario, which has none']);
  }
};
