/** Commands that show a scenario: it is read from a file, led by the reference or by a machine of the user's, and drawn into other files. */
import { writeFileSync } from "node:fs";
import { guarded, MachineFault, messageOf, openStore, openTimelines } from "../conformance/index.ts";
import { createModel } from "../model/index.ts";
import type { Machine, Scenario } from "../spec/index.ts";
import { openSubject } from "./subjects.ts";
import { Refusal } from "./terminal.ts";

/** Shows the scenario of a file, led by the machine that COMMAND starts, or by the reference; `cannot` says what a machine at fault prevents. */
export const showScenario = async (
  file: string,
  command: readonly string[],
  cannot: string,
  show: (scenario: Scenario, machine: Machine) => Promise<number>,
): Promise<number> => {
  const { scenarioFrom } = await openTimelines();
  const scenario = scenarioFrom((await openStore()).readWhole(file), file);
  const subject = command.length === 0 ? null : await openSubject(command);
  try {
    return await show(scenario, guarded(subject?.machine ?? createModel()));
  } catch (reason) {
    if (reason instanceof MachineFault) throw new Refusal(`${file}: ${cannot}, ${reason.fault}: ${messageOf(reason)}`);
    throw reason;
  } finally {
    await subject?.end();
  }
};

export const writeDrawing = (file: string, text: string): void => {
  try {
    writeFileSync(file, text);
  } catch (reason) {
    throw new Refusal(`${file}: cannot be written, ${messageOf(reason)}`);
  }
};
