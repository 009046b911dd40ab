/** Code: what of a canister runs. It never changes, so canisters into which the same module was installed have one record of it. */
import type { CodeGenesis, LowMemory, Method, MethodName, Script } from "../spec/index.ts";

export interface Code {
  readonly methods: ReadonlyMap<MethodName, Method>;
  readonly onTimer: Script;
  readonly onHeartbeat: Script | null;
  readonly inspect: Script | null;
  readonly lowMemory: LowMemory | null;
  readonly onInit: Script | null;
  readonly onPreUpgrade: Script | null;
  readonly onPostUpgrade: Script | null;
  readonly persistentHeap: boolean;
}

/** Of a canister that has no hook, `none`. */
export type Hook = "none" | "armed" | "ready" | "executed";

/** The hook of a canister that has just been given this code. */
export const hookOf = (code: Code | null): Hook => (code === null || code.lowMemory === null ? "none" : "armed");

/** Code as it runs; codes that share one list of methods share its table. */
export const codes = (): ((said: CodeGenesis) => Code) => {
  const tables = new Map<readonly Method[], ReadonlyMap<MethodName, Method>>();
  return ({
    methods,
    onTimer,
    onHeartbeat = null,
    inspect = null,
    lowMemory = null,
    onInit = null,
    onPreUpgrade = null,
    onPostUpgrade = null,
    persistentHeap = false,
  }) => {
    const known = tables.get(methods);
    const table = known ?? new Map(methods.map((method) => [method.name, method]));
    if (known === undefined) tables.set(methods, table);
    return { methods: table, onTimer, onHeartbeat, inspect, lowMemory, onInit, onPreUpgrade, onPostUpgrade, persistentHeap };
  };
};

/** What a canister with this code, or without any, would have been born with. */
export const genesisOf = (code: Code | null): CodeGenesis => (code === null ? noCode : saidBy(code));

const noCode: CodeGenesis = { methods: [], onTimer: [] };

const saidBy = ({
  methods,
  onTimer,
  onHeartbeat,
  inspect,
  lowMemory,
  onInit,
  onPreUpgrade,
  onPostUpgrade,
  persistentHeap,
}: Code): CodeGenesis => ({
  methods: [...methods.values()],
  onTimer,
  ...(onHeartbeat !== null && { onHeartbeat }),
  ...(inspect !== null && { inspect }),
  ...(lowMemory !== null && { lowMemory }),
  ...(onInit !== null && { onInit }),
  ...(onPreUpgrade !== null && { onPreUpgrade }),
  ...(onPostUpgrade !== null && { onPostUpgrade }),
  persistentHeap,
});
