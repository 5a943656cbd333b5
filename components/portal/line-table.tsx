import { DataTable } from '@/components/ui/data-table.tsx';

type Line = {
  readonly key: string;
  readonly description: string;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly amount: string;
};

/** The lines of a sale, figures already in words. On a phone a card a line: amount first, then what it is made of. */
export function LineTable({
  caption,
  titles,
  lines,
}: {
  caption: string;
  titles: Omit<Line, 'key'>;
  lines: readonly Line[];
}) {
  return (
    <DataTable
      caption={caption}
      columns={[
        { key: 'description', title: titles.description, isText: true, onPhone: { order: 1, wide: true } },
        { key: 'quantity', title: titles.quantity, isFigure: true, onPhone: { order: 2 }, showTermOnPhone: true },
        { key: 'unitPrice', title: titles.unitPrice, isFigure: true, onPhone: { order: 4 }, showTermOnPhone: true },
        { key: 'amount', title: titles.amount, isFigure: true, onPhone: { order: 3, end: true, strong: true } },
      ]}
      rows={lines.map((line) => ({
        key: line.key,
        cells: {
          description: <bdi>{line.description}</bdi>,
          quantity: line.quantity,
          unitPrice: <span className="whitespace-nowrap">{line.unitPrice}</span>,
          amount: <span className="whitespace-nowrap">{line.amount}</span>,
        },
      }))}
    />
  );
}
