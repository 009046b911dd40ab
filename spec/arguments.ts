/**
 * Arguments of the management canister: words in ASCII, one space between them. They stand for Candid, and are read once,
 * here, so that nobody who asks for something is understood in two ways.
 */
import { isIdentifier, keyName, moduleName, type CanisterId, type KeyName, type MethodName, type ModuleName } from "./identifiers.ts";
import { amountOf, settingsOf, type Settings } from "./settings.ts";
import { digestOf, idOf, isText, numberOf, wordsOf } from "./words.ts";
import { bytes, type Bytes, type Cycles, type Hex } from "./units.ts";

/** How the names of methods begin that ask something of Bitcoin. */
export const bitcoinPrefix = "bitcoin_";

/** Methods whose argument is the id of one canister, and nothing else. */
export const plainMethods = [
  "start_canister",
  "stop_canister",
  "canister_status",
  "uninstall_code",
  "delete_canister",
  "deposit_cycles",
  "list_canister_snapshots",
  "clear_chunk_store",
  "stored_chunks",
] as const;

export type PlainMethod = (typeof plainMethods)[number];

/** All but `raw_rand`, whose answer is for the tape to give. */
export const managementMethods = [
  ...plainMethods,
  "install_code",
  "update_settings",
  "create_canister",
  "canister_info",
  "take_canister_snapshot",
  "load_canister_snapshot",
  "delete_canister_snapshot",
  "sign_with_ecdsa",
  "sign_with_schnorr",
  "vetkd_derive_key",
  "http_request",
  "upload_chunk",
  "install_chunked_code",
  "provisional_create_canister_with_cycles",
  "provisional_top_up_canister",
] as const;

/** Methods that the management canister answers in queries, too. @source facts/messages.md H3 to H7 */
export const isForQueries = (method: MethodName): method is "canister_status" => method === "canister_status";

/** Methods that make cycles from nothing, on networks that are there for trying things out. */
export const isProvisional = (method: MethodName): boolean => method.startsWith("provisional_");

/** Methods that canisters alone may ask for: they cost cycles that a user has not, or tell what is for canisters. */
const forCanisters: readonly string[] = [
  "create_canister",
  "deposit_cycles",
  "canister_info",
  "sign_with_ecdsa",
  "sign_with_schnorr",
  "vetkd_derive_key",
  "http_request",
  "raw_rand",
];

/** Whether a user may never ask for a method of the management canister, not even a controller. @source facts/messages.md F1, F7, F25, F26, F28, F29, F30 */
export const isForCanisters = (method: MethodName): boolean => forCanisters.includes(method) || method.startsWith(bitcoinPrefix);

/** Methods that are answered with a signature, or a key, of the subnet. */
export type SignatureMethod = "sign_with_ecdsa" | "sign_with_schnorr" | "vetkd_derive_key";

export type ManagementMethod = (typeof managementMethods)[number];

export const isManagementMethod = (method: MethodName): method is ManagementMethod => managementMethods.some((known) => known === method);

/** Onto nothing; in place of whatever was there; or so that stable memory stays. */
export type InstallMode = "install" | "reinstall" | "upgrade";

export interface Installation {
  readonly canister: CanisterId;
  readonly mode: InstallMode;
  readonly module: ModuleName;
  /** Whether an upgrade does without the hook of the old code. */
  readonly skipsPreUpgrade: boolean;
  /** What an upgrade makes of the heap; `null` when nothing is said. */
  readonly heap: "keep" | "replace" | null;
}

/** An installation of the module that chunks make. */
export interface JoinedInstallation extends Omit<Installation, "module"> {
  /** Which keeps the chunks. */
  readonly store: CanisterId;
  /** Of the chunks, joined. */
  readonly digest: Hex;
  /** The digest of each chunk, in the order in which they are joined. */
  readonly chunks: readonly Hex[];
}

/** Most chunks that are joined at once. */
const mostJoined = 16;

/** What a request asks for. */
export type Asked =
  | { readonly method: PlainMethod; readonly canister: CanisterId }
  | ({ readonly method: "install_code" } & Installation)
  | { readonly method: "update_settings"; readonly canister: CanisterId; readonly settings: Settings }
  | { readonly method: "create_canister"; readonly canister: null; readonly settings: Settings }
  | { readonly method: "canister_info"; readonly canister: CanisterId; readonly newest: number }
  | { readonly method: "take_canister_snapshot"; readonly canister: CanisterId; readonly replaced: number | null }
  | {
      readonly method: "load_canister_snapshot";
      readonly canister: CanisterId;
      /** Of which the snapshot is. */
      readonly source: CanisterId;
      readonly snapshot: number;
    }
  | { readonly method: "delete_canister_snapshot"; readonly canister: CanisterId; readonly snapshot: number }
  | { readonly method: SignatureMethod; readonly canister: null; readonly key: KeyName }
  | {
      readonly method: "http_request";
      readonly canister: null;
      /** How long the answer may be. */
      readonly most: Bytes;
    }
  | { readonly method: "upload_chunk"; readonly canister: CanisterId; readonly chunk: string }
  | ({ readonly method: "install_chunked_code" } & JoinedInstallation)
  | {
      readonly method: "provisional_create_canister_with_cycles";
      readonly canister: null;
      readonly settings: Settings;
      /** What is made for it; the usual amount when nothing is said. */
      readonly amount: Cycles | null;
    }
  | { readonly method: "provisional_top_up_canister"; readonly canister: CanisterId; readonly amount: Cycles };

/** What a method and its argument ask for: see `docs/machine.md`, section 17. `null` when it cannot be understood. */
export const askedBy = (method: ManagementMethod, payload: Hex): Asked | null => {
  const words = wordsOf(payload);
  const canister = idOf(words[0]);
  switch (method) {
    case "install_code":
      return installationOf(words);
    case "create_canister":
      return settled(settingsOf(words), (settings) => ({ method, canister: null, settings }));
    case "update_settings":
      return canister === null ? null : settled(settingsOf(words.slice(1)), (settings) => ({ method, canister, settings }));
    case "canister_info":
      return canister === null ? null : settled(newestOf(words.slice(1)), (newest) => ({ method, canister, newest }));
    case "take_canister_snapshot":
      return canister === null ? null : settled(replacedOf(words.slice(1)), ({ replaced }) => ({ method, canister, replaced }));
    case "load_canister_snapshot": {
      const [source, snapshot] = [idOf(words[1]), snapshotOf(words.slice(2))];
      return canister === null || source === null ? null : settled(snapshot, (number) => ({ method, canister, source, snapshot: number }));
    }
    case "delete_canister_snapshot":
      return canister === null ? null : settled(snapshotOf(words.slice(1)), (snapshot) => ({ method, canister, snapshot }));
    case "sign_with_ecdsa":
      return signatureOf(method, words, (word) => digestOf(word) !== null);
    case "sign_with_schnorr":
    case "vetkd_derive_key":
      return signatureOf(method, words, isText);
    case "http_request":
      return outcallOf(words);
    case "upload_chunk":
      return canister === null ? null : settled(chunkOf(words.slice(1)), (chunk) => ({ method, canister, chunk }));
    case "install_chunked_code":
      return joinedInstallationOf(words);
    case "provisional_create_canister_with_cycles": {
      const amount = amountOf(words[0]);
      const settings = settingsOf(amount === null ? words : words.slice(1));
      return settled(settings, (said) => ({ method, canister: null, settings: said, amount }));
    }
    case "provisional_top_up_canister": {
      const amount = words.length === 2 ? amountOf(words[1]) : null;
      return canister === null ? null : settled(amount, (said) => ({ method, canister, amount: said }));
    }
    case "clear_chunk_store":
    case "stored_chunks":
    case "list_canister_snapshots":
    case "start_canister":
    case "stop_canister":
    case "canister_status":
    case "uninstall_code":
    case "delete_canister":
    case "deposit_cycles":
      return canister === null || words.length !== 1 ? null : { method, canister };
  }
};

/** What is made of something that was understood. */
const settled = <T>(said: T | null, make: (said: T) => Asked): Asked | null => (said === null ? null : make(said));

/** How many changes are asked for: none without a word. */
const newestOf = (words: readonly string[]): number | null => {
  const newest = words.length === 0 ? 0n : words.length === 1 ? numberOf(words[0], 255n) : null;
  return newest === null ? null : Number(newest);
};

const snapshotOf = (words: readonly string[]): number | null => {
  const number = words.length === 1 ? numberOf(words[0], BigInt(Number.MAX_SAFE_INTEGER)) : null;
  return number === null ? null : Number(number);
};

/** Which snapshot is to go, if one is. */
const replacedOf = (words: readonly string[]): { readonly replaced: number | null } | null => {
  if (words.length === 0) return { replaced: null };
  const replaced = snapshotOf(words);
  return replaced === null ? null : { replaced };
};

const chunkOf = ([chunk, ...more]: readonly string[]): string | null =>
  chunk !== undefined && isIdentifier(chunk) && more.length === 0 ? chunk : null;

const installationOf = ([id, mode, name, ...options]: readonly string[]): Asked | null => {
  const manner = mannerOf(id, mode, options);
  return manner === null || name === undefined || !isIdentifier(name)
    ? null
    : { method: "install_code", ...manner, module: moduleName(name) };
};

const joinedInstallationOf = ([id, mode, keeper, whole, parts, ...options]: readonly string[]): Asked | null => {
  const [manner, store, digest] = [mannerOf(id, mode, options), idOf(keeper), digestOf(whole)];
  const chunks = (parts ?? "").split(",").map(digestOf);
  if (manner === null || store === null || digest === null || chunks.length > mostJoined) return null;
  return chunks.includes(null)
    ? null
    : { method: "install_chunked_code", ...manner, store, digest, chunks: chunks.filter((chunk) => chunk !== null) };
};

/** Onto what something is installed, and how. */
const mannerOf = (id: string | undefined, mode: string | undefined, options: readonly string[]): Omit<Installation, "module"> | null => {
  const canister = idOf(id);
  const heaps = options.filter((option) => option === "keep" || option === "replace");
  const skips = options.filter((option) => option === "skip");
  const isMode = mode === "install" || mode === "reinstall" || mode === "upgrade";
  if (canister === null || !isMode) return null;
  if (heaps.length > 1 || skips.length > 1 || heaps.length + skips.length < options.length) return null;
  if (mode !== "upgrade" && options.length > 0) return null;
  return { canister, mode, skipsPreUpgrade: skips.length > 0, heap: heaps[0] ?? null };
};

const signatureOf = (
  method: SignatureMethod,
  [key, what, ...rest]: readonly string[],
  isSigned: (word: string) => boolean,
): Asked | null => {
  if (key === undefined || !isIdentifier(key) || what === undefined || !isSigned(what) || rest.length > 0) return null;
  return { method, canister: null, key: keyName(key) };
};

const outcallOf = ([url, most, ...rest]: readonly string[]): Asked | null => {
  const limit = most === undefined ? BigInt(mostAnswered) : numberOf(most, BigInt(mostAnswered));
  const isUrl = url !== undefined && url.startsWith("https://") && url.length > "https://".length && url.length <= longestUrl;
  if (!isUrl || !isText(url) || limit === null || rest.length > 0) return null;
  return { method: "http_request", canister: null, most: bytes(Number(limit)) };
};

/** @source facts/messages.md F29 */
const longestUrl = 8192;

/** How long the answer to an outcall may be, where nothing shorter is asked for. @unit bytes @source facts/messages.md F29; facts/cycles.md CYC-1.3.1 */
export const mostAnswered = bytes(2_000_000);
