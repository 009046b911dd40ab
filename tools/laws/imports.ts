/**
 * Laws about imports: the picture of the house, enforced. Every import of every file is read from its syntax tree and
 * held to the table of rooms.
 */
import { everyRoom, isTest, roomOf, type Room } from "../rooms.ts";
import { importsOf, isTypeScript, resolveFrom, type Import, type Source } from "../sources.ts";
import type { Fault, Law } from "../tidy.ts";

export const boundaries: Law = {
  id: "boundaries",
  statement: "A room imports only the rooms that the table of rooms allows; model and impl never meet, and conformance never sees impl.",
  check: (files) =>
    eachImport(files, ({ source, room, target }) => {
      if (target === null) return null;
      const other = roomOf(target);
      if (other === undefined) return `imports ${target}, which is in no room`;
      if (other === room) return null;
      const allowed = isTest(source.path) ? [...room.rooms, ...everyRoom] : room.rooms;
      return allowed.includes(other.name) ? null : `${room.name} may not import ${other.name}: it may import ${listed(room.rooms)}`;
    }),
};

export const throughTheDoor: Law = {
  id: "through-the-door",
  statement: "A cross-room import ends in <room>/index.ts; every relative import names its file, extension included.",
  check: (files) =>
    eachImport(files, ({ room, target }) => {
      if (target === null) return null;
      if (!/\.(ts|json)$/.test(target)) return `the import of ${target} must end in .ts or .json`;
      const other = roomOf(target);
      if (other === undefined || other === room || other.name === "(root)") return null;
      return target === `${other.name}/index.ts` ? null : `enter ${other.name} by ${other.name}/index.ts, not by ${target}`;
    }),
};

export const noCycles: Law = {
  id: "no-cycles",
  statement: "No file needs itself, through whatever other files, at run time.",
  check: (files) => {
    const needs = new Map(files.filter(({ path }) => isTypeScript(path)).map((source) => [source.path, neededBy(source)] as const));
    const state = new Map<string, "walking" | "done">();
    const faults: Fault[] = [];
    const visit = (path: string, way: readonly string[]): void => {
      if (state.get(path) === "done") return;
      if (state.get(path) === "walking") {
        faults.push({ path, line: null, says: `needs itself: ${[...way.slice(way.indexOf(path)), path].join(" -> ")}` });
        return;
      }
      state.set(path, "walking");
      for (const next of needs.get(path) ?? []) visit(next, [...way, path]);
      state.set(path, "done");
    };
    for (const path of needs.keys()) visit(path, []);
    return faults;
  },
};

export const packagesOfRooms: Law = {
  id: "packages-of-rooms",
  statement: "A room uses only the packages of its row in the table of rooms, and no package that package.json does not declare.",
  check: (files) => {
    const declared = declaredPackages(files);
    return eachImport(files, ({ source, room, found }) => {
      const name = packageOf(found.specifier);
      if (name === null) return null;
      if (!declared.has(name)) return `package ${name} is not declared in package.json`;
      if (room.packages === "declared" || room.packages.includes(name)) return null;
      if (isTest(source.path) && (name === "vitest" || name === "fast-check" || name === "typescript")) return null;
      return `${room.name} may not use package ${name}: it may use ${listed(room.packages)}`;
    });
  },
};

export const nodeModules: Law = {
  id: "node-modules",
  statement: "Modules of Node are used only where the table of rooms allows them: the rest also runs in a browser.",
  check: (files) =>
    eachImport(files, ({ source, room, found }) => {
      if (!found.specifier.startsWith("node:")) return null;
      if (isTest(source.path) || room.node === true) return null;
      const places = room.node === false ? [] : room.node;
      if (places.some((place) => (place.endsWith("/") ? source.path.startsWith(place) : source.path === place))) return null;
      return `${found.specifier} may not be used in ${places.length === 0 ? room.name : `${room.name} outside ${listed(places)}`}`;
    }),
};

interface Found {
  readonly source: Source;
  readonly room: Room;
  readonly found: Import;
  /** The file that a relative import names, else `null`. */
  readonly target: string | null;
}

/** Asks a question about every import of every TypeScript file; an answer is a fault. */
const eachImport = (files: readonly Source[], ask: (found: Found) => string | null): readonly Fault[] =>
  files
    .filter(({ path }) => isTypeScript(path))
    .flatMap((source): readonly Fault[] => {
      const room = roomOf(source.path);
      if (room === undefined) return [{ path: source.path, line: null, says: "is in no room: name its folder in tools/rooms.ts" }];
      return importsOf(source).flatMap((found): readonly Fault[] => {
        const target = found.specifier.startsWith(".") ? resolveFrom(source.path, found.specifier) : null;
        const says = ask({ source, room, found, target });
        return says === null ? [] : [{ path: source.path, line: found.line, says }];
      });
    });

/** The files that a file needs at run time. */
const neededBy = (source: Source): readonly string[] =>
  importsOf(source)
    .filter(({ specifier, typeOnly }) => !typeOnly && specifier.startsWith("."))
    .map(({ specifier }) => resolveFrom(source.path, specifier));

/** `@scope/name` or `name` of a bare specifier; `null` for files and modules of Node. */
const packageOf = (specifier: string): string | null => {
  if (specifier.startsWith(".") || specifier.startsWith("node:")) return null;
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
};

const declaredPackages = (files: readonly Source[]): ReadonlySet<string> => {
  const text = files.find(({ path }) => path === "package.json")?.text ?? "{}";
  const { dependencies = {}, devDependencies = {} } = JSON.parse(text) as Record<string, Record<string, string>>;
  return new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)]);
};

const listed = (names: readonly string[]): string => (names.length === 0 ? "none" : names.join(", "));
