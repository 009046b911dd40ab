/**
 * What can go wrong with a machine itself, apart from what it observes: it dies, it does not answer in time, or its
 * answer is no answer. None of these breaks the kit; each is a verdict about the machine, and says at which input.
 */

export type FaultKind = "CRASH" | "TIMEOUT" | "PROTOCOL_ERROR";

/** Thrown by a machine on trial, or by what leads it, and turned into a failing verdict where the property is judged. */
export class MachineFault extends Error {
  readonly fault: FaultKind;
  /** The index of the input that the machine was given, from 0; `null` at boot. */
  readonly at: number | null;
  /** What the machine wrote on its standard error, the end of it. */
  readonly stderr: string;

  constructor(fault: FaultKind, message: string, at: number | null = null, stderr = "") {
    super(message);
    this.name = "MachineFault";
    this.fault = fault;
    this.at = at;
    this.stderr = stderr;
  }
}

/** The first line of whatever was thrown. */
export const messageOf = (reason: unknown): string => {
  const text = reason instanceof Error ? reason.message || reason.name : String(reason);
  return text.split("\n", 1)[0] ?? "";
};
