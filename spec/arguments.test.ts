/** Arguments of the management canister: what is understood, and what is not. */
import { describe, expect, test } from "vitest";
import { askedBy, isManagementMethod, managementMethods } from "./arguments.ts";
import { asciiOf } from "./words.ts";

const install = (words: string) => askedBy("install_code", asciiOf(words));
const update = (words: string) => askedBy("update_settings", asciiOf(words));
const info = (words: string) => askedBy("canister_info", asciiOf(words));

describe("an argument", () => {
  test("of most methods is the id of one canister", () => {
    expect(askedBy("stop_canister", asciiOf("a-1"))).toEqual({ method: "stop_canister", canister: "a-1" });
    for (const words of ["", "A", "a b", " a", "a ", "a".repeat(33)]) expect(askedBy("stop_canister", asciiOf(words))).toBeNull();
  });

  test("of an installation names the canister, the mode and the module", () => {
    const said = { method: "install_code", canister: "a", mode: "install", module: "m", skipsPreUpgrade: false, heap: null };
    expect(install("a install m")).toEqual(said);
    expect(install("a reinstall m")).toEqual({ ...said, mode: "reinstall" });
    for (const words of ["a", "a install", "a exchange m", "a install m extra", "a  install m", "a install M"])
      expect(install(words)).toBeNull();
  });

  test("of an upgrade may say what becomes of the heap, and do without the old hook", () => {
    expect(install("a upgrade m skip keep")).toMatchObject({ mode: "upgrade", skipsPreUpgrade: true, heap: "keep" });
    expect(install("a upgrade m replace skip")).toMatchObject({ skipsPreUpgrade: true, heap: "replace" });
    for (const words of ["a upgrade m keep replace", "a upgrade m skip skip", "a upgrade m keep keep", "a install m skip"])
      expect(install(words)).toBeNull();
  });

  test("of settings says each of them once at most", () => {
    expect(update("a")).toEqual({ method: "update_settings", canister: "a", settings: {} });
    expect(update("a controllers=b,a compute_allocation=7 memory_allocation=9 freezing_threshold=0 reserved_cycles_limit=12")).toEqual({
      method: "update_settings",
      canister: "a",
      settings: { controllers: ["b", "a"], computeAllocation: 7, memoryAllocation: 9, freezingThreshold: 0, reservedLimit: 12n },
    });
    expect(update("a controllers=b,a,b")).toMatchObject({ settings: { controllers: ["b", "a"] } });
    expect(update("a controllers=")).toMatchObject({ settings: { controllers: [] } });
    for (const word of ["controllers", "controllers=a,,b", "compute_allocation=101", "compute_allocation=07"])
      expect(update(`a ${word}`), word).toBeNull();
    for (const word of ["compute_allocation=", "compute_allocation=1 compute_allocation=1", "freezing_threshold=-1", "color=red", "="])
      expect(update(`a ${word}`), word).toBeNull();
  });

  test("has limits for its numbers", () => {
    expect(update(`a freezing_threshold=${Number.MAX_SAFE_INTEGER}`)).not.toBeNull();
    expect(update(`a freezing_threshold=${2n ** 53n}`)).toBeNull();
    expect(update(`a memory_allocation=${2n ** 53n}`)).toBeNull();
    expect(update(`a reserved_cycles_limit=${2n ** 128n - 1n}`)).toMatchObject({ settings: { reservedLimit: 2n ** 128n - 1n } });
    expect(update(`a reserved_cycles_limit=${2n ** 128n}`)).toBeNull();
    expect(info("a 255")).toMatchObject({ newest: 255 });
    expect(info("a 256")).toBeNull();
  });

  test("of a new canister has settings alone, and of a question how many changes are wanted", () => {
    expect(askedBy("create_canister", asciiOf(""))).toEqual({ method: "create_canister", canister: null, settings: {} });
    expect(askedBy("create_canister", asciiOf("a"))).toBeNull();
    expect(info("a")).toEqual({ method: "canister_info", canister: "a", newest: 0 });
    for (const words of ["", "a x", "a 1 2"]) expect(info(words)).toBeNull();
  });
});

describe("an argument about chunks", () => {
  const [one, two] = ["0f".repeat(32), "a1".repeat(32)];
  const join = (words: string) => askedBy("install_chunked_code", asciiOf(words));

  test("names a chunk in letters of a module", () => {
    expect(askedBy("upload_chunk", asciiOf("a m-1"))).toEqual({ method: "upload_chunk", canister: "a", chunk: "m-1" });
    for (const words of ["a", "a ", "a M", "a m m", `a ${"m".repeat(33)}`]) expect(askedBy("upload_chunk", asciiOf(words))).toBeNull();
    expect(askedBy("stored_chunks", asciiOf("a"))).toEqual({ method: "stored_chunks", canister: "a" });
    expect(askedBy("clear_chunk_store", asciiOf("a b"))).toBeNull();
  });

  test("names the digest of the module, and those of its chunks in order", () => {
    const said = { method: "install_chunked_code", canister: "a", mode: "upgrade", skipsPreUpgrade: true, heap: null, store: "b" };
    expect(join(`a upgrade b ${one} ${two},${one},${two} skip`)).toEqual({ ...said, digest: one, chunks: [two, one, two] });
    expect(join(`a install a ${one} ${Array.from({ length: 16 }, () => two).join(",")}`)).toMatchObject({ store: "a" });
    for (const words of [`a install b ${one}`, `a install b ${one} `, `a install b ${one} ${two},`, `a install b ${one} ${two} skip`])
      expect(join(words), words).toBeNull();
    for (const words of [`a install ${one} ${two}`, `a install B ${one} ${two}`, `a exchange b ${one} ${two}`, "a install b 0f a1"])
      expect(join(words), words).toBeNull();
    expect(join(`a install b ${one.toUpperCase()} ${two}`)).toBeNull();
    expect(join(`a install b ${one} ${Array.from({ length: 17 }, () => two).join(",")}`)).toBeNull();
  });
});

test("randomness is not for the management canister to give", () => {
  expect(managementMethods.every(isManagementMethod)).toBe(true);
  expect(isManagementMethod("raw_rand")).toBe(false);
});
