import { AppError } from '#shared/errors'
import { fieldErrors } from '#shared/forms/field-errors'
import { attachmentLimits } from '#shared/reports/attachment'
import { referencePathSchema, staffMessageSchema } from '#shared/reports/desk-schema'
import { discardFile } from '#server/domain/reports/receive-file'
import { receiveDeskFile, sendFile } from '#server/domain/reports/send-file'
import { defineDeskHandler } from '#server/http/desk-handler'
import { readForm } from '#server/http/form-body'

/** A letter to the reporter with one file: multipart `text`, `id`, `file`. */
export default defineDeskHandler({
  params: referencePathSchema,
  async run({ event, services, actor, params: { reference } }) {
    const { values, errors, file: received, isTooLarge } = await readForm(event, 64 * 1024, {
      name: 'file', maxBytes: attachmentLimits.bytes + 1,
      receive: bytes => receiveDeskFile(services, actor, reference, bytes),
      discard: ({ file }) => discardFile(services, file),
    })
    const message = staffMessageSchema.safeParse(values)
    if (message.success && received && !isTooLarge && !Object.keys(errors).length) return sendFile(services, actor, reference, received, message.data)
    if (received) await discardFile(services, received.file)
    if (isTooLarge) throw new AppError('too_large', { kilobytes: 64 })
    throw new AppError('invalid', {}, { fields: { ...(message.error && fieldErrors(message.error)), ...(!received && { file: { key: 'required' } }), ...errors } })
  },
})
