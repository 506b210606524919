/** The program of one contestant in one file, as an edge or serverless application is deployed. */
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

/** `ws` and the driver call `require`, which a module does not have. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

export async function bundle(entry: URL, banner = ''): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    banner: { js: banner },
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

/** The bundle for Node. */
export function bundleForNode(entry: URL): Promise<Uint8Array> {
  return bundle(entry, REQUIRE);
}
