/** Answers that are kept while code comes and goes, and while versions change. */
import { expect, test } from "vitest";
import type { Input } from "../spec/index.ts";
import { boot } from "./engine.ts";
import { manager, ordering } from "./small-management.ts";
import { said } from "./small-queries.ts";
import {
  call,
  ingress,
  message,
  pageOf,
  reply,
  round,
  setTimer,
  smallWorld,
  withModules,
  write,
  type SmallCanister,
  type SmallCode,
} from "./small-world.ts";

const code: SmallCode = {
  go: [setTimer(null), reply()],
  queries: { ask: [reply("01")], page: [reply(pageOf(5))], version: [reply({ kind: "version" })] },
  composites: { tree: [call("b", { method: "ask", onReply: [reply(message)], onReject: [reply(message)] })] },
};
const other: SmallCode = { ...code, queries: { ...code.queries, ask: [reply("02")] } };
const ruled: SmallCanister = { ...code, controllers: ["boss"], stablePages: 2 };
const started = () =>
  boot(
    withModules(smallWorld({ a: ruled, b: ruled, boss: manager() }), {
      m: code,
      n: other,
      w: { ...code, onPostUpgrade: [write(5, "05")] },
    }),
  );

const isKept = (session: ReturnType<typeof started>, method: string, inputs: readonly Input[]): boolean => {
  said(session, "a", method);
  const { hits } = session.recalled();
  for (const input of inputs) session.apply(input);
  said(session, "a", method);
  return session.recalled().hits > hits;
};

test("an answer is found anew when other code is there, and kept when the same was installed again", () => {
  const session = started();
  expect(isKept(session, "ask", ordering("install_code", "a upgrade m"))).toBe(false); // nobody compares scripts
  expect(isKept(session, "ask", ordering("install_code", "a upgrade m"))).toBe(true);
  expect(isKept(session, "ask", ordering("install_code", "a upgrade n"))).toBe(false);
  expect(said(session, "a")).toBe("02");
  expect(isKept(session, "ask", ordering("install_code", "b upgrade m"))).toBe(true);
});

test("so is one for which a canister was called that has other code now", () => {
  const session = started();
  said(session, "a", "tree");
  expect(isKept(session, "tree", ordering("install_code", "b reinstall n"))).toBe(false);
  expect(said(session, "a", "tree")).toBe("02");
});

test("and one that read a page that an installation wrote, or took away", () => {
  const session = started();
  for (const input of ordering("install_code", "a upgrade m")) session.apply(input);
  expect(isKept(session, "page", ordering("install_code", "a upgrade w"))).toBe(false);
  expect(said(session, "a", "page")).toBe("05");
  expect(isKept(session, "page", ordering("install_code", "a reinstall w"))).toBe(false);
  expect(said(session, "a", "page")).toBe("IC0502");
});

test("the version counts for those who asked for it alone", () => {
  const run: Input[] = [ingress("i", "a"), round(0n)];
  expect(isKept(started(), "ask", run)).toBe(true);
  expect(isKept(started(), "version", run)).toBe(false);
  expect(isKept(started(), "version", [round()])).toBe(true);
  const session = started();
  for (const input of run) session.apply(input);
  expect(said(session, "a", "version")).toBe("0000000000000001");
});
