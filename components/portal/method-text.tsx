import type { MethodName } from '@/lib/domain/invoice.ts';
import type { Words } from '@/lib/i18n/words.ts';

/** A payment method by name; its digits are spelled one by one for ears: "Visa ending 4 2 4 2". */
export function MethodText({ words, method }: { words: Words; method: MethodName }) {
  const text = words.methodFirst(method);
  if (method.last4 === null) return <span>{text}</span>;
  const spelled = words.methodFirst({ ...method, last4: [...method.last4].join(' ') });
  return (
    <>
      <span aria-hidden="true">{text}</span>
      <span className="sr-only select-none">{spelled}</span>
    </>
  );
}
