/** What a text is printed on: how wide it is, and whether it takes colors. */
import { stripVTControlCharacters } from 'node:util';

import { Help } from 'commander';
import pc from 'picocolors';

/** The part of a `tty.WriteStream` that says so. */
export interface Paper {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  hasColors?(): boolean;
}

export type Colors = ReturnType<typeof pc.createColors>;

/** `hasColors` knows NO_COLOR and what the terminal can do. */
export function colorsOf(paper: Paper): Colors {
  return pc.createColors(paper.isTTY === true && paper.hasColors?.() === true);
}

/** A terminal that does not know how wide it is says 0. */
export function columnsOf({ columns }: Paper): number {
  return columns || 80;
}

/** A label, and a text beside it: wrapped on a terminal, as it is where a program reads. */
export function paragraph(label: string, text: string, width: number, paper: Paper): string {
  const room = Math.max(columnsOf(paper) - width, LEAST_WIDTH);
  return label + indented(paper.isTTY === true ? wrapper.boxWrap(text, room) : text, width);
}

/** Without what would move a cursor or ring a bell: a database says what anybody wrote into it. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/(?!\n)\p{Control}/gu, '');
}

/** The lines after the first moved to the right. */
export function indented(text: string, by: number): string {
  return text.replaceAll('\n', `\n${' '.repeat(by)}`);
}

/** Narrower than this, words break more than they help. */
const LEAST_WIDTH = 24;

const wrapper = Object.assign(new Help(), { minWidthToWrap: LEAST_WIDTH });
