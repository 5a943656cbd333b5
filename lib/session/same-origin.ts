/**
 * Did our own page send this form? Origin must be the configured origin exactly (missing, null and foreign are no), and
 * Sec-Fetch-Site, when a browser sends it, must say same-origin. No handler that changes anything acts without it.
 */
export function isSameOrigin(request: Request, origin: string): boolean {
  const site = request.headers.get('sec-fetch-site');
  return request.headers.get('origin') === origin && (site === null || site === 'same-origin');
}
