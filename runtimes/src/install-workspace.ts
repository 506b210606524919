/**
 * Copies the built packages of the workspace to this folder's `node_modules`, as a package manager unpacks them. A runtime then finds the
 * packages, and one copy of their dependencies, as in an app outside the workspace.
 */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

type Versions = Readonly<Record<string, string>>;

const folder = new URL('../', import.meta.url);
const root = new URL('../', folder);
const PACKAGES = ['packages/client', 'packages/migrator', 'packages/db', 'packages/local-neon', 'apps/api'];

const catalog = readCatalog(await readFile(new URL('pnpm-workspace.yaml', root), 'utf8'));
const { dependencies: installed } = JSON.parse(await readFile(new URL('package.json', folder), 'utf8')) as {
  readonly dependencies: Versions;
};
for (const path of PACKAGES) await installPackage(new URL(`${path}/`, root));

async function installPackage(source: URL): Promise<void> {
  const manifest = JSON.parse(await readFile(new URL('package.json', source), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly dependencies: Versions;
    readonly peerDependencies?: Versions;
    readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  };
  const { name, version, dependencies, peerDependencies = {}, peerDependenciesMeta } = manifest;
  const target = new URL(`node_modules/${name}/`, folder);
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  await cp(new URL('dist/', source), new URL('dist/', target), { recursive: true });
  if (name === '@todo/db')
    await cp(new URL('migrations/', source), new URL('migrations/', target), { recursive: true });
  const pinned = Object.entries(dependencies).map(([each, range]) => [
    each,
    range === 'workspace:*' ? version : pinnedVersion(name, each),
  ]);
  const peers = Object.keys(peerDependencies).filter((peer) => peerDependenciesMeta?.[peer]?.optional !== true);
  // Only checks the versions: peers are installed in this folder.
  for (const peer of peers) pinnedVersion(name, peer);
  const packed = { ...manifest, dependencies: Object.fromEntries(pinned) as Versions, devDependencies: undefined };
  await writeFile(new URL('package.json', target), JSON.stringify(packed));
}

/** The version of a dependency in this folder. @throws when the workspace has another version. */
function pinnedVersion(dependent: string, dependency: string): string {
  const [version, workspaceVersion] = [installed[dependency], catalog[dependency]];
  if (version === undefined || version !== workspaceVersion) {
    throw new Error(
      `${dependent} needs ${dependency} ${workspaceVersion}, and ${fileURLToPath(folder)}package.json has ${version}. Write "${dependency}": "${workspaceVersion}" in that file, and run \`npm install --ignore-scripts\` in its folder.`,
    );
  }
  return version;
}

/** The versions below `catalog:` in pnpm-workspace.yaml. */
function readCatalog(workspace: string): Versions {
  const [, lines = ''] = workspace.split(/^catalog:\n/m);
  const entries = [...lines.matchAll(/^ {2}'?([^':\n]+)'?: (\S+)$/gm)];
  return Object.fromEntries(entries.map(([, name = '', version = '']) => [name, version]));
}
