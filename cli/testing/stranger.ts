/**
 * A stranger for the tests of the command: the model behind the protocol, in a process of its own. With the name of a
 * clause as its argument it forgets that clause; with a list of rules as its second one it says that it leaves them out.
 */
import { createInterface } from "node:readline";
import { encode, openSchemas } from "../../conformance/index.ts";
import { createModel } from "../../model/index.ts";
import { clauseName, clauses, type Session } from "../../spec/index.ts";

const mutation = clauses.find((clause) => clauseName(clause) === process.argv[2]);
const machine = createModel({ mutation });
const { readText, schemas } = await openSchemas();
const say = (message: unknown): void => void process.stdout.write(`${encode(message)}\n`);
let session: Session | null = null;

for await (const line of createInterface({ input: process.stdin })) {
  const request = readText(schemas["wire-request"], line, "a request");
  switch (request.type) {
    case "hello":
      say({
        type: "hello",
        protocol: 1,
        implementation: { name: mutation ? "forgetful" : "faithful", version: "1", language: "TypeScript", commit: null },
        supports: ["*"],
        excludes: (process.argv[3]?.split(",") ?? []).map((rule) => ({ rule, reason: "another day" })),
        options: { digest: true, state: true },
      });
      break;
    case "boot":
      session = await machine.boot(request.genesis);
      say({ type: "booted", id: request.id });
      break;
    case "apply":
      say({ type: "applied", id: request.id, observation: await session!.apply(request.input) });
      break;
    case "observe":
      say({ type: "observed", id: request.id, state: await session!.view!() });
      break;
    case "bye":
      say({ type: "bye" });
      process.exit(0);
  }
}
