/** The progress of a run: notes, and on a terminal one line below them that is updated. */
import type { WriteStream } from 'node:tty';

import spinner from 'yocto-spinner';

import type { Check } from '../check.ts';
import type { Result } from '../result.ts';
import { columnsOf } from './terminal-stream.ts';

export interface LiveLine {
  /** Prints a line above the progress line. */
  readonly note: (line: string) => void;
  readonly started: (check: Check) => void;
  readonly ended: (result: Result) => void;
  readonly stop: () => void;
}

/** Starts the progress line, which appears with the first check. Before that, the run may ask a question on the same terminal. */
export function startLiveLine(total: number, stream: WriteStream): LiveLine {
  const startedAt = performance.now();
  const running = new Set<string>();
  const line = stream.isTTY ? spinner({ stream, handleSignals: false }) : undefined;
  let done = 0;
  let failed = 0;
  let clock: NodeJS.Timeout | undefined;

  const show = () => {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    const failures = failed === 0 ? '' : `  ${failed} failed`;
    const text = `${done}/${total}  ${seconds} s${failures}  ${[...running].join(', ')}`;
    // The text is cut to the width of the terminal, less the spinner and a space: a wrapped line could not be cleared as a whole.
    if (line !== undefined) line.text = text.slice(0, columnsOf(stream) - 3);
  };
  return {
    note(text) {
      line?.clear();
      stream.write(`${text}\n`);
    },
    started({ id }) {
      running.add(id);
      if (line !== undefined && clock === undefined) {
        line.start();
        clock = setInterval(show, 100).unref();
      }
      show();
    },
    ended({ id, status }) {
      running.delete(id);
      done += 1;
      if (status === 'fail') failed += 1;
      show();
    },
    stop() {
      clearInterval(clock);
      line?.stop();
    },
  };
}
