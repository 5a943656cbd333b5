import type { ReactNode } from 'react';

/** The shell of the few pages that run Next's client: those that wait for something to change elsewhere. */
export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" data-scheme="auto">
      <head>
        <link rel="stylesheet" href="/assets/portal.css" />
      </head>
      <body>{children}</body>
    </html>
  );
}
