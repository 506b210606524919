/** The cases on Bun. */
import { answer } from '../cases/answer.js';

declare const Bun: {
  serve(options: { fetch(request: Request): Promise<Response>; port: number; hostname: string }): { readonly url: URL };
};

const { url } = Bun.serve({ fetch: answer, port: 0, hostname: '127.0.0.1' });
process.stdout.write(`${url.origin}\n`);
