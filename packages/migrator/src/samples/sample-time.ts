/** The time of creation and of the last change of sample rows. It is fixed, so that rows are the same after each run. */
export const SAMPLE_TIME = new Date('2026-01-05T09:00:00Z');
