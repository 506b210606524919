/** The page `/docs`, on which the API can be tried. */

/** A pinned version: the page runs only the script that was reviewed. */
const SCALAR = 'https://cdn.jsdelivr.net/npm/@scalar/api-reference@1.76.0';

/** Returns a page with Scalar, from a CDN: its package has 5 MB. Without a network, the page shows a link to the OpenAPI document. */
export function docsPage(documentUrl: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Todo API</title>
<div id="app" style="font: 16px/1.5 system-ui; max-width: 40rem; margin: 3rem auto; padding: 0 1rem">
  <h1>Todo API</h1>
  <p>This page loads <a href="https://scalar.com">Scalar</a> from cdn.jsdelivr.net, which needs a network.
  Without one, the API is described in <a href="${documentUrl}">${documentUrl}</a>, for any OpenAPI tool.</p>
</div>
<script src="${SCALAR}"></script>
<script>
  if (globalThis.Scalar) {
    document.getElementById('app').removeAttribute('style');
    Scalar.createApiReference('#app', ${JSON.stringify({ url: documentUrl, ...OPTIONS })});
  }
</script>
</html>
`;
}

/** Scalar's options: the page only, without telemetry and services of other servers. */
const OPTIONS = {
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
};
