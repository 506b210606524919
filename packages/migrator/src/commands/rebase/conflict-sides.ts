/** What each side of a merge has in a file with conflict markers. */

/** The text itself where there are no markers; else both sides of it, the first as above the middle marker. */
export function conflictSides(text: string): readonly string[] {
  const sides: [string[], string[]] = [[], []];
  let [place, isConflicting]: [Place, boolean] = ['both', false];
  for (const line of text.split('\n')) {
    const marker = markerOf(line, place);
    if (marker !== undefined) {
      place = marker;
      isConflicting = true;
      continue;
    }
    if (place === 'both' || place === 'first') sides[0].push(line);
    if (place === 'both' || place === 'second') sides[1].push(line);
  }
  return isConflicting ? sides.map((lines) => lines.join('\n')) : [text];
}

/** Where a line stands. `base` is what both sides had before, which `merge.conflictStyle=diff3` shows. */
type Place = 'both' | 'first' | 'base' | 'second';

/** Where the lines behind it stand; undefined of a line that is no marker there. */
function markerOf(line: string, place: Place): Place | undefined {
  if (place === 'both') return line.startsWith('<<<<<<< ') ? 'first' : undefined;
  if (line.startsWith('>>>>>>> ')) return 'both';
  if (place === 'first' && /^\|{7}( |\r?$)/.test(line)) return 'base';
  return place !== 'second' && /^={7}\r?$/.test(line) ? 'second' : undefined;
}
