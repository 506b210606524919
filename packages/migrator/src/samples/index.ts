/** Declares the sample data of an application by table objects: a renamed table or column is a compile error. */
export { type GeneratedRows, generatedRows, type GeneratedTable } from './generated-rows.ts';
export { refTo, RowReference } from './row-reference.ts';
export { type SampleRow, type SampleRows, sampleRows, type SampleTable } from './sample-rows.ts';
export type { Samples } from './samples.ts';
export { SAMPLE_TIME } from './sample-time.ts';
