/** Lists the layers of a thrown value. Drivers wrap errors, and a layer may have a field that the other layers do not have. */

/** An error with any fields. */
export type ErrorLayer = Readonly<Record<string, unknown>>;

/** More layers than any driver creates. A getter could return new layers without end. */
const LAYERS_MAX = 32;

/**
 * All layers, outermost first, along `cause`, `sourceError` (Neon's driver), `error` (of an event) and `errors` (one for each address that
 * was tried). Each layer is listed once, because an error may be its own cause.
 */
export function errorLayers(error: unknown): ErrorLayer[] {
  const layers = new Set<ErrorLayer>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || layers.size === LAYERS_MAX) return;
    const layer = value as ErrorLayer;
    if (layers.has(layer)) return;
    layers.add(layer);
    const { cause, sourceError, error: eventError, errors } = layer;
    for (const inner of [cause, sourceError, eventError, ...(Array.isArray(errors) ? errors : [])]) visit(inner);
  };
  visit(error);
  return [...layers];
}
