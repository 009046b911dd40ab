/** The committee: how the nodes of a subnet make a tape that nobody could know before. */
import { rule } from "../rule.ts";

export const blockFinalise = rule({
  id: "block-finalise",
  chapter: "committee",
  title: "A node sees a block as final, and releases its share of the next tape",
  intent:
    "The share of the tape of height h + 1 waits until the block of height h can no longer change. So whoever wrote block h did not know the tape that the requests in it will be answered with.",
  source: "facts/messages.md J1, J9, MSG-P23; seed 003, random tape",
  fidelity: { simplified: "a node finalises heights one by one, and does not look ahead" },
  when: {
    seated: ["the node is in the committee", "CN0003"],
    next: ["the height is one more than that of the last block that the node saw as final; the first is that of the genesis, 0", "CN0004"],
  },
  then: {
    finalise: "the last block that the node saw as final is the one of this height",
    release: "the node's share of the tape of the next height is released",
    hold: "the node holds its own share of the tape of the next height",
  },
});

export const shareAdmit = rule({
  id: "share-admit",
  chapter: "committee",
  title: "A node admits a share",
  intent: "Every node has a key of its own, so a share that its node did not make is recognised by itself, before it can spoil a tape.",
  source: "facts/messages.md J2, MSG-P23",
  fidelity: "faithful",
  when: {
    seated: ["both nodes are in the committee", "CN0003"],
    released: ["the share was released by its node, or leaked by it, or made up by somebody", "CN0005"],
    valid: ["the bytes are the signature of the tape's message under the key of the node that they are said to come from", "CN0006"],
    fresh: ["the node does not hold the share of that node for this height", "CN0007"],
  },
  then: {
    hold: "the node holds the share",
  },
});

export const tapeMake = rule({
  id: "tape-make",
  chapter: "committee",
  title: "A node makes the tape of a height",
  intent:
    "As many shares as the threshold make the signature of the subnet, whichever they are and in whatever order they came. The signature of a message is unique, so every node that makes the tape makes the same one.",
  source: "facts/messages.md J2, J4, MSG-P23; seed 003, random tape",
  fidelity: { simplified: "the tape is the SHA-256 of the signature" },
  when: {
    enough: ["the node holds shares of at least as many nodes as the threshold", null],
    first: ["the node has no tape of this height", null],
  },
  then: {
    make: "the node has the tape: the hash of the signature that its first shares, as many as the threshold, make",
  },
});

export const tapeDeliver = rule({
  id: "tape-deliver",
  chapter: "committee",
  title: "A round waits for its tape",
  intent: "Where there is a committee, execution takes no tape from anybody else, and no round begins before its tape is there.",
  source: "facts/messages.md J3, J8; seed 003, random tape",
  fidelity: "faithful",
  when: {
    made: ["some node has the tape of the height of the round plus the offset", "CN0008"],
    own: ["the tape of the round is that tape", "CN0009"],
  },
  then: {},
});
