/**
 * How cases are drawn: by plain functions that throw dice. A world is far too dependent on itself (amounts near
 * prices, methods that exist, sizes near limits) for a tower of combinators to say well, and a plain function draws
 * tens of thousands in a second. To fast-check it is an arbitrary like any other: same seed, same case; a case that is
 * found is shrunk by deletion, which is always legal because every sub-list of a scenario is a scenario.
 */
import * as fc from "fast-check";

/** What a draw may ask for. All bounds are inclusive. */
export interface Dice {
  whole(min: number, max: number): number;
  big(min: bigint, max: bigint): bigint;
  /** True in so many of a hundred throws. */
  chance(percent: number): boolean;
  /** @throws RangeError when there is nothing to pick from. */
  pick<T>(items: readonly T[]): T;
  /** Picks by weight; an item of weight 0 is never picked. */
  weigh<T>(items: readonly (readonly [weight: number, item: T])[]): T;
  /** So many draws, in order. */
  times<T>(min: number, max: number, draw: () => T): readonly T[];
  shuffle<T>(items: readonly T[]): readonly T[];
}

/** The arbitrary of what a function draws. `smaller` lists simpler values than a given one, the simplest first. */
export const drawn = <T>(draw: (dice: Dice) => T, smaller: (value: T) => Iterable<T> = () => []): fc.Arbitrary<T> =>
  new Drawn(draw, smaller);

/** fast-check asks for a class here; it is the only one in this room. */
class Drawn<T> extends fc.Arbitrary<T> {
  private readonly draw: (dice: Dice) => T;
  private readonly smaller: (value: T) => Iterable<T>;

  constructor(draw: (dice: Dice) => T, smaller: (value: T) => Iterable<T>) {
    super();
    this.draw = draw;
    this.smaller = smaller;
  }

  generate(random: fc.Random): fc.Value<T> {
    return new fc.Value(this.draw(diceOf(random)), undefined);
  }

  canShrinkWithoutContext(value: unknown): value is T {
    return typeof value === "object" && value !== null;
  }

  shrink(value: T): fc.Stream<fc.Value<T>> {
    return fc.stream(this.smaller(value)[Symbol.iterator]() as IterableIterator<T>).map((simpler) => new fc.Value(simpler, undefined));
  }
}

const diceOf = (random: fc.Random): Dice => {
  const whole = (min: number, max: number): number => random.nextInt(min, max);
  const pick = <T>(items: readonly T[]): T => {
    if (items.length === 0) throw new RangeError("dice: expected at least one item to pick from");
    return items[whole(0, items.length - 1)]!;
  };
  return {
    whole,
    big: (min, max) => random.nextBigInt(min, max),
    chance: (percent) => whole(0, 99) < percent,
    pick,
    weigh: (items) => {
      let left = whole(
        1,
        Math.max(
          1,
          items.reduce((sum, [weight]) => sum + weight, 0),
        ),
      );
      for (const [weight, item] of items) if (weight > 0 && (left -= weight) <= 0) return item;
      return pick(items)[1];
    },
    times: (min, max, draw) => Array.from({ length: whole(min, max) }, draw),
    shuffle: (items) => {
      const mixed = [...items];
      for (let at = mixed.length - 1; at > 0; at--) {
        const other = whole(0, at);
        [mixed[at], mixed[other]] = [mixed[other]!, mixed[at]!];
      }
      return mixed;
    },
  };
};
