'use client';

import { useEffect, useState } from 'react';

/** A number to type in elsewhere; with script it can be copied, and says so once. */
export function CopiedNumber({ number, copy, copied }: { number: string; copy: string; copied: string }) {
  const [canCopy, setCanCopy] = useState(false);
  const [isCopied, setCopied] = useState(false);
  useEffect(() => setCanCopy('clipboard' in navigator), []);
  return (
    <>
      <strong className="num me-3 text-xl">{number}</strong>
      {canCopy ? (
        <button
          type="button"
          className="min-h-11 cursor-pointer rounded-corner border border-line px-4 font-semibold"
          onClick={() => void navigator.clipboard.writeText(number).then(() => setCopied(true))}
        >
          {copy}
        </button>
      ) : null}
      <span role="status" className="ms-2 text-quiet">
        {isCopied ? copied : ''}
      </span>
    </>
  );
}
