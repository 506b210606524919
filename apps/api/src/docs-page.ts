/** A page to try the API on. */

/** Pinned: a page that runs a script from elsewhere runs the one that was looked at. */
const SCALAR = 'https://cdn.jsdelivr.net/npm/@scalar/api-reference@1.76.0';

/**
 * Scalar, in light or dark as the system has it. It comes from a CDN, so that nobody installs its 5 MB; without a network the page says so, and
 * names what works.
 */
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
    Scalar.createApiReference('#app', ${JSON.stringify(configuration(documentUrl))});
  }
</script>
</html>
`;
}

/** Of Scalar, the page: none of what it offers to do elsewhere with the document. */
function configuration(url: string) {
  return {
    url,
    telemetry: false,
    hideClientButton: true,
    showDeveloperTools: 'never',
    agent: { disabled: true },
    mcp: { disabled: true },
  };
}
