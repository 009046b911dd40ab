/** `canon failures`: what the store holds, and taking things out of it. */
import { encodePretty, openStore } from "../conformance/index.ts";
import { commandInWords } from "./subjects.ts";
import { inform, print, Refusal } from "./terminal.ts";

export const listFailures = async ({ json }: { readonly json?: boolean }): Promise<number> => {
  const { fileOf, loadFailures } = await openStore();
  const { failures, unreadable } = loadFailures();
  if (json) {
    print(
      encodePretty({
        failures: failures.map(({ id, property, machine, outcome, because, status, seed, path }) => ({
          id,
          property,
          machine,
          outcome,
          because,
          status,
          seed,
          path,
          file: fileOf(id),
        })),
        unreadable,
      }),
    );
    return 0;
  }
  if (failures.length + unreadable.length === 0) print("no failures are stored");
  for (const { id, property, machine, subject, outcome, because, status } of failures) {
    print(
      `${status}  ${id}`,
      `  ${property} on ${machine}: ${outcome}, ${because}`,
      `  canon replay ${fileOf(id)}${commandInWords(subject)}`,
    );
  }
  for (const { file, because } of unreadable) print(`unreadable  ${file}`, `  ${because}`);
  return 0;
};

export const removeFailures = async (ids: readonly string[], { fixed }: { readonly fixed?: boolean }): Promise<number> => {
  const { loadFailures, removeFailure } = await openStore();
  const chosen = [...ids, ...(fixed ? loadFailures().failures.flatMap(({ id, status }) => (status === "fixed" ? [id] : [])) : [])];
  if (ids.length === 0 && !fixed) throw new Refusal("failures remove: expected ids, or --fixed");
  const missing = chosen.filter((id) => !removeFailure(id));
  inform(`removed ${chosen.length - missing.length}`);
  if (missing.length > 0) throw new Refusal(`failures remove: there is no failure ${missing.join(", ")}`);
  return 0;
};
