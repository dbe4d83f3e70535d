import { parse } from 'svelte/compiler';

export interface Finding {
  readonly line: number;
  readonly what: 'sentence' | 'raw HTML' | 'inline style' | 'inline handler';
  readonly text: string;
}

/** A node of Svelte's tree or of a script's inside it. */
interface Node {
  readonly type: string;
  readonly start?: number;
  readonly [field: string]: unknown;
}

/** Attributes and properties that somebody reads or hears. */
const isRead = (name: string): boolean =>
  /^(?:title|alt|placeholder|label|summary|hint|asks|note|other|aria-(?:label|description|roledescription|valuetext|placeholder))$/.test(
    name
  );
const hasLetters = /\p{L}/u;

/** What a component may not hold: hard-wired sentences, raw HTML, inline styles and handlers. */
export function findingsIn(source: string): Finding[] {
  const found: Finding[] = [];
  const add = (node: Node, what: Finding['what'], text: string) =>
    found.push({ line: source.slice(0, node.start).split('\n').length, what, text: text.trim() });

  const addTexts = (node: Node) => {
    for (const text of textsOf(node)) if (hasLetters.test(text)) add(node, 'sentence', text);
  };

  const visit = (node: Node): void => {
    if (node.type === 'Text' || node.type === 'ExpressionTag') return addTexts(node);
    if (node.type === 'HtmlTag') add(node, 'raw HTML', '{@html}');
    if (node.type === 'StyleDirective') add(node, 'inline style', 'style:');
    if (node.type !== 'Attribute') return childrenOf(node).forEach(visit);
    const name = String(node['name']);
    if (isRead(name)) childrenOf(node).forEach(addTexts);
    if (name === 'style') add(node, 'inline style', name);
    if (/^on[a-z]/.test(name) && Array.isArray(node['value'])) add(node, 'inline handler', name);
  };

  visit(parse(source, { modern: true }).fragment as unknown as Node);
  if (/\.(?:inner|outer)HTML\b|insertAdjacentHTML/.test(source))
    found.push({ line: 0, what: 'raw HTML', text: 'innerHTML' });
  return found;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

const childrenOf = (node: Node): Node[] => Object.values(node).flat().filter(isNode);

/** The texts that an expression may come to: `a ? 'this' : b ?? 'that'`. */
function textsOf(node: Node): string[] {
  const of = (...fields: string[]) =>
    fields.flatMap((field) => [node[field]].flat().filter(isNode).flatMap(textsOf));
  switch (node.type) {
    case 'Text':
      return [String(node['data'])];
    case 'Literal':
      return typeof node['value'] === 'string' ? [node['value']] : [];
    case 'TemplateElement':
      return [(node['value'] as { raw: string }).raw];
    case 'TemplateLiteral':
      return of('quasis');
    case 'ExpressionTag':
      return of('expression');
    case 'ConditionalExpression':
      return of('consequent', 'alternate');
    case 'LogicalExpression':
      return of('left', 'right');
    case 'BinaryExpression':
      return node['operator'] === '+' ? of('left', 'right') : [];
    default:
      return [];
  }
}
