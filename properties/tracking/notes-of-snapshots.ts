/** How snapshots change what an onlooker knows. From `docs/machine.md` section 17.8 alone. */
import type { NotesOf } from "./absorb.ts";
import { countChange, recordChange } from "./histories.ts";
import { nextAsking } from "./management.ts";
import { bringBack, snapshotsWith } from "./snapshots.ts";
import type { World } from "./world.ts";

export const snapshotNotes: NotesOf<"snapshot-taken" | "snapshot-loaded" | "snapshot-deleted"> = {
  "snapshot-taken": (world, { canister: id, replaced, pages, reserved, balance }) => {
    const canister = world.canisters.get(id);
    if (canister === undefined) return;
    canister.snapshots = snapshotsWith(world, canister, replaced);
    canister.nextSnapshot++;
    canister.balance = balance;
    canister.reserved += reserved;
    canister.heapDebit += bytesMoved(world, { pages, chunks: canister.chunks.size });
  },
  "snapshot-loaded": (world, { canister: id, source, snapshot, pages, balance }) => {
    const canister = world.canisters.get(id);
    const from = world.canisters.get(source)?.snapshots.get(snapshot);
    if (canister === undefined) return;
    if (from !== undefined) bringBack(canister, from);
    canister.balance = balance;
    canister.heapDebit += bytesMoved(world, { pages, chunks: canister.chunks.size });
    countChange(canister);
    recordChange(world, canister, "load", nextAsking(world)?.request.caller ?? null);
  },
  "snapshot-deleted": ({ canisters }, { canister: id, snapshot }) => void canisters.get(id)?.snapshots.delete(snapshot),
};

/** The bytes of a snapshot of which somebody tells the pages. */
const bytesMoved = ({ parameters }: World, { pages, chunks }: { readonly pages: number; readonly chunks: number }): number =>
  pages * parameters.pageSize + chunks * parameters.chunkBytes;
