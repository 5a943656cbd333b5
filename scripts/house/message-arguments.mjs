/**
 * What a message in ICU syntax asks for: its values with their kinds, the branches of its selects, its tags.
 * @typedef {object} MessageShape
 * @property {Map<string, string>} values name → 'text', 'number', 'date', 'time' or 'select'
 * @property {Map<string, string[]>} branches name of a select → its branch names, sorted
 * @property {Set<string>} tags
 */

const kinds = new Map([
  ['number', 'number'],
  ['plural', 'number'],
  ['selectordinal', 'number'],
  ['date', 'date'],
  ['time', 'time'],
  ['select', 'select'],
]);

/**
 * Reads a message. Throws an Error with a sentence when it is not well formed.
 * @param {string} message
 * @returns {MessageShape}
 */
export function readMessage(message) {
  /** @type {MessageShape} */
  const shape = { values: new Map(), branches: new Map(), tags: new Set() };
  const end = readText(message, 0, shape, false);
  if (end !== message.length) throw new Error(`a closing brace at ${end + 1} has no opening one`);
  return shape;
}

/**
 * In words, how two languages' shapes of one message differ; empty when a caller cannot tell them apart.
 * @param {MessageShape} source
 * @param {MessageShape} translation
 * @returns {string[]}
 */
export function compareShapes(source, translation) {
  const differences = [];
  for (const name of new Set([...source.values.keys(), ...translation.values.keys()])) {
    const a = source.values.get(name);
    const b = translation.values.get(name);
    if (a === undefined) differences.push(`{${name}} is not in the English message`);
    else if (b === undefined) differences.push(`{${name}} is missing`);
    else if (a !== b && a !== 'text' && b !== 'text') differences.push(`{${name}} is a ${b}, in English a ${a}`);
  }
  for (const [name, branches] of source.branches) {
    const other = translation.branches.get(name);
    if (other !== undefined && other.join() !== branches.join()) {
      differences.push(`{${name}} has the branches ${other.join(', ')}, in English ${branches.join(', ')}`);
    }
  }
  for (const tag of new Set([...source.tags, ...translation.tags])) {
    if (!source.tags.has(tag)) differences.push(`<${tag}> is not in the English message`);
    if (!translation.tags.has(tag)) differences.push(`<${tag}> is missing`);
  }
  return differences;
}

/**
 * @param {string} message
 * @param {number} from
 * @param {MessageShape} shape
 * @param {boolean} nested
 * @returns {number} where the text ends: at a closing brace or the end
 */
function readText(message, from, shape, nested) {
  let i = from;
  while (i < message.length) {
    const char = message[i];
    if (char === "'") {
      i = skipQuoted(message, i);
    } else if (char === '{') {
      i = readArgument(message, i, shape);
    } else if (char === '}') {
      return i;
    } else if (char === '<') {
      const tag = /^<\/?([A-Za-z][\w-]*)\s*\/?>/.exec(message.slice(i));
      if (tag?.[1] !== undefined) shape.tags.add(tag[1]);
      i += tag?.[0].length ?? 1;
    } else {
      i += 1;
    }
  }
  if (nested) throw new Error('a brace is not closed');
  return i;
}

/**
 * @param {string} message
 * @param {number} from
 */
function skipQuoted(message, from) {
  if (message[from + 1] === "'") return from + 2;
  if (!/[{}<>#|]/.test(message[from + 1] ?? '')) return from + 1;
  const end = message.indexOf("'", from + 1);
  return end < 0 ? message.length : end + 1;
}

/**
 * @param {string} message
 * @param {number} from the opening brace
 * @param {MessageShape} shape
 * @returns {number} after the closing brace
 */
function readArgument(message, from, shape) {
  const head = /^\{\s*([A-Za-z_]\w*)\s*(?:,\s*(\w+)\s*)?/.exec(message.slice(from));
  if (head === null) throw new Error(`{ at ${from + 1} is followed by no name`);
  const [whole, name = '', type] = head;
  let i = from + whole.length;
  const kind = type === undefined ? 'text' : kinds.get(type);
  if (kind === undefined) throw new Error(`{${name}} has the unknown type ${type}`);
  const known = shape.values.get(name);
  if (known === undefined || known === 'text') shape.values.set(name, kind);
  if (message[i] === '}') return i + 1;
  if (message[i] !== ',') throw new Error(`{${name}} is not closed`);
  if (type !== 'plural' && type !== 'select' && type !== 'selectordinal') {
    const end = message.indexOf('}', i);
    if (end < 0) throw new Error(`{${name}} is not closed`);
    return end + 1;
  }
  const branches = [];
  i += 1;
  for (;;) {
    const label = /^\s*(?:offset:\d+\s*)?(=?[\w-]+)\s*\{/.exec(message.slice(i));
    if (label === null) break;
    branches.push(label[1] ?? '');
    i = readText(message, i + label[0].length, shape, true) + 1;
  }
  const close = /^\s*\}/.exec(message.slice(i));
  if (close === null) throw new Error(`{${name}, ${type}} is not closed`);
  if (!branches.includes('other')) throw new Error(`{${name}, ${type}} has no branch other`);
  if (type === 'select') shape.branches.set(name, branches.sort());
  return i + close[0].length;
}
