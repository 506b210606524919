/** The description of a check, for `verify explain`. */
import { type Check, needsOf, severityOf } from '../check.ts';
import { MODES } from './list.ts';
import { type TerminalStream, paragraph } from './terminal-stream.ts';

export function explainCheck(check: Check, stream: TerminalStream): string {
  const { id, title, method, why, remedy, mode } = check;
  const rows = Object.entries({
    guarantee: `${title}.`,
    method,
    why,
    remedy,
    severity: severityOf(check),
    mode: MODES[mode],
    needs: needsOf(check).join(', ') || 'nothing',
    'run alone': `pnpm verify --only ${id}`,
  });
  const lines = rows.map(([label, text]) => paragraph(label.padEnd(LABEL_WIDTH), text, LABEL_WIDTH, stream));
  return `${id}\n\n${lines.join('\n')}\n`;
}

const LABEL_WIDTH = 11;
