import { type Check, type Finding, onlyFindings, verdict } from '../../check.ts';

/** The oldest Node.js that this workspace supports, as `engines` says. */
const OLDEST = [20, 20] as const;

export const runtime: Check = {
  id: 'env/runtime',
  title: 'The Node.js version supports the driver',
  method: 'Compares the Node.js version with the oldest supported one, and looks for a global fetch.',
  why: 'The driver uses fetch for HTTP; without fetch it cannot connect.',
  remedy: 'Install a supported version of Node.js: 20.20 or later.',
  mode: 'local',
  run: async () =>
    verdict(toFindings(process.versions.node, typeof fetch === 'function'), `Node.js ${process.versions.node}`),
};

export function toFindings(version: string, hasFetch: boolean): Finding[] {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
  return onlyFindings([
    isOld && { have: `Node.js ${version}`, want: `${OLDEST.join('.')} or later` },
    !hasFetch && { have: 'no global fetch', want: 'fetch', fix: 'Start Node.js without --no-experimental-fetch.' },
  ]);
}
