/** What is going on: lines that stay, and on a terminal one line below them that moves. */
import type { WriteStream } from 'node:tty';

import spinner from 'yocto-spinner';

import type { Check } from '../check.ts';
import type { Result } from '../result.ts';

export interface LiveLine {
  /** Prints a line that stays. */
  readonly note: (line: string) => void;
  readonly started: (check: Check) => void;
  readonly ended: (result: Result) => void;
  readonly stop: () => void;
}

export function startLiveLine(total: number, stream: WriteStream): LiveLine {
  const running = new Set<string>();
  let done = 0;
  const line = stream.isTTY ? spinner({ stream, handleSignals: false }).start('starting') : undefined;
  const show = () => {
    if (line !== undefined) line.text = `${done}/${total}  ${[...running].join(', ')}`;
  };
  return {
    note(text) {
      line?.clear();
      stream.write(`${text}\n`);
    },
    started({ id }) {
      running.add(id);
      show();
    },
    ended({ id }) {
      running.delete(id);
      done += 1;
      show();
    },
    stop: () => void line?.stop(),
  };
}
