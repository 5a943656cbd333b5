import type { ReactNode } from 'react';

/** A bordered block. */
export function Card({ children }: { children: ReactNode }) {
  return <div className="rounded-corner border border-line bg-card p-4">{children}</div>;
}
