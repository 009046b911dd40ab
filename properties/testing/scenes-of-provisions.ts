/** Scenes of cycles from nothing: chief asks for some for b, and for canisters that come with them; here, and where there are none. */
import { bytes, cycles, seconds, type Parameters, type Scenario } from "../../spec/index.ts";
import { errand, staged } from "./scenes-of-code.ts";
import { network } from "./stories.ts";

/** Of 256 bytes 64 need 64 cycles to be set aside, and a canister is made for 50. */
const scarce: Partial<Parameters> = {
  storage: { threshold: bytes(0), capacity: bytes(256), period: seconds(16) },
  fees: { ...network.fees, gibSecond: cycles(2n ** 29n), creation: cycles(50n) },
};

const wishes: Scenario = staged(
  [
    ...errand("provisional_top_up_canister", "b 7", "c"),
    ...errand("provisional_top_up_canister", "b 0"),
    ...errand("provisional_top_up_canister", "nobody 7"),
    ...errand("provisional_top_up_canister", "b"),
    ...errand("provisional_create_canister_with_cycles", ""),
    ...errand("provisional_create_canister_with_cycles", "12 controllers=c,b compute_allocation=3 freezing_threshold=0"),
    ...errand("provisional_create_canister_with_cycles", "0 compute_allocation=20"),
    ...errand("provisional_create_canister_with_cycles", "63 memory_allocation=64 freezing_threshold=0"),
    ...errand("provisional_create_canister_with_cycles", "64 memory_allocation=64 freezing_threshold=0"),
    ...errand("provisional_create_canister_with_cycles", "0"),
    { kind: "restart" },
    ...errand("provisional_top_up_canister", "canister-0 1267650600228229401496703205375"),
    ...errand("provisional_top_up_canister", "canister-0 1267650600228229401496703205376"),
  ],
  scarce,
);

/** A canister comes with 450 cycles where nobody says how many. */
export const plenty: Scenario = { ...wishes, genesis: { ...wishes.genesis, provisional: cycles(450n) } };

/** The same wishes, where nothing comes from nothing. */
export const dearth: Scenario = wishes;
