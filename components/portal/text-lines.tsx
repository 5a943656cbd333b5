/** Texts of the merchant or the buyer below each other, each in its own direction; their own line breaks stay. */
export function TextLines({ lines }: { lines: readonly (string | null)[] }) {
  const all = lines.flatMap((line) => (line ?? '').split('\n')).filter((line) => line.trim() !== '');
  return [...new Set(all)].map((line) => (
    <bdi key={line} className="block">
      {line}
    </bdi>
  ));
}
