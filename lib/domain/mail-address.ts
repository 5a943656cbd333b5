/** Text that was read as the one address a mail goes to. Its domain is in ASCII. */
export type MailAddress = string & { readonly [mailAddress]: true };

declare const mailAddress: unique symbol;

const local = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const host = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;

/**
 * Reads one plain address, or null: no name, no list, no quotes, no brackets, no line break or other control character,
 * no signs outside ASCII before the `@`, no address of numbers. A domain in other scripts is written as its ASCII form.
 */
export function readMailAddress(text: string): MailAddress | null {
  const plain = text.trim();
  const at = plain.lastIndexOf('@');
  const [name, domain] = [plain.slice(0, at), plain.slice(at + 1)];
  if (at < 1 || name.length > 64 || !local.test(name) || /[^\p{L}\p{M}\p{N}.-]/u.test(domain)) return null;
  const ascii = URL.parse(`http://${domain}/`)?.hostname ?? '';
  const whole = `${name}@${ascii}`;
  return host.test(ascii) && whole.length <= 254 ? (whole as MailAddress) : null;
}
