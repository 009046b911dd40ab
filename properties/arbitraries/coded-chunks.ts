/**
 * Modules in pieces: what is asked about chunks, and how worlds begin in which they come and go. Mostly what is joined makes a module;
 * often it is mixed up, misses a piece, has the digest of another one, or lies with somebody whose it is.
 * @source facts/messages.md F9, F10, F15
 */
import { asciiOf, type CanisterId, type ManagementMethod } from "../../spec/index.ts";
import { digestOf } from "../hashing.ts";
import type { Registry, Say } from "./coded-words.ts";

/** A chunk is kept, those of a canister are told of or cleared away, or some of them are joined. */
export const chunkQuestion = (registry: Registry, about: string, manner: string): readonly [ManagementMethod, string] => {
  const { dice, parameters, tenants, clerks } = registry;
  const of = dice.weigh([
    [8, about],
    [8, dice.pick(tenants)],
    [3, clerks[0] ?? about],
  ]);
  const joined = joining(registry, manner);
  return dice.weigh<readonly [ManagementMethod, string]>([
    [30, ["upload_chunk", `${of} ${pieceOf(registry)}`]],
    [joined.length <= parameters.maxPayload ? 26 : 0, ["install_chunked_code", joined]],
    [8, ["stored_chunks", of]],
    [3, ["clear_chunk_store", of]],
  ]);
};

/** One that somebody joins, or one that nobody does. */
const pieceOf = ({ dice, modules }: Registry): string => {
  const { name } = dice.pick(modules);
  return dice.weigh([
    [8, headOf(name)],
    [10, tailOf(name)],
    [4, name],
    [3, dice.pick(["x", "y", "z"])],
    [1, long],
  ]);
};

const headOf = (name: string): string => name.slice(0, 1);
const tailOf = (name: string): string => name.slice(1);

/** Twice as much is the name of no module, and another digit is kept by nobody. */
const long = "m".repeat(32);
const missing = "9";

/** The words of an installation, with chunks in the place of its module. */
const joining = (registry: Registry, manner: string): string => {
  const { dice, modules, tenants, clerks } = registry;
  const [about = "", mode = "", , ...options] = manner.split(" ");
  const { name } = dice.pick(modules);
  const [head, tail] = [headOf(name), tailOf(name)];
  const [whole, parts] = dice.weigh<readonly [whole: string, parts: readonly string[]]>([
    [30, [name, [head, tail]]],
    [5, [name, [name]]],
    [6, [name, [tail, head]]],
    [3, [`${tail}${head}`, [tail, head]]],
    [7, [name, [head, missing, tail]]],
    [6, [dice.pick(modules).name, [head, tail]]],
    [1, [long + long, [long, long]]],
  ]);
  const store = dice.weigh<string>([
    [14, about],
    [12, dice.pick(tenants)],
    [6, clerks[0] ?? about],
    [2, clerks[1] ?? about],
    [1, "nobody"],
  ]);
  return [about, mode, store, digestOf(whole), parts.map(digestOf).join(","), ...options].join(" ");
};

/** Pieces are kept, by who controls a canister or by itself; what they make is installed; and they outlive it, or come back with a snapshot. */
export const firstChunks = (registry: Registry, say: Say, round: () => void): void => {
  const { dice, tenants, clerks, modules } = registry;
  const [chief] = clerks as readonly [CanisterId];
  const stores = [...tenants, ...(dice.chance(50) ? [chief] : [])];
  const pieces = [headOf(modules[0]!.name), ...modules.map(({ name }) => tailOf(name)), "x"];
  const upload = (store: CanisterId, piece: string): void =>
    say(dice.chance(90) ? chief : store, "upload_chunk", asciiOf(`${store} ${piece}`));
  for (const store of stores) for (const piece of pieces.slice(0, dice.whole(2, pieces.length))) upload(store, piece);
  dice.times(2, 2, round);
  for (const store of stores) if (dice.chance(50)) upload(store, dice.pick(pieces));
  for (const tenant of tenants) {
    if (dice.chance(50)) say(chief, "take_canister_snapshot", asciiOf(tenant));
    if (dice.chance(80)) say(chief, "install_chunked_code", asciiOf(joined(registry, tenant, dice.pick(stores))));
  }
  dice.times(2, 2, round);
  for (const store of stores) if (dice.chance(30)) say(chief, "clear_chunk_store", asciiOf(store));
  askForChunks(registry, say);
  for (const tenant of tenants) if (dice.chance(50)) say(chief, "load_canister_snapshot", asciiOf(`${tenant} ${dice.pick(tenants)} 0`));
  dice.times(1, 2, round);
};

/** What is joined here makes a module. */
const joined = ({ dice, modules }: Registry, about: CanisterId, store: CanisterId): string => {
  const { name } = modules[dice.chance(70) ? 0 : 1]!;
  const parts = [headOf(name), tailOf(name)].map(digestOf).join(",");
  const [mode, ...options] = dice.pick([["upgrade", "replace"], ["reinstall"]]);
  return [about, mode, store, digestOf(name), parts, ...options].join(" ");
};

/** Everybody is asked what it keeps. */
export const askForChunks = ({ dice, tenants, clerks }: Registry, say: Say): void => {
  for (const tenant of tenants) say(dice.chance(85) ? clerks[0]! : tenant, "stored_chunks", asciiOf(tenant));
};
