/** The failure store, in a folder of its own. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hex } from "../../spec/index.ts";
import type { StoredFailure } from "../failure.ts";
import { conversation } from "../testing/worlds.ts";
import { loadFailures, readFailure, removeFailure, saveFailure } from "./store.ts";

let folder = "";
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "canon-store-")), "failures");
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true }));

const failure: StoredFailure = {
  format: "canon-failure/1",
  id: "ledger-adds-0123abcd",
  property: "ledger-adds",
  subject: { kind: "command", command: ["python3", "machine.py"] },
  machine: "fake 1",
  catalogue: hex("ab".repeat(32)),
  seed: -5,
  path: "17",
  outcome: "CRASH",
  at: 3,
  because: "crashed: out of luck",
  status: "failing",
  drawnInputs: 30,
  tries: 100,
  case: { scenario: conversation, relation: { kind: "restarted", before: [1, 2] } },
};

describe("the failure store", () => {
  test("is empty where there is no folder", () => {
    expect(loadFailures(folder)).toEqual({ failures: [], unreadable: [] });
  });

  test("gives back what was stored, to the last cycle", () => {
    const file = saveFailure(failure, folder);
    expect(readFailure(file)).toEqual(failure);
    expect(loadFailures(folder).failures).toEqual([failure]);
    expect(readdirSync(folder)).toEqual(["ledger-adds-0123abcd.json"]);
  });

  test("holds a failure once, with its last status", () => {
    saveFailure(failure, folder);
    saveFailure({ ...failure, status: "fixed" }, folder);
    expect(loadFailures(folder).failures.map(({ status }) => status)).toEqual(["fixed"]);
  });

  test("removes what is asked for and nothing else", () => {
    saveFailure(failure, folder);
    expect(removeFailure("../../etc/passwd", folder)).toBe(false);
    expect(removeFailure(failure.id, folder)).toBe(true);
    expect(loadFailures(folder).failures).toEqual([]);
  });

  test("tells of files that are no failures, and keeps the others", () => {
    saveFailure(failure, folder);
    writeFileSync(join(folder, "cut.json"), '{"format":');
    writeFileSync(join(folder, "other.json"), JSON.stringify({ format: "canon-failure/2" }));
    const { failures, unreadable } = loadFailures(folder);
    expect(failures).toHaveLength(1);
    expect(unreadable.map(({ because }) => because)).toEqual([
      expect.stringContaining("expected JSON"),
      expect.stringContaining('format: expected "canon-failure/1", got "canon-failure/2"'),
    ]);
  });

  test("says in one line that a file is not there", () => {
    expect(() => readFailure(join(folder, "x.json"))).toThrow("there is no such file");
  });
});
