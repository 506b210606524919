/** The cases on Deno. */
import { respondToCase } from '../cases/respond.js';

declare const Deno: {
  serve(
    options: { port: number; hostname: string; onListen(address: { readonly port: number }): void },
    handler: (request: Request) => Promise<Response>,
  ): unknown;
};

const onListen = ({ port }: { readonly port: number }) => void process.stdout.write(`http://127.0.0.1:${port}\n`);
Deno.serve({ port: 0, hostname: '127.0.0.1', onListen }, respondToCase);
