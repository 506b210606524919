/** All known failures, in the order in which they are tried: precise ones first. */
import { CLIENT } from './client.ts';
import type { Failure } from './failure.ts';
import { LOGIN } from './login.ts';
import { NETWORK } from './network.ts';
import { SQL } from './sql.ts';

export const FAILURES: Readonly<Record<string, Failure>> = { ...NETWORK, ...LOGIN, ...SQL, ...CLIENT };
