/** The page of a check, for `verify explain`. */
import type { Check } from '../check.ts';
import { MODES } from './list.ts';
import { type TerminalStream, paragraph } from './terminal-stream.ts';

export function explainCheck(
  { id, title, method, why, remedy, severity, mode, needs }: Check,
  stream: TerminalStream,
): string {
  const rows = Object.entries({
    guarantee: `${title}.`,
    method,
    why,
    remedy,
    severity,
    mode: MODES[mode],
    needs: needs?.join(', ') ?? 'nothing',
    'run alone': `pnpm verify --only ${id}`,
  });
  const lines = rows.map(([label, text]) => paragraph(label.padEnd(LABEL_WIDTH), text, LABEL_WIDTH, stream));
  return `${id}\n\n${lines.join('\n')}\n`;
}

const LABEL_WIDTH = 11;
