import { parseReceipt, parseReference } from '#shared/reports/receipt'

/** How to reach somebody, as it stands in a message: a phone number, an address of mail, and what is left as a name. */
export function readContact(text: string): { phone?: string, email?: string, name?: string } {
  const plain = text.normalize('NFKC')
  const email = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/.exec(plain)?.[0]
  const phone = /\+?\d(?:[\d\s()-]{5,18})\d/.exec(email ? plain.replace(email, ' ') : plain)?.[0]?.trim()
  const rest = [email, phone].reduce((left = '', found) => found ? left.replace(found, ' ') : left, plain) ?? ''
  const name = rest.replace(/我叫|我是|我姓|姓名|名字|电话|手机|邮箱|联系|my name is|i am|i'm|name|phone|mobile|email|e-mail|call me|是|[:：,，。.;；、]/gi, ' ').replace(/\s+/g, ' ').trim()
  return { ...(phone && { phone }), ...(email && { email }), ...(name.length >= 2 && name.length <= 40 && /[\p{L}]/u.test(name) && { name }) }
}

/** A text without the receipts in it: they stand in no kept words, and nobody at the desk reads one (RULES C2). A receipt without a digit is one in ten thousand, six words of four letters are not rare. */
export function hideReceipts(text: string): string {
  return text.replace(/(?<![0-9a-z０-９ａ-ｚ]-?)(?:[0-9a-z０-９ａ-ｚ]{4}[\s－–—-]*){6}(?![0-9a-z０-９ａ-ｚ])/giu, (found) => {
    const plain = found.normalize('NFKC').replace(/[–—]/g, '-').trim()
    return /\d/.test(plain) && parseReceipt(plain) ? '••••' : found
  })
}

/** A reference and a receipt, wherever they stand in a message. */
export function readReference(text: string): { reference?: string, receipt?: string } {
  const plain = text.normalize('NFKC').toUpperCase()
  const reference = /\bLL[\s-]?[0-9A-Z]{4}[\s-]?[0-9A-Z]{4}\b/.exec(plain)?.[0]
  const rest = reference ? plain.replace(reference, ' ') : plain
  const receipt = /(?:[0-9A-Z]{4}[\s-]*){6}/.exec(rest)?.[0]
  return {
    ...(reference && parseReference(reference) && { reference: parseReference(reference) }),
    ...(receipt && parseReceipt(receipt) && { receipt: parseReceipt(receipt) }),
    ...(!reference && !receipt && parseReference(rest) && { reference: parseReference(rest) }),
  }
}
