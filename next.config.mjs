// The guard at the door gives every answer the common headers; fixed files get their policy and their keeping here.
const fixed = [
  { key: 'Content-Security-Policy', value: "default-src 'none'; base-uri 'none'; frame-ancestors 'none'" },
];

/**
 * Portal pages are whole documents answered by route handlers, so that a page is one request and runs no
 * framework script (docs/decisions).
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
  // A route's code is loaded at its first request: a third of the time to start goes into code most requests never need,
  // and the libraries of documents are a good part of it.
  experimental: { preloadEntriesOnStart: false },
  headers: async () => [
    { source: '/:file(portal.js|icon.svg)', headers: fixed },
    { source: '/assets/:path*', headers: fixed },
    { source: '/_next/:path*', headers: fixed },
    {
      source: '/portal.js',
      has: [{ type: 'query', key: 'v' }],
      headers: [{ key: 'Cache-Control', value: 'public, max-age=31536000, immutable' }],
    },
    { source: '/icon.svg', headers: [{ key: 'Cache-Control', value: 'public, max-age=86400' }] },
  ],
  serverExternalPackages: ['pg', 'pdfkit', 'fontkit'],
  // Fonts of documents and the renderer of the API reference are read by their path, which a trace of imports does not see.
  outputFileTracingIncludes: {
    '/**': [
      './node_modules/@expo-google-fonts/*/400Regular/*.ttf',
      './node_modules/@expo-google-fonts/inter/600SemiBold/*.ttf',
    ],
    '/docs/*': ['./node_modules/swagger-ui-dist/swagger-ui-bundle.js', './node_modules/swagger-ui-dist/swagger-ui.css'],
  },
};

export default config;
