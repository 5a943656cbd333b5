import type { ReactNode } from 'react';

export type TableColumn = {
  readonly key: string;
  readonly title: string;
  /** Figures stand at the right, in digits of one width. */
  readonly isFigure?: boolean;
  /** Holds words of any length: so wide at least that only a word longer than most breaks. Others are as wide as what they hold. */
  readonly isText?: boolean;
  /** In the card of a phone its title is shown before it, not only told to readers. */
  readonly showTermOnPhone?: boolean;
  /** Where the cell stands in the card a row becomes on a phone, and whether it takes the whole width. */
  readonly onPhone: {
    readonly order: 1 | 2 | 3 | 4 | 5 | 6 | 7;
    readonly wide?: boolean;
    readonly end?: boolean;
    readonly strong?: boolean;
  };
};

const orders = {
  1: 'order-1',
  2: 'order-2',
  3: 'order-3',
  4: 'order-4',
  5: 'order-5',
  6: 'order-6',
  7: 'order-7',
} as const;

/** Said although the elements mean it: a table that is not laid out as one loses its roles in some browsers. */
const roles = {
  table: { role: 'table' },
  rowgroup: { role: 'rowgroup' },
  row: { role: 'row' },
  columnheader: { role: 'columnheader' },
  cell: { role: 'cell' },
} as const;

/**
 * A real table with caption and column headers; where it has no room each row is a card, and each cell says its term to a reader.
 */
export function DataTable({
  caption,
  columns,
  rows,
}: {
  caption: string;
  columns: readonly TableColumn[];
  rows: readonly { readonly key: string; readonly cells: Readonly<Record<string, ReactNode>> }[];
}) {
  return (
    <table {...roles.table} className="block w-full border-collapse wide:table">
      <caption className="sr-only">{caption}</caption>
      <thead {...roles.rowgroup} className="hidden wide:table-header-group">
        <tr {...roles.row} className="border-b-2 border-line">
          {columns.map((column) => (
            <th
              key={column.key}
              {...roles.columnheader}
              scope="col"
              className={`px-2 py-2 text-sm font-semibold whitespace-nowrap text-quiet first:ps-0 last:pe-0 ${column.isFigure === true ? 'text-end' : 'text-start'}`}
            >
              {column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody {...roles.rowgroup} className="grid gap-3 wide:table-row-group">
        {rows.map((row) => (
          // On a phone an invisible last item breaks the line after the first two cells, however short they are.
          <tr
            key={row.key}
            {...roles.row}
            className="flex flex-wrap items-center justify-between gap-x-4 rounded-corner border border-line bg-card px-4 py-2 after:order-2 after:w-full wide:after:hidden wide:table-row wide:rounded-none wide:border-0 wide:border-b wide:bg-transparent"
          >
            {columns.map((column) => (
              <td
                key={column.key}
                {...roles.cell}
                className={`min-w-0 wide:table-cell wide:px-2 wide:py-1 wide:align-middle wide:first:ps-0 wide:last:pe-0 ${orders[column.onPhone.order]} ${column.onPhone.wide === true ? 'w-full' : ''} ${column.onPhone.end === true ? 'text-end' : ''} ${column.onPhone.strong === true ? 'text-lg font-bold wide:text-base wide:font-normal' : ''} ${column.isFigure === true ? 'num wide:text-end' : 'wide:text-start'} ${column.isText === true ? 'wide:min-w-36' : ''}`}
              >
                <span className={column.showTermOnPhone === true ? 'text-quiet wide:hidden' : 'sr-only wide:hidden'}>
                  {column.title}:{' '}
                </span>
                {row.cells[column.key]}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
