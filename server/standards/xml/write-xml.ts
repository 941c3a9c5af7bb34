/** An element, ready to be written; `undefined` children are left out. */
export interface XmlNode { name: string, attributes: Readonly<Record<string, string | undefined>>, children: readonly XmlChild[] }
export type XmlChild = XmlNode | string | undefined

/** An element with attributes. */
export function element(name: string, attributes: XmlNode['attributes'], ...children: XmlChild[]): XmlNode {
  return { name, attributes, children }
}

/** An element that holds a text; nothing where there is no text. */
export function textElement(name: string, text: string | null | undefined): XmlNode | undefined {
  return text === null || text === undefined || text === '' ? undefined : { name, attributes: {}, children: [text] }
}

/** What XML 1.0 cannot carry, in whatever form it is written: control characters and halves of pairs. @see https://www.w3.org/TR/xml/#charsets */
const forbidden = /(?![\t\n\r\u007F-\u009F])\p{Cc}|\p{Cs}|[\uFFFE\uFFFF]/gu
const escaped = (text: string) => text.replace(forbidden, '').replace(/[<>&"'\r]/g, sign => `&#${sign.charCodeAt(0)};`)

function written(node: XmlNode): string {
  const attributes = Object.entries(node.attributes).map(([name, value]) => value === undefined ? '' : ` ${name}="${escaped(value).replace(/[\n\t]/g, sign => `&#${sign.charCodeAt(0)};`)}"`).join('')
  const inside = node.children.map(child => child === undefined ? '' : typeof child === 'string' ? escaped(child) : written(child)).join('')
  return inside ? `<${node.name}${attributes}>${inside}</${node.name}>` : `<${node.name}${attributes}/>`
}

/** Writes a document in UTF-8. Every text is escaped here and nowhere else. */
export function writeXml(root: XmlNode): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n${written(root)}\n`
}
