/** Both libraries do the same work: their bytes agree, they take what is valid and nothing else. */
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { describe, expect, test } from "vitest";
import { messageOf, order, secretsOf, weightsOf, type Threshold } from "./threshold.ts";
import { withMcl } from "./with-mcl.ts";
import { withNoble } from "./with-noble.ts";

const mcl = await withMcl();
const secrets = secretsOf(3, 7, 3);
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

test("signatures, keys and combinations of noble and mcl-wasm are the same bytes", () => {
  for (const height of [0, 1, 255, 2 ** 40]) {
    const [ours, theirs] = [withNoble.hash(messageOf(height)), mcl.hash(messageOf(height))];
    expect(hexOf(mcl.sign(theirs, 1n))).toBe(hexOf(withNoble.sign(ours, 1n)));
    for (const secret of [...secrets, order - 1n]) {
      expect(hexOf(mcl.sign(theirs, secret))).toBe(hexOf(withNoble.sign(ours, secret)));
      expect(mcl.sign(theirs, secret)).toHaveLength(48);
    }
  }
  for (const secret of secrets) expect(hexOf(mcl.keyBytes(mcl.keyOf(secret)))).toBe(hexOf(withNoble.keyBytes(withNoble.keyOf(secret))));
  const shares = [6, 2, 5].map((node) => ({ node, signature: withNoble.sign(withNoble.hash(messageOf(1)), secrets[node]!) }));
  expect(hexOf(mcl.combine(shares))).toBe(hexOf(withNoble.combine(shares)));
});

test("the hash to the curve is that of the suite without a proof of possession", () => {
  const { shortSignatures } = bls12_381;
  expect(hexOf(mcl.sign(mcl.hash(messageOf(1)), 1n))).not.toBe(
    hexOf(shortSignatures.hash(messageOf(1), "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_POP_").toBytes()),
  );
});

const keeps = <Message, Key>(scheme: Threshold<Message, Key>): void => {
  describe(scheme.library, () => {
    const message = scheme.hash(messageOf(4));
    const key = scheme.keyOf(secrets[0]!);
    const shareOf = (node: number) => ({ node, signature: scheme.sign(message, secrets[node]!) });

    test("any three shares of three make the signature of the whole, two do not", () => {
      const whole = hexOf(scheme.sign(message, secrets[0]!));
      for (const nodes of [
        [1, 2, 3],
        [7, 4, 2],
        [5, 6, 7],
      ])
        expect(hexOf(scheme.combine(nodes.map(shareOf)))).toBe(whole);
      expect(hexOf(scheme.combine([1, 2].map(shareOf)))).not.toBe(whole);
    });

    test("takes the signature of a message under its key, and nothing else", () => {
      const signature = scheme.sign(message, secrets[0]!);
      expect(scheme.verify(message, signature, key)).toBe(true);
      expect(scheme.verify(message, signature, scheme.keyOf(secrets[1]!))).toBe(false);
      expect(scheme.verify(scheme.hash(messageOf(5)), signature, key)).toBe(false);
      expect(scheme.verify(message, scheme.sign(message, secrets[1]!), key)).toBe(false);
      expect(() => scheme.verify(message, new Uint8Array(48).fill(0x5a), key)).toThrow();
    });

    test("takes many signatures together, and not when one is wrong, nor when two faults cancel out", () => {
      const signed = Array.from({ length: 60 }, (_, height) => {
        const of = scheme.hash(messageOf(height));
        return { message: of, signature: scheme.sign(of, secrets[0]!) };
      });
      expect(scheme.verifyAll(signed, key)).toBe(true);
      expect(scheme.verifyAll(signed.slice(0, 1), key)).toBe(true);
      const moved = (signature: Uint8Array, by: bigint): Uint8Array =>
        bls12_381.G1.Point.fromBytes(signature).add(bls12_381.G1.Point.BASE.multiply(by)).toBytes();
      const faulty = (at: number, by: bigint) => ({ ...signed[at]!, signature: moved(signed[at]!.signature, by) });
      expect(scheme.verifyAll([faulty(0, 5n), ...signed.slice(1)], key)).toBe(false);
      expect(scheme.verifyAll([faulty(0, 5n), faulty(1, order - 5n), ...signed.slice(2)], key)).toBe(false);
    });
  });
};

keeps(withNoble);
keeps(mcl);

test("weights are of 128 bits and all change with one signature", () => {
  const [one, other] = [
    [Buffer.from("a"), Buffer.from("b")],
    [Buffer.from("a"), Buffer.from("c")],
  ].map(weightsOf) as [readonly bigint[], readonly bigint[]];
  for (const weight of [...one, ...other]) expect(weight < 2n ** 128n && weight > 2n ** 96n).toBe(true);
  expect(new Set([...one, ...other]).size).toBe(4);
});
