import { certificateFileSchema, type CertificateFile } from '../patrols/certificate.ts'
import { savedReceiptSchema, type SavedReceipt } from './verify-page.ts'

/** Finds statement and nonce in a saved receipt file, or in a part of it that was pasted: the JSON between the first and the last brace. */
export const readSavedReceipt = (text: string): SavedReceipt | undefined => savedReceiptSchema.safeParse(jsonIn(text)).data

/** Finds a certificate of patrol hours in its JSON file, or in a part of it that was pasted. */
export const readCertificate = (text: string): CertificateFile | undefined => certificateFileSchema.safeParse(jsonIn(text)).data

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1))
  }
  catch {
    return undefined
  }
}
