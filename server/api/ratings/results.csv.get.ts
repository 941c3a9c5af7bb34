import { ratingColumns, ratingRows } from '#shared/ratings/rating-results'
import { getRatingResults } from '#server/domain/ratings/release-ratings'
import { defineApiHandler } from '#server/http/api-handler'
import { sendCsv } from '#server/http/send-csv'
import { byteOrderMark, csvLine } from '#server/standards/csv/write-csv'
import { getServices } from '../../services.ts'

/** The published rates for a spreadsheet. */
export default defineApiHandler({
  async run({ event, locale }) {
    const rows = ratingRows(await getRatingResults(await getServices()), locale)
    await sendCsv(event, 'linli-ratings', (async function* () {
      yield byteOrderMark + csvLine(ratingColumns) + rows.map(csvLine).join('')
    })())
  },
})
