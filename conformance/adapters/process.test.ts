/** Machines in other processes, well-behaved and not: each test writes a small one for Node, with one quirk. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Scenario, Trace } from "../../spec/index.ts";
import { MachineFault } from "../fault.ts";
import { driveGuarded } from "../guard.ts";
import { genesisOf, neighbours, restart, round } from "../testing/worlds.ts";
import { keptOfStderr } from "./lines.ts";
import { startProcess, type ProcessMachine } from "./process.ts";

/** A machine in a few lines that does nothing, rightly; a quirk may get in before each answer. */
const script = (quirk: string, more = ""): string => `
import { createInterface } from "node:readline";
import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
const say = (value) => process.stdout.write(JSON.stringify(value) + "\\n");
const ledger = { balances: "0", messages: "0", contexts: "0", callbacks: "0", executions: "0", burned: "0", lost: "0", sent: "0", received: "0", minted: "0", reserved: "0", float: "0" };
let applied = 0, boots = 0;
const answer = {
  hello: () => ({ type: "hello", protocol: 1, implementation: { name: "fake", version: "1", language: "JavaScript", commit: null },
    supports: ["*"], excludes: [{ rule: "timer-*", reason: "no clock" }], options: { digest: false, state: true } }),
  boot: ({ id }) => (boots++, (applied = 0), { type: "booted", id }),
  apply: ({ id }) => (applied++, { type: "applied", id, observation: { events: [], ledger, draws: [], stateRoot: null } }),
  observe: ({ id }) => ({ type: "observed", id, state: { height: applied, time: "12345678901234567890", canisters: [], ingress: [], waitingForManagement: 0, waitingForRandomness: boots, waitingForConsensus: 0, heapDelta: 0, streams: [], prices: "published", tokens: null } }),
  bye: () => ({ type: "bye" }),
};
${more}
for await (const line of createInterface({ input: process.stdin })) {
  const said = JSON.parse(line);
  ${quirk}
  say(answer[said.type](said));
  if (said.type === "bye") process.exit(0);
}
`;

let folder = "";
let scripts = 0;
const started: ProcessMachine[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "canon-process-"));
});
afterAll(async () => {
  await Promise.all(started.map((machine) => machine.end()));
  rmSync(folder, { recursive: true });
});

const timeouts = { handshake: 5_000, step: 5_000 };
const start = async (quirk = "", step = timeouts.step, more = ""): Promise<ProcessMachine> => {
  const file = join(folder, `machine-${scripts++}.mjs`);
  writeFileSync(file, script(quirk, more));
  const machine = await startProcess([process.execPath, file], { ...timeouts, step });
  started.push(machine);
  return machine;
};

const scenario = { genesis: genesisOf([]), inputs: [round(), restart, round()] };

/** What comes of leading a scenario: a trace, or the fault of the machine. */
const led = async (machine: ProcessMachine, through: Scenario = scenario): Promise<Trace | MachineFault> => {
  try {
    return await driveGuarded(machine, through);
  } catch (reason) {
    if (reason instanceof MachineFault) return reason;
    throw reason;
  }
};
const faultOfStart = async (quirk: string): Promise<MachineFault> => {
  const fault: unknown = await start(quirk).catch((reason: unknown) => reason);
  if (fault instanceof MachineFault) return fault;
  throw new Error("it started");
};

describe("a machine in another process", () => {
  test("says who it is and what it leaves out", async () => {
    const machine = await start();
    expect(machine.name).toBe("fake 1");
    expect(machine.excluded.map(({ rule }) => rule)).toEqual(["timer-set", "timer-begin"]);
    expect(machine.excluded[0]!.reason).toBe("no clock");
  });

  test("is led like any other, and its big numbers arrive whole", async () => {
    const machine = await start();
    expect(await led(machine)).toMatchObject({ machine: "fake 1", steps: [{}, {}, { observation: { events: [] } }] });
    const session = await machine.boot(scenario.genesis);
    await session.apply(restart);
    expect(await session.view!()).toMatchObject({ height: 1, time: 12_345_678_901_234_567_890n });
  });

  test("is one process from boot to boot, and ends well when told so", async () => {
    const machine = await start();
    for (let times = 0; times < 5; times++) await led(machine);
    const session = await machine.boot(scenario.genesis);
    expect(await session.view!()).toMatchObject({ waitingForRandomness: 6 });
    expect(await machine.end()).toBeNull();
  });

  test("is one process for each subnet of a scenario, all of which end well", async () => {
    const machine = await start("", timeouts.step, `appendFileSync(${JSON.stringify(join(folder, "born"))}, process.pid + " ");`);
    for (let times = 0; times < 3; times++)
      expect(await led(machine, neighbours)).toMatchObject({ steps: [{}, {}, { subnet: 1 }, {}, { subnet: 1 }] });
    const pids = readFileSync(join(folder, "born"), "utf8").trim().split(" ").map(Number);
    expect(pids).toHaveLength(2);
    expect(pids.map(isRunning)).toEqual([true, true]);
    expect(await machine.end()).toBeNull();
    expect(pids.map(isRunning)).toEqual([false, false]);
  });

  test("fails at the input of the scenario when one of its subnets does, and the others go on to serve", async () => {
    const machine = await start(`if (said.type === "boot" && said.genesis.network?.own === "right") answer.apply = () => process.exit(5);`);
    expect(await led(machine, neighbours)).toMatchObject({ fault: "CRASH", at: 2, message: "the process ended with exit code 5" });
    expect(await led(machine, scenario)).toMatchObject({ machine: "fake 1" });
    expect(await led(machine, neighbours)).toMatchObject({ fault: "CRASH", at: 2 });
  });

  test("can be closed twice, and is then still given to one session at a time", async () => {
    const machine = await start();
    const closed = await machine.boot(scenario.genesis);
    void closed.close!();
    void closed.close!();
    const [one, two] = [await machine.boot(scenario.genesis), await machine.boot(scenario.genesis)];
    await one.apply(restart);
    expect([await one.view!(), await two.view!()]).toMatchObject([{ height: 1 }, { height: 0 }]);
  });

  test("can hold two sessions at once, each in a process of its own", async () => {
    const machine = await start();
    const [one, two] = [await machine.boot(scenario.genesis), await machine.boot(scenario.genesis)];
    await one.apply(restart);
    await one.apply(restart);
    await two.apply(restart);
    expect([await one.view!(), await two.view!()]).toMatchObject([{ height: 2 }, { height: 1 }]);
  });
});

describe("a machine that misbehaves", () => {
  test("by dying is a CRASH at that input, with what it wrote last", async () => {
    const fault = await led(await start(`if (applied === 1 && said.type === "apply") { console.error("out of luck"); process.exit(7); }`));
    expect(fault).toMatchObject({ fault: "CRASH", at: 1, message: "the process ended with exit code 7" });
    expect((fault as MachineFault).stderr).toContain("out of luck");
  });

  test("by being killed is a CRASH that names the signal", async () => {
    expect(await led(await start(`if (said.type === "apply") process.kill(process.pid, "SIGSEGV");`))).toMatchObject({
      fault: "CRASH",
      at: 0,
      message: "the process was ended by SIGSEGV",
    });
  });

  test("by silence is a TIMEOUT", async () => {
    expect(await led(await start(`if (applied === 2) continue;`, 300))).toMatchObject({ fault: "TIMEOUT", at: 2 });
  });

  test("by a late answer is a TIMEOUT, and the answer is never taken", async () => {
    const machine = await start(`if (said.type === "apply" && applied === 0) await new Promise((done) => setTimeout(done, 700));`, 250);
    expect(await led(machine)).toMatchObject({ fault: "TIMEOUT", at: 0 });
    await new Promise((done) => setTimeout(done, 700));
    expect(await led(machine)).toMatchObject({ fault: "TIMEOUT", at: 0 });
  });

  test("by talking on standard output is a PROTOCOL_ERROR that quotes it", async () => {
    const fault = await led(await start(`if (said.type === "apply") console.log("debug: here");`));
    expect(fault).toMatchObject({ fault: "PROTOCOL_ERROR" });
    expect((fault as MachineFault).message).toContain("debug: here");
  });

  test("by answering twice is a PROTOCOL_ERROR", async () => {
    const machine = await start(`if (said.type === "apply") say(answer.apply(said));`);
    const faults = [await led(machine), await led(machine)];
    expect(faults.some((fault) => fault instanceof MachineFault && fault.fault === "PROTOCOL_ERROR")).toBe(true);
  });

  test("by a wrong field is a PROTOCOL_ERROR that names field, expected and came", async () => {
    const fault = (await led(await start(`if (said.type === "apply") ledger.minted = -5;`))) as MachineFault;
    expect(fault.fault).toBe("PROTOCOL_ERROR");
    expect(fault.message).toContain("observation.ledger.minted: expected string, got -5");
  });

  test("by a number of another request is a PROTOCOL_ERROR", async () => {
    expect(await led(await start(`if (said.type === "apply") said.id += 1;`))).toMatchObject({
      fault: "PROTOCOL_ERROR",
      message: "id: expected 2, got 3",
    });
  });

  test("by an error for a right request is a PROTOCOL_ERROR with its words", async () => {
    const fault = await led(
      await start(`if (said.type === "apply") { say({ type: "error", id: said.id, message: "no idea" }); continue; }`),
    );
    expect(fault).toMatchObject({ fault: "PROTOCOL_ERROR", message: 'the machine answered with an error: "no idea"' });
  });

  test("by bytes that are no UTF-8 is a PROTOCOL_ERROR", async () => {
    expect(await led(await start(`if (said.type === "apply") process.stdout.write(Buffer.from([0x22, 0xff, 0x22, 10]));`))).toMatchObject({
      fault: "PROTOCOL_ERROR",
    });
  });

  test("by a line without end is given up, and held no longer", async () => {
    const fault = (await led(
      await start(
        `if (said.type === "apply") { const much = "x".repeat(1 << 20); for (let i = 0; i < 40; i++) process.stdout.write(much); continue; }`,
      ),
    )) as MachineFault;
    expect(fault.fault).toBe("PROTOCOL_ERROR");
    expect(fault.message).toContain("longer than 16777216 bytes");
  });

  test("by flooding standard error is none: the end of it is kept", async () => {
    const machine = await start(
      `if (said.type === "apply" && applied === 2) { process.stderr.write("y".repeat(1 << 20) + "the end", () => process.exit(1)); continue; }`,
    );
    const fault = (await led(machine)) as MachineFault;
    expect(fault).toMatchObject({ fault: "CRASH", at: 2 });
    expect(fault.stderr.length).toBe(keptOfStderr);
    expect(fault.stderr.endsWith("the end")).toBe(true);
  });

  test("is ended with everything that it started", async () => {
    const note = join(folder, "child.pid");
    const child = `const child = spawn(process.execPath, ["-e", "setInterval(() => 0, 1000)"]); appendFileSync(${JSON.stringify(note)}, String(child.pid));`;
    await led(await start(`if (said.type === "apply") continue;`, 250, child));
    await new Promise((done) => setTimeout(done, 100));
    const pid = Number(readFileSync(note, "utf8"));
    expect(pid).toBeGreaterThan(0);
    expect(isRunning(pid)).toBe(false);
  });

  test("is started afresh for the next boot, and its failure stays a failure", async () => {
    const machine = await start(`if (said.type === "apply" && boots === 2) process.exit(3);`);
    expect(await led(machine)).toMatchObject({ machine: "fake 1" });
    expect(await led(machine)).toMatchObject({ fault: "CRASH" });
    expect(await led(machine)).toMatchObject({ machine: "fake 1" });
  });

  test("at the end only is told of", async () => {
    const machine = await start(`if (said.type === "bye") { say(answer.bye()); process.exit(9); }`);
    await led(machine);
    expect(await machine.end()).toMatchObject({ fault: "PROTOCOL_ERROR", message: "after bye: expected an end with exit code 0, got 9" });
  });
});

describe("a handshake", () => {
  test("with a version that nobody offered is refused", async () => {
    expect(await faultOfStart(`answer.hello = ((hello) => () => ({ ...hello(), protocol: 2 }))(answer.hello);`)).toMatchObject({
      fault: "PROTOCOL_ERROR",
      message: "protocol: expected 1 to 1, got 2",
    });
  });

  test("that leaves out a rule that does not exist is refused", async () => {
    const fault = await faultOfStart(
      `answer.hello = ((hello) => () => ({ ...hello(), excludes: [{ rule: "tiner-*", reason: "typo" }] }))(answer.hello);`,
    );
    expect(fault.message).toBe('excludes[0].rule: expected a rule id, or a pattern that matches one, got "tiner-*"');
  });

  test("with a process that ends at once is a CRASH", async () => {
    expect(await faultOfStart(`process.exit(4);`)).toMatchObject({ fault: "CRASH", message: "the process ended with exit code 4" });
  });

  test("with a command that does not exist is nobody's failure but ours", async () => {
    await expect(startProcess(["canon-no-such-command"])).rejects.toThrow("cannot start canon-no-such-command: there is no such command");
  });
});

/** Whether a process runs; one that has ended and waits for its parent does not. */
const isRunning = (pid: number): boolean => {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
};
