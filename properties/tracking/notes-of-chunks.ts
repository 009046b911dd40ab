/** How chunks change what an onlooker knows. Which one was kept, nobody tells: that is known from what was asked for. From `docs/machine.md` section 17.10 alone. */
import type { NotesOf } from "./absorb.ts";
import { askedIn, nextAsking } from "./management.ts";

export const chunkNotes: NotesOf<"chunk-kept" | "chunks-cleared"> = {
  "chunk-kept": (world, { canister: id, digest, reserved, balance }) => {
    const canister = world.canisters.get(id);
    if (canister === undefined) return;
    const asking = nextAsking(world);
    const asked = asking === undefined ? null : askedIn(asking);
    canister.chunks.set(digest, asked?.method === "upload_chunk" ? asked.chunk : "");
    canister.balance = balance;
    canister.reserved += reserved;
    canister.heapDebit += world.parameters.chunkBytes;
  },
  "chunks-cleared": ({ canisters }, { canister: id }) => canisters.get(id)?.chunks.clear(),
};
