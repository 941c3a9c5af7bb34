import { createHash } from 'node:crypto'
import { getRequestHeader, setResponseHeaders, setResponseStatus } from 'h3'
import { dataPathSchema, dataTopics } from '#shared/communities/open-data'
import { AppError } from '#shared/errors'
import { readOpenData } from '#server/domain/communities/open-data'
import { defineApiHandler } from '#server/http/api-handler'
import { byteOrderMark, csvLine } from '#server/standards/csv/write-csv'
import { getServices } from '../../../services.ts'

/** A table of what was published, for a spreadsheet or a program. */
export default defineApiHandler({
  params: dataPathSchema,
  async run({ event, params: { file } }) {
    const topic = dataTopics.find(name => file.startsWith(`${name}.`))
    if (!topic) throw new AppError('not_found')
    const table = await readOpenData(await getServices(), topic)
    const isCsv = file.endsWith('.csv')
    const body = isCsv ? byteOrderMark + [table.columns, ...table.rows].map(csvLine).join('') : JSON.stringify(table)
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
    setResponseHeaders(event, {
      etag, 'cache-control': 'public, max-age=300', 'x-content-type-options': 'nosniff', 'content-type': isCsv ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8',
      ...(isCsv && { 'content-disposition': `attachment; filename="linli-${topic}.csv"` }),
    })
    if (getRequestHeader(event, 'if-none-match') !== etag) return body
    setResponseStatus(event, 304)
    event.node.res.end()
  },
})
