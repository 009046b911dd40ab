/** The machine on trial: the engine of this package, or the machine that a command starts. */
import { impl } from "../impl/index.ts";
import { everyWord, openProcesses, without, type Exclusion, type SubjectName, type Vocabulary } from "../conformance/index.ts";
import type { Machine } from "../spec/index.ts";

export interface Subject {
  readonly machine: Machine;
  readonly name: SubjectName;
  readonly excluded: readonly Exclusion[];
  readonly vocabulary: Vocabulary;
  /** Ends what was started; what was wrong with the end. */
  end(): Promise<string | null>;
}

/** @throws CannotStart when there is no such command, MachineFault when the machine cannot shake hands. */
export const openSubject = async (command: readonly string[]): Promise<Subject> => {
  if (command.length === 0) {
    return { machine: impl, name: { kind: "built-in" }, excluded: [], vocabulary: everyWord, end: () => Promise.resolve(null) };
  }
  endWithUs();
  const { startProcess } = await openProcesses();
  const machine = await startProcess(command);
  return {
    machine,
    name: { kind: "command", command },
    excluded: machine.excluded,
    vocabulary: without(new Set(machine.excluded.map(({ rule }) => rule))),
    end: async () => (await machine.end())?.message ?? null,
  };
};

/** The same machine, as somebody would write it behind `canon ...`. */
export const commandInWords = (name: SubjectName): string => (name.kind === "built-in" ? "" : ` -- ${name.command.map(quoted).join(" ")}`);

const quoted = (word: string): string => (/^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** Machines live in process groups of their own, which an interrupt of ours does not reach: leave in an orderly way. */
const endWithUs = (): void => {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)
    process.once(signal, () => process.exit(code));
};
