import { savedReceiptSchema, type SavedReceipt } from './verify-page.ts'

/** Finds statement and nonce in a saved receipt file, or in a part of it that was pasted: the JSON between the first and the last brace. */
export function readSavedReceipt(text: string): SavedReceipt | undefined {
  try {
    return savedReceiptSchema.safeParse(JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1))).data
  }
  catch {
    return undefined
  }
}
