/** Width and colors of the terminal that a report is printed on. */
import { stripVTControlCharacters } from 'node:util';

import { Help } from 'commander';
import pc from 'picocolors';

/** The part of a `tty.WriteStream` that is used. `{}` stands for a pipe or a file. */
export interface TerminalStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  hasColors?(): boolean;
}

export type Colors = ReturnType<typeof pc.createColors>;

/** The colors that the terminal supports. `hasColors` reads NO_COLOR and the abilities of the terminal. */
export function colorsOf(stream: TerminalStream): Colors {
  return pc.createColors(stream.isTTY === true && stream.hasColors?.() === true);
}

/** The width of the terminal, by default 80: a terminal of unknown width reports 0 columns. */
export function columnsOf({ columns }: TerminalStream): number {
  return columns || 80;
}

/** A label and the text beside it. The text is wrapped on a terminal, and unchanged in a pipe or a file. */
export function paragraph(label: string, text: string, labelWidth: number, stream: TerminalStream): string {
  const textWidth = Math.max(columnsOf(stream) - labelWidth, TEXT_WIDTH_MIN);
  return label + indent(stream.isTTY === true ? wrapper.boxWrap(text, textWidth) : text, labelWidth);
}

/** Removes control characters: a text from the database must not move the cursor or ring the bell. */
export function stripControls(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/(?!\n)\p{Control}/gu, '');
}

/** Indents all lines but the first. */
export function indent(text: string, by: number): string {
  return text.replaceAll('\n', `\n${' '.repeat(by)}`);
}

/** The minimum width of a text. In a narrower column, wrapped text is hard to read. */
const TEXT_WIDTH_MIN = 24;

/** Commander's help is used, because it wraps text. */
const wrapper = Object.assign(new Help(), { minWidthToWrap: TEXT_WIDTH_MIN });
