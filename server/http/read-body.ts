import type { H3Event } from 'h3'
import { AppError } from '#shared/errors'

/** The sender went away in the middle of the body: no failure of ours. Nobody is left to read this; the request log has the event. */
export const brokenOff = (cause?: unknown) => new AppError('malformed', {}, { cause })

/** At most `maxBytes` of a body. `isCut` says that there was more. @throws malformed (the sender went away) */
export async function readBytes(event: H3Event, maxBytes: number): Promise<{ bytes: Buffer, isCut: boolean }> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    // Leaving the loop must not destroy the connection: the sender still has to hear why.
    for await (const chunk of event.node.req.iterator({ destroyOnReturn: false })) {
      const bytes = Buffer.from(chunk)
      size += bytes.length
      chunks.push(bytes)
      if (size > maxBytes) break
    }
  }
  catch (cause) {
    throw brokenOff(cause)
  }
  return { bytes: Buffer.concat(chunks).subarray(0, maxBytes), isCut: size > maxBytes }
}

/** A text body as it came. @throws too_large, malformed (not UTF-8) */
export async function readText(event: H3Event, maxBytes: number): Promise<string> {
  const { bytes, isCut } = await readBytes(event, maxBytes)
  if (isCut) {
    await drain(event)
    throw new AppError('too_large', { kilobytes: maxBytes / 1024 })
  }
  return decodeUtf8(bytes)
}

/** @throws malformed */
export function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  }
  catch (cause) {
    throw new AppError('malformed', {}, { cause })
  }
}

/**
 * Lets the rest of a refused body run out, for a while: a browser that is cut off in the middle shows "connection reset"
 * in place of our sentence. Only what goes on longer than that costs the sender the connection.
 */
export async function drain(event: H3Event, { milliseconds = 4000, maxBytes = 64 * 1024 * 1024 } = {}) {
  const { req, res } = event.node
  if (req.readableEnded) return
  const isEnded = await new Promise<boolean>((resolve) => {
    let left = maxBytes
    const timer = setTimeout(resolve, milliseconds, false)
    const end = (isWhole: boolean) => {
      clearTimeout(timer)
      resolve(isWhole)
    }
    req.on('data', (chunk: Buffer) => {
      left -= chunk.length
      if (left < 0) end(false)
    })
    req.once('end', () => end(true)).once('close', () => end(false)).once('error', () => end(false)).resume()
  })
  if (!isEnded) res.setHeader('connection', 'close')
}
