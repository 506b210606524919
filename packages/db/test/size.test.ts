/** The size of the code that an edge application downloads and parses before its first query. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { expect, test } from 'vitest';

// Uses drizzle-kit's bundler, which saves installing another one.
const requireOfKit = createRequire(createRequire(import.meta.url).resolve('drizzle-kit'));
const { build } = requireOfKit('esbuild') as { readonly build: (options: object) => Promise<Bundle> };

interface Bundle {
  readonly outputFiles: readonly [{ readonly contents: Uint8Array }];
  readonly metafile: {
    readonly outputs: Record<string, { readonly inputs: Record<string, { bytesInOutput: number }> }>;
  };
}

/** Bundles for a runtime other than Node: code that needs Node's modules cannot be bundled. */
async function bundle(contents: string): Promise<{ bytes: number; files: string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('..', import.meta.url)) },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    metafile: true,
    write: false,
  });
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs: files }) => Object.entries(files));
  return {
    bytes: gzipSync(outputFiles[0].contents, { level: 9 }).length,
    files: inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file),
  };
}

test('the HTTP entry point is at most a tenth larger than Drizzle with the driver, for the same tables', async () => {
  const schema = `import * as schema from './dist/schema/index.js';`;
  const bare = await bundle(`
    import { neon } from '@neondatabase/serverless';
    import { drizzle } from 'drizzle-orm/neon-http';
    ${schema}
    console.log(drizzle(neon(url), { schema }));
  `);
  const ours = await bundle(`
    import { connectHttp } from './dist/http.js';
    ${schema}
    console.log(connectHttp(url), schema);
  `);
  expect(ours.bytes / bare.bytes).toBeLessThanOrEqual(1.1);
  expect(ours.bytes).toBeGreaterThan(bare.bytes);
  expect(ours.files.filter((file) => /\/(zod|ws|pg)@|dist\/(pool|migrate|validators|websocket)/.test(file))).toEqual(
    [],
  );
});

// Zod's classic schemas alone (one object with one text) are 25 kB. The rest is Drizzle's columns (8 kB) and the rules for each column
// type. With zod/mini the total would be about 25 kB, but the schemas would have no methods: no `.omit`, no `.extend`, no `derived.min(1)`.
test('the validators of a form are at most 45 kB, with the English locale only', async () => {
  const { bytes, files } = await bundle(`
    import { newTodoSchema } from './dist/validators/index.js';
    console.log(newTodoSchema.safeParse({}));
  `);
  expect(bytes).toBeLessThanOrEqual(45_000);
  expect(files.filter((file) => /locales\/(?!en\.js)|from-json-schema|neon-http/.test(file))).toEqual([]);
});
