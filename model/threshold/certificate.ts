/** What a subnet signs of its state. The signature is unique, so that of the secret itself is the one that shares make. */
import { concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Committee, Hex } from "../../spec/index.ts";
import { signSubnet } from "./signing.ts";
import { dealingOf, kept, nameOf } from "./tape.ts";

/** What is signed for a state with this root. @source interface specification, certification */
export const stateMessage = (root: Hex): Uint8Array => concatBytes(Uint8Array.of(13), utf8ToBytes("ic-state-root"), hexToBytes(root));

/** The signature of the subnet for a state with this root, 48 bytes. */
export const signatureOfState = (committee: Committee, root: Hex): Hex =>
  kept(`${nameOf(committee)} state ${root}`, () => signSubnet(dealingOf(committee), stateMessage(root)));
