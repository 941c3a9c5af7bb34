import { setResponseHeaders, type H3Event } from 'h3'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError } from '#shared/errors'
import { logFailure } from './log-failure.ts'

/** Answers with a table for a spreadsheet, written while it is read. What fails on the way cuts the download, so that nobody takes half a list for the whole. */
export async function sendCsv(event: H3Event, name: string, lines: AsyncIterable<string>): Promise<void> {
  setResponseHeaders(event, {
    'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename="${name}.csv"`,
    'x-content-type-options': 'nosniff', 'cache-control': 'private, no-store',
  })
  await pipeline(Readable.from(lines), event.node.res).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ERR_STREAM_PREMATURE_CLOSE') logFailure(event, new AppError('internal', {}, { cause }))
  })
}
