const most = 150;

/**
 * Text of others, fit for a header: one line without control, format and direction signs, broken pairs and doubled
 * spaces, of 150 characters at most. What is left cannot end a header or begin another.
 */
export function headerText(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  const signs = [...plain];
  return signs.length <= most ? plain : `${signs.slice(0, most - 1).join('')}…`;
}
