import { z } from 'zod'

const mailboxSchema = z.object({ mails: z.array(z.object({ id: z.number(), to: z.string(), locale: z.string(), subject: z.string(), body: z.string() })) })

/** Mails to an address in the demo mailbox, newest first. */
export async function mailsTo(portalUrl: string, email: string) {
  const { mails } = mailboxSchema.parse(await (await fetch(`${portalUrl}/api/desk/mailbox`)).json())
  return mails.filter(mail => mail.to === email)
}

/** The newest code mailed to an address; mails come in a moment after they are asked for. @param count mails there have to be */
export async function codeFor(portalUrl: string, email: string, count = 1): Promise<string> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const mails = await mailsTo(portalUrl, email)
    const code = /\b\d{6}\b/.exec(mails[0]?.body ?? '')?.[0]
    if (code && mails.length >= count) return code
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error('no mail with a code has come')
}
