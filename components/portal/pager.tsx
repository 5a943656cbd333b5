import { Link } from '@/components/ui/link.tsx';

/** Which page of a list this is, and the way to the later and the earlier ones. */
export function Pager({
  label,
  where,
  later,
  earlier,
}: {
  label: string;
  /** "Page 2 of 5". */
  where: string;
  later: { readonly text: string; readonly href: string } | null;
  earlier: { readonly text: string; readonly href: string } | null;
}) {
  return (
    <nav aria-label={label} className="mt-4 flex flex-wrap items-center gap-x-6">
      {later === null ? null : <Link href={later.href}>{later.text}</Link>}
      <span className="num py-2.5 text-quiet">{where}</span>
      {earlier === null ? null : <Link href={earlier.href}>{earlier.text}</Link>}
    </nav>
  );
}
