/** What an application on the edge downloads and parses before its first query. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { expect, test } from 'vitest';

// As drizzle-kit brings it: a bundler of our own would be one more to install.
const requireOfKit = createRequire(createRequire(import.meta.url).resolve('drizzle-kit'));
const { build } = requireOfKit('esbuild') as { readonly build: (options: object) => Promise<Bundle> };

interface Bundle {
  readonly outputFiles: readonly [{ readonly contents: Uint8Array }];
  readonly metafile: {
    readonly outputs: Record<string, { readonly inputs: Record<string, { bytesInOutput: number }> }>;
  };
}

/** For a runtime that is not Node: what needs Node's modules cannot be bundled. */
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

test('the HTTP door is at most a tenth larger than Drizzle over the driver, with the same tables', async () => {
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

// Zod's classic schemas alone, of one object with one text, are 25 kB: the rest is Drizzle's columns (8) and what is known of each column's type.
// With zod/mini it would be some 25 in all, and the schemas would have no methods: no `.omit`, no `.extend`, no `derived.min(1)`.
test('a form downloads 45 kB of validators at most, and no language but English', async () => {
  const { bytes, files } = await bundle(`
    import { newTodoSchema } from './dist/validators/index.js';
    console.log(newTodoSchema.safeParse({}));
  `);
  expect(bytes).toBeLessThanOrEqual(45_000);
  expect(files.filter((file) => /locales\/(?!en\.js)|from-json-schema|neon-http/.test(file))).toEqual([]);
});
