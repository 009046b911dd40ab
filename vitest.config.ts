/**
 * The tests of all rooms. With CANON_TEST_REPORT set to a file name, the counts are written there as JSON too, for
 * whoever runs the tests and wants to know how many there were.
 */
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const report = process.env["CANON_TEST_REPORT"];

export default defineConfig({
  test: {
    include: ["{spec,model,impl,properties,conformance,cli,docs,bench,examples,tools}/**/*.test.ts"],
    exclude: ["node_modules/**", "dist/**", "docs/site/**"],
    testTimeout: 60_000,
    // Without a word, one core is left alone; on a machine with two that is half of them.
    maxWorkers: availableParallelism(),
    // The rooms keep no state of their own, and to load them again for each file takes half of the time.
    isolate: false,
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
    coverage: { include: ["{spec,model,impl,properties,conformance,cli}/**/*.ts"], exclude: ["**/*.test.ts"], reporter: ["text", "html"] },
  },
});
