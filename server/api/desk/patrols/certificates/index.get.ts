import { listCertificates } from '#server/domain/patrols/own-certificates'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({ run: ({ services, actor }) => listCertificates(services, actor) })
