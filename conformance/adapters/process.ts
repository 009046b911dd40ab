/**
 * A machine in another process, behind the protocol `canon/1` (docs/machine.md, section 8). A process holds one
 * state, so sessions that live at the same time, as those of several subnets, have one each. It is reused from boot to boot, for a
 * boot forgets everything; one that failed is never used again, and nothing is asked twice.
 */
import type { Machine, Session } from "../../spec/index.ts";
import { catalogueHash } from "../catalogue.ts";
import { MachineFault, messageOf } from "../fault.ts";
import { encode } from "../json.ts";
import { BorderError, excerpt, readText } from "../schemas/border.ts";
import { protocolVersions, responseSchema, type HelloResponse, type Response } from "../schemas/wire.ts";
import { exclusionsOf, type Exclusion } from "../support.ts";
import { startLines, type LineProcess } from "./lines.ts";

export interface Timeouts {
  /** For the answer to `hello`. @unit milliseconds */
  readonly handshake: number;
  /** For the answer to anything else. @unit milliseconds */
  readonly step: number;
}

export const defaultTimeouts: Timeouts = { handshake: 30_000, step: 5_000 };

export interface ProcessMachine extends Machine {
  readonly hello: HelloResponse;
  /** The rules that it does not follow. */
  readonly excluded: readonly Exclusion[];
  /** Says good-bye to every process and ends what is left; the fault of one that did not end well. */
  end(): Promise<MachineFault | null>;
}

/** Starts a process and shakes hands. @throws CannotStart when the command is wrong, MachineFault when the machine is. */
export const startProcess = async (command: readonly string[], timeouts = defaultTimeouts): Promise<ProcessMachine> => {
  const connect = async (): Promise<Connection> => {
    const lines = await startLines(command);
    return { lines, hello: await shakeHands(lines, timeouts), said: 0 };
  };
  const first = await connect();
  const idle = [first];
  const all = new Set(idle);
  const excluded = excludedBy(first);
  const free = async (): Promise<Connection> => {
    for (let next = idle.pop(); next; next = idle.pop()) if (next.lines.alive()) return next;
    const started = await connect();
    all.add(started);
    return started;
  };
  return {
    name: nameOf(first.hello),
    hello: first.hello,
    excluded,
    boot: async (genesis) => {
      const connection = await free();
      await request(connection, "booted", { type: "boot", genesis }, timeouts.step);
      let closed = false;
      return sessionOn(connection, timeouts, () => {
        if (closed) return;
        closed = true;
        if (connection.lines.alive()) idle.push(connection);
        else all.delete(connection);
      });
    },
    end: async () => {
      const faults = await Promise.all([...all].map((connection) => sayGoodBye(connection, timeouts)));
      all.clear();
      return faults.find((fault) => fault !== null) ?? null;
    },
  };
};

interface Connection {
  readonly lines: LineProcess;
  readonly hello: HelloResponse;
  /** The number of the last request. */
  said: number;
}

const nameOf = ({ implementation: { name, version, commit } }: HelloResponse): string =>
  [name, version, commit && `at ${commit}`].filter(Boolean).join(" ");

const excludedBy = ({ hello, lines }: Connection): readonly Exclusion[] => {
  try {
    return exclusionsOf(hello.supports, hello.excludes);
  } catch (reason) {
    lines.kill();
    throw reason;
  }
};

const shakeHands = async (lines: LineProcess, timeouts: Timeouts): Promise<HelloResponse> => {
  const greeting = { type: "hello", protocol: protocolVersions, catalogue: catalogueHash(), timeouts };
  const hello = await answered(lines, "hello", encode(greeting), timeouts.handshake, null);
  if (hello.protocol >= protocolVersions.min && hello.protocol <= protocolVersions.max) return hello;
  return broke(lines, `protocol: expected ${protocolVersions.min} to ${protocolVersions.max}, got ${hello.protocol}`);
};

const sessionOn = (connection: Connection, { step }: Timeouts, release: () => void): Session => ({
  apply: async (input) => (await request(connection, "applied", { type: "apply", input }, step)).observation,
  ...(connection.hello.options.state && {
    view: async () => (await request(connection, "observed", { type: "observe" }, step)).state,
  }),
  close: release,
});

const request = <T extends "booted" | "applied" | "observed">(
  connection: Connection,
  expected: T,
  message: Readonly<Record<string, unknown>>,
  timeout: number,
): Promise<Response & { type: T }> => {
  const id = ++connection.said;
  const { type, ...rest } = message;
  return answered(connection.lines, expected, encode({ type, id, ...rest }), timeout, id);
};

/** Says a line and reads the answer, which must be of this type and, where requests are numbered, with this number. */
const answered = async <T extends Response["type"]>(
  lines: LineProcess,
  expected: T,
  line: string,
  timeout: number,
  id: number | null,
): Promise<Response & { type: T }> => {
  const text = await lines.ask(line, timeout);
  let response: Response;
  try {
    response = readText(responseSchema, text, `the answer to ${excerpt(line, 60)}`);
  } catch (reason) {
    return broke(lines, reason instanceof BorderError ? `${reason.message}; the line was ${excerpt(text)}` : messageOf(reason));
  }
  if (response.type === "error") return broke(lines, `the machine answered with an error: ${excerpt(response.message)}`);
  if (response.type !== expected) return broke(lines, `type: expected "${expected}", got "${response.type}"`);
  if (id !== null && (response as { id?: number }).id !== id) {
    return broke(lines, `id: expected ${id}, got ${String((response as { id?: number }).id)}`);
  }
  return response as Response & { type: T };
};

const broke = (lines: LineProcess, message: string): never => {
  lines.kill();
  throw new MachineFault("PROTOCOL_ERROR", message, null, lines.stderr());
};

const sayGoodBye = async ({ lines }: Connection, timeouts: Timeouts): Promise<MachineFault | null> => {
  if (!lines.alive()) return null;
  try {
    await answered(lines, "bye", encode({ type: "bye" }), timeouts.step, null);
    const code = await lines.ended(timeouts.step);
    return code === 0
      ? null
      : new MachineFault("PROTOCOL_ERROR", `after bye: expected an end with exit code 0, got ${code ?? "none in time"}`);
  } catch (reason) {
    return reason instanceof MachineFault ? reason : new MachineFault("CRASH", messageOf(reason));
  } finally {
    lines.kill();
  }
};
