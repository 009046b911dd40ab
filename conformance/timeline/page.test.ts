/** The page: one file that needs no other, in which nothing from outside becomes markup, and which stays small. */
import { describe, expect, test } from "vitest";
import { canister, ingress } from "../testing/worlds.ts";
import { absent } from "./notebook.ts";
import type { Cell, Timeline } from "./data.ts";
import { html } from "./markup.ts";
import { pageOf } from "./page.ts";
import { checkpointed, rounds, stopped, timelineFrom, working } from "./testing.ts";

const long = async (): Promise<Timeline> =>
  timelineFrom([canister("a", { go: working(350) }), canister("b")], [ingress("i", "a", "go"), ...rounds(2), checkpointed, ...rounds(5)]);

describe("the page", () => {
  test("escapes whatever came from outside", async () => {
    const hostile = `"><script>alert('x')</script>&`;
    const page = pageOf({ ...(await long()), machine: hostile }, hostile);
    expect(page).not.toContain("<script>alert");
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(html`<a title="${hostile}">${[hostile, 1, null]}</a>`.markup).toBe(
      `<a title="${["&#34;&#62;&#60;script&#62;alert(&#39;x&#39;)&#60;/script&#62;&#38;"].join("")}">${"&#34;&#62;&#60;script&#62;alert(&#39;x&#39;)&#60;/script&#62;&#38;"}1</a>`,
    );
  });

  test("needs nothing from elsewhere, and runs no other script than its own", async () => {
    const page = pageOf(await long(), "long");
    expect(page).not.toMatch(/\b(src|href|action)=|url\((?!#)|@import|https?:/);
    const [, script = ""] = /<script>([\s\S]*)<\/script>/.exec(page) ?? [];
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(script));
    expect(page).toContain(`script-src &#39;sha256-${Buffer.from(digest).toString("base64")}&#39;`);
  });

  test("says in its columns, its title and its description what it shows", async () => {
    const page = pageOf(await long(), "long");
    expect(page).toContain("core 0: a (slice 3, aborted later");
    expect(page).toContain("a: runs, full round; aborted: 3 slices lost");
    expect(page).toContain("core 0: a (slice 2 of 4,");
    expect(page).toMatch(/<svg[^>]*role="img"[^>]*aria-labelledby="t d"/);
    expect(page).toMatch(/<title id="t">long: 8 rounds on 2 cores<\/title>/);
    expect(page).toContain("<desc id=");
  });

  test("draws where a canister is stopping or stopped, where one is", async () => {
    const drawn = pageOf(await stopped(), "stopped");
    expect(drawn).toContain("idle, and stopping or stopped");
    expect(drawn).toContain('<path class="stopped" d="');
    expect(pageOf(await long(), "long")).not.toContain('<path class="stopped"');
  });

  test("says nothing of rounds that there are not", async () => {
    expect(pageOf(await timelineFrom([canister("a")], []), "empty")).toContain("no round on model");
  });

  test("leaves out what there is no room for, says so, and stays below a few megabytes", () => {
    const cell: Cell = {
      ...absent,
      state: "waits",
      work: true,
      allocation: 1,
      share: 1,
      priority: 1.25,
      unpaid: 3,
      window: { rounds: 100, full: 0, promised: 1 },
    };
    const many: Timeline = {
      format: "canon-timeline/1",
      machine: "model",
      scheduler: "current",
      cores: 64,
      span: 1_000,
      bounds: { ceiling: 5, floor: -20 },
      total: 5_000,
      rounds: Array.from({ length: 5_000 }, (_, k) => ({
        height: k + 1,
        skipped: false,
        checkpoint: false,
        iterations: 1,
        turns: Array.from({ length: 500 }, (_, turn) => ({
          iteration: 1,
          core: turn % 64,
          canister: "c-0" as Timeline["canisters"][number]["canister"],
          from: 100 * Math.floor(turn / 64),
          instructions: 100,
          messages: 1,
          drained: false,
          slices: [],
        })),
      })),
      canisters: Array.from({ length: 200 }, (_, k) => ({
        canister: `c-${k}` as Timeline["canisters"][number]["canister"],
        cells: Array.from({ length: 5_000 }, () => cell),
      })),
    };
    const page = pageOf(many, "many");
    expect(page).toContain("Not drawn, for want of room: 4000 rounds and 160 canisters.");
    expect(page.length).toBeLessThan(8_000_000);
  });
});
