/** The derived checks on a schema that no check was written for: green as it is, and each sabotage found under its id. */
import { beforeAll, describe, expect, it } from 'vitest';

import { execute } from './database.ts';
import { type Library, openLibrary } from './library/library.ts';
import { prove } from './prove.ts';

let library: Library;
let clean: string;

beforeAll(async () => {
  library = await openLibrary();
  clean = await library.open();
});

describe('a database of another schema', () => {
  it('passes every check, written to or not', async () => {
    for (const mayWrite of [false, true]) {
      const url = await library.open();
      const results = await prove(url, { app: library, shadow: clean, mayWrite });
      expect(results.filter(({ findings }) => findings !== undefined)).toEqual([]);
    }
  });
});
