/** When sample rows say that they were created and last changed, so that they are the same after each run. */
export const SAMPLE_TIME = new Date('2026-01-05T09:00:00Z');
