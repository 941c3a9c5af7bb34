import { readFileSync } from 'node:fs'
import path from 'node:path'
import { RelaxNGValidator, XmlDocument, XmlLibError, XsdValidator } from 'libxml2-wasm'

const schema = (name: string) => XmlDocument.fromString(readFileSync(path.resolve(import.meta.dirname, `../fixtures/standards/${name}`), 'utf8'))
const cap = XsdValidator.fromDoc(schema('CAP-v1.2.xsd'))
const atom = RelaxNGValidator.fromDoc(schema('atom.rng'))

/** What the OASIS schema says against a message; empty when it is valid. */
export const capSchemaProblems = (xml: string): string[] => problemsOf(xml, cap)

/** What the RELAX NG schema of RFC 4287 says against a feed. */
export const atomSchemaProblems = (xml: string): string[] => problemsOf(xml, atom)

function problemsOf(xml: string, validator: { validate(document: XmlDocument): void }): string[] {
  let document: XmlDocument | undefined
  try {
    document = XmlDocument.fromString(xml)
    validator.validate(document)
    return []
  }
  catch (error) {
    if (error instanceof XmlLibError) return [error.message]
    throw error
  }
  finally {
    document?.dispose()
  }
}
