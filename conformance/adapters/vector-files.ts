/** A folder of vectors: a folder for each rule, and a manifest with the hash of every file. One message a line. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { catalogueHash, textHash } from "../catalogue.ts";
import { encode, encodePretty } from "../json.ts";
import { BorderError, readText } from "../schemas/border.ts";
import { vectorManifestSchema, vectorSchema } from "../schemas/vector.ts";
import { vectorFile, type Vector, type VectorManifest } from "../vector.ts";
import { readWhole } from "./store.ts";

export const manifestFile = "manifest.json";

/** Writes a folder of vectors anew; files of vectors that are no more go. The rules in it have a folder each. */
export const writeVectors = (folder: string, vectors: readonly Vector[], version: string): VectorManifest => {
  for (const entry of entriesOf(folder)) if (entry.isDirectory()) rmSync(join(folder, entry.name), { recursive: true });
  const files = vectors
    .map((vector) => ({ file: vectorFile(vector), text: textOf(vector) }))
    .sort((left, right) => (left.file < right.file ? -1 : 1))
    .map(({ file, text }) => {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
      return { file, sha256: textHash(text) };
    });
  const manifest: VectorManifest = { format: "canon-vectors/1", version, catalogue: catalogueHash(), files };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, manifestFile), `${encodePretty(manifest)}\n`);
  return manifest;
};

/** @throws BorderError when the manifest or a vector cannot be read, or a file is not the one that was recorded. */
export const readVectors = (folder: string): { readonly manifest: VectorManifest; readonly vectors: readonly Vector[] } => {
  const path = join(folder, manifestFile);
  const manifest = readText(vectorManifestSchema, readWhole(path), path);
  const vectors = manifest.files.map(({ file, sha256 }) => {
    const text = readWhole(join(folder, file));
    const came = textHash(text);
    if (came !== sha256) throw new BorderError(join(folder, file), [`expected the content with SHA-256 ${sha256}, got ${came}`]);
    return readText(vectorSchema, text, join(folder, file));
  });
  return { manifest, vectors };
};

/** The version of the vectors in a folder; `null` when there are none. */
export const versionIn = (folder: string): string | null => {
  try {
    return readText(vectorManifestSchema, readWhole(join(folder, manifestFile)), manifestFile).version;
  } catch {
    return null;
  }
};

const textOf = ({ session, ...head }: Vector): string => {
  const exchanges = session.map(
    ({ subnet, request, response }) =>
      `    { ${subnet === undefined ? "" : `"subnet": ${subnet}, `}"request": ${encode(request)},\n      "response": ${encode(response)} }`,
  );
  const fields = Object.entries(head).map(([name, value]) => `  ${encode(name)}: ${encode(value)},`);
  return ["{", ...fields, `  "session": [`, exchanges.join(",\n"), "  ]", "}", ""].join("\n");
};

const entriesOf = (folder: string) => {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (reason) {
    if ((reason as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw reason;
  }
};
