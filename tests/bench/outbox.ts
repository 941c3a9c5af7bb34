// 10,000 mails (OUTBOX_MAILS) to a mail server that refuses, puts off and drops, with three kill -9 of a worker: none is lost, and no more arrive twice than were under way at the kills.
import { runOutbox } from './outbox-run.ts'
import { report } from './station.ts'

const mails = Number(process.env.OUTBOX_MAILS ?? 10_000)
const run = await runOutbox({ mails, kills: 3, seed: 7, limitSeconds: 60 + mails / 20 })
report('outbox', run)
const { statuses, memory, ...figures } = run
console.table({ ...figures, ...statuses, memoryEarly: memory.early, memoryLate: memory.late })
process.stdout.write(run.isGood ? 'each mail arrived\n' : 'MAILS WERE LOST OR DOUBLED\n')
process.stdout.write(memory.isFlat ? 'memory is flat\n' : 'MEMORY GROWS\n')
process.exitCode = run.isGood && memory.isFlat ? 0 : 1
