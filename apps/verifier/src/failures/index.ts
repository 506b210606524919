/** All failures that the doctor knows, tried from the top: what is more precise stands above. */
import { CLIENT } from './client.ts';
import type { Failure } from './failure.ts';
import { LOGIN } from './login.ts';
import { NETWORK } from './network.ts';
import { SQL } from './sql.ts';

export const FAILURES: Readonly<Record<string, Failure>> = { ...NETWORK, ...LOGIN, ...SQL, ...CLIENT };
