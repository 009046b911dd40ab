/** The hash, against another implementation. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { ascii, fromHex, joined, sha256, toHex } from "./sha256.ts";

test("the digest of abc is that of the standard", () => {
  expect(toHex(sha256(ascii("abc")))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

test("digests agree with another implementation at every length around the blocks", () => {
  for (let length = 0; length < 200; length++) {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 7 + length) % 256);
    expect(toHex(sha256(bytes))).toBe(createHash("sha256").update(bytes).digest("hex"));
  }
});

test("hexadecimal text and bytes are two forms of one thing", () => {
  expect(toHex(fromHex("00ff10"))).toBe("00ff10");
  expect(toHex(joined(fromHex("00"), ascii("a")))).toBe("0061");
});
