import { setResponseHeaders, type H3Event } from 'h3'
import { pipeline } from 'node:stream/promises'
import type { Readable } from 'node:stream'
import { AppError } from '#shared/errors'
import { fileExtension } from '#shared/reports/attachment'
import { logFailure } from './log-failure.ts'

interface SentFile {
  bytes: Readable
  mediaType: string
  /** A viewing copy that we made may be shown; anything else is for download only. */
  isView: boolean
  /** What a saved file is called, without its ending. Never the sender's name for it: that was dropped. */
  name: string
}

/**
 * Answers with somebody's file. It came from a stranger: it runs nothing, loads nothing, is not sniffed and not kept.
 * The answer begins when the first piece is known to be good, so that a file that does not open is a plain 500.
 */
export async function sendFile(event: H3Event, { bytes, mediaType, isView, name }: SentFile): Promise<void> {
  await firstBytes(bytes)
  setResponseHeaders(event, {
    'content-type': mediaType,
    'content-disposition': `${isView ? 'inline' : 'attachment'}; filename="${name}.${fileExtension(mediaType)}"`,
    'content-security-policy': `sandbox; default-src 'none'; frame-ancestors 'none'`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
  })
  // Node's pipeline, not h3's sendStream: whoever leaves in the middle must not keep the file open.
  await pipeline(bytes, event.node.res).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ERR_STREAM_PREMATURE_CLOSE') logFailure(event, new AppError('internal', {}, { cause }))
  })
}

function firstBytes(bytes: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    bytes.once('readable', () => resolve()).once('end', () => resolve()).once('error', cause => reject(new AppError('internal', {}, { cause })))
  })
}
