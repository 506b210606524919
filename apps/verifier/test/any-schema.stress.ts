/** Every sabotage of a schema that no check was written for is found under its check id. */
import { afterAll, beforeAll, expect, it } from 'vitest';

import { isFound } from './library/is-found.ts';
import { type Library, openLibrary } from './library/library.ts';
import { LIBRARY_SABOTAGES } from './library/sabotages.ts';

let library: Library;
let clean: string;

beforeAll(async () => {
  library = await openLibrary();
  clean = await library.open();
});
afterAll(() => library[Symbol.asyncDispose]());

it.each(LIBRARY_SABOTAGES)('the check %s finds the sabotage %j', async (...sabotage) => {
  expect(await isFound(library, clean, sabotage)).toBe(true);
});
