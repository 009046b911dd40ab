/** `canon schema`: the public shapes, as JSON Schema. */
import { nearestOf, openSchemas } from "../conformance/index.ts";
import { print, Refusal } from "./terminal.ts";

export const schema = async (name: string | undefined): Promise<number> => {
  const { jsonSchemaOf, schemas } = await openSchemas();
  const names = Object.keys(schemas) as (keyof typeof schemas)[];
  if (name === undefined) {
    print(...names);
    return 0;
  }
  const found = names.find((candidate) => candidate === name);
  if (!found) {
    const nearest = nearestOf(name, names);
    throw new Refusal(`there is no shape "${name}"${nearest === null ? "" : `; did you mean "${nearest}"?`}`);
  }
  print(JSON.stringify(jsonSchemaOf(found), null, 2));
  return 0;
};
