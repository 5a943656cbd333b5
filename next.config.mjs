/**
 * Portal pages are whole documents answered by route handlers, so that a page is one request and runs no
 * framework script (docs/decisions). Security headers are set by the handlers and by proxy.ts; what stands here
 * covers static files and anything Next answers by itself.
 *
 * cacheComponents stays off: it prerenders a shell whose scripts carry no nonce and keeps left pages in the DOM.
 *
 * @type {import('next').NextConfig}
 */
const config = {
  ...(process.env.PORTAL_STANDALONE === '1' ? { output: 'standalone' } : {}),
  poweredByHeader: false,
  productionBrowserSourceMaps: false,
  reactStrictMode: true,
  // `npm run types` is a step of its own; the build does not do it a second time.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
  serverExternalPackages: ['pg', 'pdfkit'],
};
export default config;
