/**
 * A process that is spoken to in lines: one out, one back. It is started in a process group of its own, so that it can
 * be ended with everything that it started. Whatever it does wrong (dies, is silent, says what was not asked, says too
 * much) becomes a `MachineFault`, once, and is the end of it.
 */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { MachineFault } from "../fault.ts";
import { excerpt } from "../schemas/border.ts";

/** Longest line, in bytes. */
export const longestLine = 16 * 1024 * 1024;
/** How much of standard error is kept, in bytes. */
export const keptOfStderr = 64 * 1024;

/** Thrown when a process cannot be started at all: the command is wrong, not the machine. */
export class CannotStart extends Error {
  override readonly name = "CannotStart";
}

export interface LineProcess {
  /** Says one line and waits for the one that answers. */
  ask(line: string, timeout: number): Promise<string>;
  /** Whether it can be asked. */
  alive(): boolean;
  /** Waits until it has ended by itself; its exit code, or `null` when it was ended or did not end in time. */
  ended(timeout: number): Promise<number | null>;
  /** Ends it, and everything that it started, now. */
  kill(): void;
  stderr(): string;
}

export const startLines = async (command: readonly string[]): Promise<LineProcess> => {
  const child = spawn(command[0]!, command.slice(1), { detached: true, stdio: ["pipe", "pipe", "pipe"] });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (reason: NodeJS.ErrnoException) => {
      const why =
        reason.code === "ENOENT" ? "there is no such command" : reason.code === "EACCES" ? "it may not be executed" : reason.message;
      reject(new CannotStart(`cannot start ${command[0]}: ${why}`));
    });
  });
  return speak(child, command.join(" "));
};

const running = new Set<ChildProcessWithoutNullStreams>();
const killAll = (): void => running.forEach(killGroup);

const killGroup = (child: ChildProcessWithoutNullStreams): void => {
  running.delete(child);
  if (running.size === 0) process.off("exit", killAll);
  try {
    process.kill(-child.pid!, "SIGKILL");
  } catch {
    // The group is empty already.
  }
};

interface Pending {
  readonly answer: (line: string) => void;
  readonly refuse: (fault: MachineFault) => void;
}

const speak = (child: ChildProcessWithoutNullStreams, name: string): LineProcess => {
  if (running.size === 0) process.on("exit", killAll);
  running.add(child);
  let pending: Pending | null = null;
  let fault: MachineFault | null = null;
  let stderr = Buffer.alloc(0);
  const onExit: (() => void)[] = [];

  const tail = () => stderr.toString("utf8");
  const fail = (kind: MachineFault["fault"], message: string): void => {
    if (fault) return;
    fault = new MachineFault(kind, message, null, tail());
    killGroup(child);
    const waiting = pending;
    pending = null;
    waiting?.refuse(fault);
  };
  const hear = (line: string): void => {
    if (fault) return;
    if (!pending) return fail("PROTOCOL_ERROR", `a line came that nothing asked for: ${excerpt(line)}`);
    const waiting = pending;
    pending = null;
    waiting.answer(line);
  };

  readLines(child.stdout, hear, (message) => fail("PROTOCOL_ERROR", message));
  child.stderr.on("data", (chunk: Buffer) => {
    stderr = Buffer.concat([stderr, chunk]);
    if (stderr.length > keptOfStderr) stderr = stderr.subarray(stderr.length - keptOfStderr);
  });
  child.stdin.on("error", () => undefined);
  child.on("error", (reason) => fail("CRASH", reason.message));
  const settle = (): void => {
    fail("CRASH", child.signalCode ? `the process was ended by ${child.signalCode}` : `the process ended with exit code ${child.exitCode}`);
    for (const told of onExit.splice(0)) told();
  };
  child.on("close", settle);
  // A process that it started may hold its output open; so we do not wait for ever for what it said last.
  child.on("exit", () => setTimeout(settle, 200));

  return {
    ask: (line, timeout) =>
      new Promise<string>((resolve, reject) => {
        if (fault) return reject(fault);
        if (pending) return reject(new Error(`${name}: asked again before the answer came`));
        const timer = setTimeout(() => fail("TIMEOUT", `no answer within ${timeout} ms`), timeout);
        pending = {
          answer: (answer) => {
            clearTimeout(timer);
            resolve(answer);
          },
          refuse: (refused) => {
            clearTimeout(timer);
            reject(refused);
          },
        };
        child.stdin.write(`${line}\n`);
      }),
    alive: () => fault === null,
    ended: (timeout) =>
      new Promise((resolve) => {
        if (child.exitCode !== null) return resolve(child.exitCode);
        child.stdin.end();
        const timer = setTimeout(() => resolve(null), timeout);
        onExit.push(() => {
          clearTimeout(timer);
          resolve(child.exitCode);
        });
      }),
    kill: () => fail("CRASH", "the process was ended"),
    stderr: tail,
  };
};

/** Cuts what comes into lines, in strict UTF-8; a line that is too long is given up before it is held. */
const readLines = (from: NodeJS.ReadableStream, hear: (line: string) => void, fail: (message: string) => void): void => {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let parts: Buffer[] = [];
  let held = 0;
  const take = (part: Buffer): boolean => {
    held += part.length;
    if (held <= longestLine) return parts.push(part) > 0;
    fail(
      `a line is longer than ${longestLine} bytes; it begins ${excerpt(
        Buffer.concat([...parts, part])
          .subarray(0, 200)
          .toString("latin1"),
        60,
      )}`,
    );
    parts = [];
    return false;
  };
  from.on("data", (chunk: Buffer) => {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      if (!take(chunk.subarray(start, end))) return;
      const bytes = Buffer.concat(parts);
      parts = [];
      held = 0;
      start = end + 1;
      try {
        hear(decoder.decode(bytes));
      } catch {
        return fail(`a line is not UTF-8; it begins ${excerpt(bytes.subarray(0, 200).toString("latin1"), 60)}`);
      }
    }
    take(chunk.subarray(start));
  });
};
