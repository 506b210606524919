/** Reads both sides of a merge from a file with conflict markers. */

/** Returns the text itself if there are no markers, else both sides. The first side is the one above the middle marker. */
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

/** The part of the file to which a line belongs. `base` is the common ancestor, which `merge.conflictStyle=diff3` shows. */
type Place = 'both' | 'first' | 'base' | 'second';

/** The part that begins after this line. Undefined if the line is no marker in this place. */
function markerOf(line: string, place: Place): Place | undefined {
  if (place === 'both') return line.startsWith('<<<<<<< ') ? 'first' : undefined;
  if (line.startsWith('>>>>>>> ')) return 'both';
  if (place === 'first' && /^\|{7}( |\r?$)/.test(line)) return 'base';
  return place !== 'second' && /^={7}\r?$/.test(line) ? 'second' : undefined;
}
