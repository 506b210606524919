/** The cases on Bun. */
import { respondToCase } from '../cases/respond.js';

declare const Bun: {
  serve(options: { fetch(request: Request): Promise<Response>; port: number; hostname: string }): { readonly url: URL };
};

const { url } = Bun.serve({ fetch: respondToCase, port: 0, hostname: '127.0.0.1' });
process.stdout.write(`${url.origin}\n`);
