import { expect, test } from 'vitest';

import { conflictSides } from '../../src/commands/rebase/conflict-sides.ts';

test.each([
  ['no markers', 'a\nb\n', ['a\nb\n']],
  ['a line of equal signs', 'a\n=======\nb\n', ['a\n=======\nb\n']],
  ['one conflict', 'a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> main\nd\n', ['a\nb\nd\n', 'a\nc\nd\n']],
  [
    'two conflicts',
    '<<<<<<< a\n1\n=======\n2\n>>>>>>> b\nx\n<<<<<<< a\n3\n=======\n>>>>>>> b\n',
    ['1\nx\n3\n', '2\nx\n'],
  ],
  ['with what both had before', '<<<<<<< a\n1\n||||||| base\n0\n=======\n2\n>>>>>>> b\n', ['1\n', '2\n']],
  ['with line ends of Windows', '<<<<<<< a\r\n1\r\n=======\r\n2\r\n>>>>>>> b\r\n', ['1\r\n', '2\r\n']],
])('the two sides of a text with conflict markers are separated: %s', (_kind, text, sides) => {
  expect(conflictSides(text)).toEqual(sides);
});
