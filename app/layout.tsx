import type { ReactNode } from 'react';
import './globals.css';

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" data-scheme="auto">
      <body>{children}</body>
    </html>
  );
}
