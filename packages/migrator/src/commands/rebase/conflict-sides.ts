/** Reads both sides of a merge from a file with conflict markers. */

/** Returns the text alone if it has no markers, else the texts of both sides. The first side is the one above the middle marker. */
export function conflictSides(text: string): readonly string[] {
  const sides: [string[], string[]] = [[], []];
  let part: Part = 'both';
  let hasMarker = false;
  for (const line of text.split('\n')) {
    const nextPart = partAfter(line, part);
    if (nextPart !== undefined) {
      part = nextPart;
      hasMarker = true;
      continue;
    }
    if (part === 'both' || part === 'first') sides[0].push(line);
    if (part === 'both' || part === 'second') sides[1].push(line);
  }
  return hasMarker ? sides.map((lines) => lines.join('\n')) : [text];
}

/** The part of the file to which a line belongs. `base` is the common ancestor, which `merge.conflictStyle=diff3` shows. */
type Part = 'both' | 'first' | 'base' | 'second';

/** The part that begins after this line. Undefined if the line, in the current part, is no marker. */
function partAfter(line: string, part: Part): Part | undefined {
  if (part === 'both') return line.startsWith('<<<<<<< ') ? 'first' : undefined;
  if (line.startsWith('>>>>>>> ')) return 'both';
  if (part === 'first' && /^\|{7}( |\r?$)/.test(line)) return 'base';
  return part !== 'second' && /^={7}\r?$/.test(line) ? 'second' : undefined;
}
