import { parseXml, XmlElement } from '@rgrove/parse-xml'

/** An element as a reader of a standard needs it. */
export interface ReadElement { name: string, text: string, attributes: Readonly<Record<string, string>>, children: readonly ReadElement[] }

/**
 * Reads a document strictly. A document type is refused, so that no entity can be declared.
 * @throws when it is not well-formed, has a document type or another root
 */
export function readXml(xml: string, root: string): ReadElement {
  if (/<!DOCTYPE/i.test(xml)) throw new Error('a document type is not accepted')
  const document = parseXml(xml)
  if (document.root?.name !== root) throw new Error(`the root is ${document.root?.name ?? 'missing'}, not ${root}`)
  return plain(document.root)
}

function plain(node: XmlElement): ReadElement {
  return { name: node.name, text: node.text, attributes: node.attributes, children: node.children.filter(child => child instanceof XmlElement).map(plain) }
}

/** The children of a name. */
export function childrenOf(element: ReadElement, name: string): ReadElement[] {
  return element.children.filter(child => child.name === name)
}

/** The text of a child, undefined when there is none. */
export function textOf(element: ReadElement, name: string): string | undefined {
  return childrenOf(element, name)[0]?.text
}

/** The text of a child that must be there. @throws when it is not */
export function neededText(element: ReadElement, name: string): string {
  const text = textOf(element, name)
  if (text === undefined) throw new Error(`${element.name} has no ${name}`)
  return text
}

/** `valueName` → `value` of parameters, event codes and geocodes. @see CAP 1.2 §3.2.2 parameter */
export function valuesOf(element: ReadElement, name: string): Readonly<Record<string, string>> {
  return Object.fromEntries(childrenOf(element, name).map(child => [neededText(child, 'valueName'), neededText(child, 'value')]))
}
