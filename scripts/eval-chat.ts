// `npm run eval:chat`: how well the assistant answers, on the test half of tests/chat/evaluation and on the fresh set, and how well the emergency rules hear. Fails below the bars.
// With CHAT_MODEL_DIR words and meaning are measured together. `-- --tune` shows the tune half with every question that went wrong; the others are never shown.
import { defaultModel } from '#shared/chat/model-name'
import { modelLoader } from '#server/chat/retrieval/load-model'
import { bars, evaluate, evaluateEmergencies, shippedFinder, type Figures } from '../tests/chat/evaluate.ts'
import { emergencySentences } from '../tests/chat/emergency-sentences.ts'

const isTuning = process.argv.includes('--tune')
const say = (line: string) => process.stdout.write(`${line}\n`)
const { CHAT_MODEL_DIR: folder, CHAT_MODEL: name = defaultModel } = process.env
const finder = await shippedFinder(folder ? modelLoader({ folder, name }, sentence => say(sentence)) : undefined)
const percent = (share: number) => `${(share * 100).toFixed(1)} %`
let failed = 0

function line(name: string, value: number, bar?: { least?: number, most?: number }) {
  const isFine = value >= (bar?.least ?? 0) && value <= (bar?.most ?? 1)
  if (!isFine) failed++
  const wanted = bar?.least !== undefined ? `at least ${percent(bar.least)}` : bar?.most !== undefined ? `at most ${percent(bar.most)}` : ''
  say(`  ${name.padEnd(34)}${percent(value).padStart(8)}  ${wanted}${isFine ? '' : '  BELOW THE BAR'}`)
}

/** @param isGated whether the bars are shown and make this command fail */
function block(figures: Figures, isGated: boolean) {
  const bar = (name: 'top1' | 'top3' | 'unknown') => isGated ? { least: bars[name] } : undefined
  line('the right article first', figures.top1, bar('top1'))
  line('among the first three', figures.top3, bar('top3'))
  line('unknown ones not answered', figures.unknown, bar('unknown'))
  line('  of them handed over at once', figures.unknownAtOnce)
  line('known ones answered or offered', figures.served)
  line('answered wrongly, of all', figures.answeredWrongly)
  for (const [kind, share] of Object.entries(figures.ofKind)) line(`  ${kind}`, share)
}

for (const locale of ['zh', 'en'] as const) {
  const figures = await evaluate(finder, locale, isTuning ? 'tune' : 'test', (question, wanted, got) => say(`  ${wanted ?? 'nobody'} ← ${question} → ${got}`))
  say(`${locale}: ${figures.questions} questions of the ${isTuning ? 'tune' : 'test'} half`)
  block(figures, !isTuning)
  if (!isTuning) {
    const fresh = await evaluate(finder, locale, 'fresh')
    say(`${locale}: ${fresh.questions} questions of the fresh set`)
    block(fresh, true)
  }
  const { recall, falseAlarms } = evaluateEmergencies(emergencySentences[locale])
  say(`${locale}: ${emergencySentences[locale].length} sentences of the emergency rules`)
  line('dangers that show the card', recall, { least: bars.emergencyRecall })
  line('false alarms', falseAlarms, { most: bars.falseAlarms })
}
process.exitCode = failed ? 1 : 0
