import { resultColumns, resultRows } from '#shared/surveys/survey-results'
import { surveyPathSchema } from '#shared/surveys/survey-schema'
import { getSurveyResults } from '#server/domain/surveys/show-surveys'
import { defineApiHandler } from '#server/http/api-handler'
import { sendCsv } from '#server/http/send-csv'
import { byteOrderMark, csvLine } from '#server/standards/csv/write-csv'
import { getServices } from '../../../services.ts'

/** The published figures of a survey for a spreadsheet. */
export default defineApiHandler({
  params: surveyPathSchema,
  async run({ event, params }) {
    const rows = resultRows(await getSurveyResults(await getServices(), params.id))
    await sendCsv(event, 'linli-survey', (async function* () {
      yield byteOrderMark + csvLine(resultColumns) + rows.map(csvLine).join('')
    })())
  },
})
