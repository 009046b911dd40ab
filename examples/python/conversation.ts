/**
 * The runner's half of `canon/1`, as small as it can be: it starts a program and asks it one line at a time. The kit has
 * a runner of its own; this one is here so that the tests of the example depend on nothing but the protocol.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Genesis, Input, Machine, Observation } from "../../spec/index.ts";

export interface Conversation {
  /** Sends one line as it is; gives the line that comes back. */
  readonly sayLine: (line: string) => Promise<string>;
  /** Sends one message; gives the answer. */
  readonly say: (message: unknown) => Promise<Record<string, unknown>>;
  /** Says `bye`; gives the exit code. */
  readonly end: () => Promise<number | null>;
}

/** Starts a Python program that lies beside this file. */
export const converse = (program: string): Conversation => {
  const child = spawn("python3", ["-B", fileURLToPath(new URL(program, import.meta.url))], { stdio: ["pipe", "pipe", "inherit"] });
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const lines: AsyncIterator<string, undefined> = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const sayLine = async (line: string): Promise<string> => {
    child.stdin.write(`${line}\n`);
    const answer = await lines.next();
    if (answer.done === true) throw new Error(`${program}: expected an answer to ${line.slice(0, 200)}, got the end of its output`);
    return answer.value;
  };
  const say = async (message: unknown) => JSON.parse(await sayLine(JSON.stringify(message, onWire))) as Record<string, unknown>;
  const end = async () => {
    await say({ type: "bye" });
    child.stdin.end();
    return exited;
  };
  return { sayLine, say, end };
};

/** The program as a machine, which a session of the door can drive. One conversation holds one session at a time. */
export const machineBehind = ({ say }: Conversation): Machine => ({
  name: "python",
  boot: async (genesis: Genesis) => {
    await expectType(say({ type: "boot", id: 1, genesis }), "booted");
    return {
      apply: async (input: Input) =>
        fromWire((await expectType(say({ type: "apply", id: 2, input }), "applied"))["observation"]) as Observation,
    };
  },
});

/** A value as the wire has it: whole numbers that can pass 2^53 become decimal texts. */
export const toWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value, onWire));

const expectType = async (answered: Promise<Record<string, unknown>>, type: string) => {
  const answer = await answered;
  if (answer["type"] !== type) throw new Error(`expected ${type}, got ${JSON.stringify(answer)}`);
  return answer;
};

const onWire = (_name: string, value: unknown): unknown => (typeof value === "bigint" ? value.toString() : value);

/** The fields whose decimal texts are big numbers again inside a process. */
const bigFields = new Set(
  "accepted attached balance balances burned callbacks charged compute contexts cycles executions fee float lost memory messages minted postponed prepaid received refund refunded released reserve reserved returned sent taken time timer transmissionFee transmissionReserve".split(
    " ",
  ),
);

const fromWire = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (name, inner: unknown) => (bigFields.has(name) && typeof inner === "string" ? BigInt(inner) : inner));
