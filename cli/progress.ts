/** A progress bar on standard error, when that is a terminal; else nothing. */
import progress from "cli-progress";

export interface Progress {
  /** @param share 0 to 1 */
  update(share: number, text: string): void;
  stop(): void;
}

export const startProgress = (stream: NodeJS.WriteStream = process.stderr): Progress => {
  if (!stream.isTTY) return { update: () => undefined, stop: () => undefined };
  const bar = new progress.SingleBar(
    {
      format: "{bar} {percentage} %  {text}",
      stream,
      clearOnComplete: true,
      hideCursor: true,
      barsize: 24,
      fps: 8,
      synchronousUpdate: true,
    },
    progress.Presets.shades_classic,
  );
  bar.start(1_000, 0, { text: "" });
  let told = 0;
  return {
    update: (share, text) => {
      const now = performance.now();
      if (now - told < 100) return;
      told = now;
      bar.update(Math.round(share * 1_000), { text });
      // The runs of a machine in this process leave no turn to the bar's own timer.
      bar.render();
    },
    stop: () => bar.stop(),
  };
};
