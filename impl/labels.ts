/**
 * Labels side by side in a hash tree, section 7 of `docs/machine.md`: a tree of forks, each at the first bit at which the labels below it do not all agree.
 * What stands at a label, its tip, is a record of its owner, so it is found without looking for it.
 *
 * A digest is kept until something below it changes. Then it is gone, with those of all forks above; when the digest of everything is
 * read, those that are gone are made again, and no others. Nothing is listed: above a digest that is gone all are, so whoever
 * takes one away stops at the first that is gone already, and a record that changes a hundred times before it is read costs one way up.
 */
import type { Label } from "../spec/index.ts";
import { emptyDigest, forkDigest, type Digest } from "./digests.ts";

/** What stands at a label. A record of labels of one kind stands in one tree of them at most. */
export interface Tip<T extends Tip<T>> {
  readonly id: Label;
  above: Fork<T> | null;
  /** Of the labeled node, this label included; `null` while it is to be found out. */
  digest: Digest | null;
}

export interface Fork<T extends Tip<T>> {
  /** Counted from the highest bit of the first byte of a label. */
  readonly bit: number;
  left: Place<T>;
  right: Place<T>;
  above: Fork<T> | null;
  digest: Digest | null;
}

export type Place<T extends Tip<T>> = T | Fork<T>;

export interface Labels<T extends Tip<T>> {
  /** `null` when there is no label. */
  top: Place<T> | null;
}

export const noLabels = <T extends Tip<T>>(): Labels<T> => ({ top: null });

export const isFork = <T extends Tip<T>>(place: Place<T>): place is Fork<T> => "left" in place;

/** The digest of all labels, given how that of a tip is made. */
export const digestOf = <T extends Tip<T>>({ top }: Labels<T>, make: (tip: T) => Digest): Digest =>
  top === null ? emptyDigest : digestAt(top, make);

const digestAt = <T extends Tip<T>>(place: Place<T>, make: (tip: T) => Digest): Digest =>
  (place.digest ??= isFork(place) ? forkDigest(digestAt(place.left, make), digestAt(place.right, make)) : make(place));

/** Whatever has a digest that is kept: a tip or a fork. */
interface Kept {
  readonly above: Kept | null;
  digest: Digest | null;
}

/** What stands at this place is not as it was. */
export const change = (place: Kept): void => {
  let at: Kept | null = place;
  while (at !== null && at.digest !== null) {
    at.digest = null;
    at = at.above;
  }
};

/** Puts a tip among the labels. @throws Error when its label is there */
export const enter = <T extends Tip<T>>(labels: Labels<T>, tip: T): void => {
  tip.digest = null;
  if (labels.top === null) {
    labels.top = tip;
    return;
  }
  const bit = partingBit(nearest(labels.top, tip.id).id, tip.id);
  if (bit === null) throw new Error(`${tip.id} is there twice`);
  const place = placeAt(labels.top, tip.id, bit);
  const { above } = place;
  const [left, right] = bitOf(tip.id, bit) === 0 ? [tip, place] : [place, tip];
  const fork: Fork<T> = { bit, left, right, above, digest: null };
  put(labels, above, place, fork);
  tip.above = fork;
  place.above = fork;
  if (above !== null) change(above);
};

/** Takes a tip away that is among the labels. */
export const leave = <T extends Tip<T>>(labels: Labels<T>, tip: T): void => {
  const fork = tip.above;
  tip.above = null;
  tip.digest = null;
  if (fork === null) {
    labels.top = null;
    return;
  }
  const { above } = fork;
  const other = fork.left === tip ? fork.right : fork.left;
  other.above = above;
  put(labels, above, fork, other);
  if (above !== null) change(above);
};

/** What stands at a label; `null` when nothing does. */
export const find = <T extends Tip<T>>({ top }: Labels<T>, label: Label): T | null => {
  const tip = top === null ? null : nearest(top, label);
  return tip?.id === label ? tip : null;
};

/** For a label that is not there: the greatest that is less, and the least that is greater, as far as there are such. */
export const neighbours = <T extends Tip<T>>({ top }: Labels<T>, label: Label): readonly T[] => {
  if (top === null) return [];
  const bit = partingBit(nearest(top, label).id, label);
  if (bit === null) return [];
  const place = placeAt(top, label, bit); // all labels there are on the same side of this one
  const isLast = bitOf(label, bit) === 1;
  const [inside, outside] = isLast
    ? [outermost(place, "right"), beside(place, "right")]
    : [outermost(place, "left"), beside(place, "left")];
  return outside === null ? [inside] : [inside, outside];
};

type Side = "left" | "right";

const outermost = <T extends Tip<T>>(place: Place<T>, side: Side): T => {
  let at = place;
  while (isFork(at)) at = at[side];
  return at;
};

/** The tip next to everything below this place, on one side. */
const beside = <T extends Tip<T>>(place: Place<T>, side: Side): T | null => {
  let at = place;
  while (at.above !== null && at.above[side] === at) at = at.above;
  return at.above === null ? null : outermost(at.above[side], side === "left" ? "right" : "left");
};

/** Puts another place in the place of one. */
const put = <T extends Tip<T>>(labels: Labels<T>, above: Fork<T> | null, before: Place<T>, after: Place<T>): void => {
  if (above === null) labels.top = after;
  else if (above.left === before) above.left = after;
  else above.right = after;
};

/** A tip whose label agrees with this one longer than, or as long as, any other. */
const nearest = <T extends Tip<T>>(top: Place<T>, label: Label): T => {
  let at = top;
  while (isFork(at)) at = bitOf(label, at.bit) === 0 ? at.left : at.right;
  return at;
};

/** The first place on the way to a label at which all labels have the bits before this one. */
const placeAt = <T extends Tip<T>>(top: Place<T>, label: Label, bit: number): Place<T> => {
  let at = top;
  while (isFork(at) && at.bit < bit) at = bitOf(label, at.bit) === 0 ? at.left : at.right;
  return at;
};

/** Behind the last byte of a label all bits are 0. */
const byteOf = (label: Label, at: number): number => (at < label.length ? label.charCodeAt(at) : 0);

const bitOf = (label: Label, bit: number): number => (byteOf(label, bit >> 3) >> (7 - (bit & 7))) & 1;

/** The first bit at which two labels differ; `null` when they are the same. */
const partingBit = (one: Label, other: Label): number | null => {
  const length = Math.max(one.length, other.length);
  for (let at = 0; at < length; at++) {
    const difference = byteOf(one, at) ^ byteOf(other, at);
    if (difference !== 0) return 8 * at + Math.clz32(difference) - 24;
  }
  return null;
};
