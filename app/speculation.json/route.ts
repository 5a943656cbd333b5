import { securityHeaders } from '@/lib/html/security-headers.ts';

/**
 * Which pages a browser may fetch ahead when a finger or pointer is about to open them: pages of the portal that only
 * show. Never a link, a document, a form's place or the way out. Works without any script on the page.
 */
const rules = {
  prefetch: [
    {
      where: {
        and: [
          { href_matches: '/*' },
          { not: { href_matches: '/*/pdf' } },
          { not: { href_matches: '/*/certificate' } },
          { not: { href_matches: '/*/return' } },
          { not: { href_matches: '/p/*' } },
          { not: { href_matches: '/test*' } },
          { not: { href_matches: '/waiting/*' } },
        ],
      },
      eagerness: 'moderate',
    },
  ],
};

export function GET(): Response {
  return new Response(JSON.stringify(rules), {
    headers: {
      ...securityHeaders,
      'Content-Type': 'application/speculationrules+json',
      'Cache-Control': 'public, max-age=86400',
    },
  });
}
