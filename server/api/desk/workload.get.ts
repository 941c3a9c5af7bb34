import { countWorkload } from '#server/domain/staff/count-workload'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({ run: ({ services, actor }) => countWorkload(services, actor) })
