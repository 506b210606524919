/** A router whose routes have an OpenAPI description. It validates requests, and reports errors by field. */
import { OpenAPIHono, z } from '@hono/zod-openapi';

import type { Api, Env } from './context.ts';
import { problem } from './problem.ts';

/** Creates a router. An invalid request gets status 400 and an error for each field. */
export function newRouter(): Api {
  return new OpenAPIHono<Env>({
    defaultHook: (result, c) => {
      if (result.success) return undefined;
      const { fieldErrors, formErrors } = z.flattenError(result.error);
      return problem(c, 400, 'The request is not valid.', {
        in: result.target,
        fields: fieldErrors,
        errors: formErrors,
      });
    },
  });
}

/** Describes the request body of a route. */
export function body<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { ...json(description, schema), required: true };
}

/** Describes a JSON response of a route. */
export function json<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { 'application/json': { schema } } };
}
