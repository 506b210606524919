/** Connects to any PostgreSQL, as psql does, and to Neon. */
export { openSession, type OpenOptions } from './open-session.ts';
export { speaksNeon } from './speaks-neon.ts';
export { isLocal, maskUrl, readTarget, type Target } from './target.ts';
