/**
 * Two views of a TypeScript source, with every character in its place: `code` has comments, strings, templates and
 * regular expressions blanked out, `uncommented` only comments.
 * @param {string} text
 * @returns {{ code: string, uncommented: string }}
 */
export function blankText(text) {
  const code = text.split('');
  const uncommented = text.split('');
  /** Depth of braces at which each open `${` ends. @type {number[]} */
  const holes = [];
  let depth = 0;
  let before = '';

  /**
   * @param {number} from
   * @param {number} to
   * @param {boolean} comment
   */
  const blank = (from, to, comment) => {
    for (let i = from; i < to; i++) {
      if (text[i] === '\n') continue;
      code[i] = ' ';
      if (comment) uncommented[i] = ' ';
    }
  };
  /**
   * Blanks template text from `from` and answers where code goes on.
   * @param {number} from
   */
  const skipTemplate = (from) => {
    let i = from;
    while (i < text.length) {
      if (text[i] === '\\') i += 2;
      else if (text[i] === '`') {
        blank(from, i, false);
        return i + 1;
      } else if (text[i] === '$' && text[i + 1] === '{') {
        blank(from, i, false);
        holes.push(depth);
        depth += 1;
        return i + 2;
      } else i += 1;
    }
    blank(from, i, false);
    return i;
  };

  for (let i = 0; i < text.length; ) {
    const char = text[i] ?? '';
    const next = text[i + 1];
    if (char === '/' && (next === '/' || next === '*')) {
      const end = next === '/' ? endOf(text, '\n', i) : endOf(text, '*/', i + 2) + 2;
      blank(i, Math.min(end, text.length), true);
      i = end;
      continue;
    }
    if (char === "'" || char === '"') {
      const end = endOfString(text, i);
      if (end > 0) {
        blank(i + 1, end, false);
        i = end + 1;
        before = char;
        continue;
      }
    }
    if (char === '/' && isRegexAfter(before)) {
      const end = endOfRegex(text, i);
      if (end > 0) {
        blank(i + 1, end, false);
        i = end + 1;
        before = char;
        continue;
      }
    }
    if (char === '`') {
      i = skipTemplate(i + 1);
      before = char;
      continue;
    }
    if (char === '{') depth += 1;
    if (char === '}') {
      depth -= 1;
      if (holes.at(-1) === depth) {
        holes.pop();
        i = skipTemplate(i + 1);
        before = '`';
        continue;
      }
    }
    if (!/\s/.test(char))
      before = /\w/.test(char) && /\w/.test(before) && /\w/.test(text[i - 1] ?? '') ? before + char : char;
    i += 1;
  }
  return { code: code.join(''), uncommented: uncommented.join('') };
}

/**
 * The line a character stands on, from 1.
 * @param {string} text
 * @param {number} index
 */
export function lineAt(text, index) {
  let line = 1;
  for (let i = 0; i < index; i++) if (text[i] === '\n') line += 1;
  return line;
}

/**
 * @param {string} text
 * @param {string} mark
 * @param {number} from
 */
function endOf(text, mark, from) {
  const end = text.indexOf(mark, from);
  return end < 0 ? text.length : end;
}

/**
 * Where a quoted string closes on its own line, or -1: a quote in markup text opens nothing.
 * @param {string} text
 * @param {number} from
 */
function endOfString(text, from) {
  for (let i = from + 1; i < text.length && text[i] !== '\n'; i++) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === text[from]) return i;
  }
  return -1;
}

/**
 * @param {string} text
 * @param {number} from
 */
function endOfRegex(text, from) {
  let inClass = false;
  for (let i = from + 1; i < text.length && text[i] !== '\n'; i++) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '[') inClass = true;
    else if (text[i] === ']') inClass = false;
    else if (text[i] === '/' && !inClass) return i;
  }
  return -1;
}

/** @param {string} before the last word or sign */
function isRegexAfter(before) {
  return (
    before === '' || /^[([{}=,:;!&|?+~^%]$/.test(before) || /^(return|case|typeof|in|of|yield|await)$/.test(before)
  );
}
