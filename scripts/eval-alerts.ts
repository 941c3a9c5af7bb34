// `npm run eval:alerts`: how well "is this real?" tells messages apart, on the test half of tests/alerts, on the fresh set and on the people's. Fails below the bars.
// `-- --tune` shows the tune half with every message that went wrong; those of the other half are never shown.
import { bars, evaluate, type Figures } from '../tests/alerts/evaluate.ts'

const isTuning = process.argv.includes('--tune')
const say = (line: string) => process.stdout.write(`${line}\n`)
const percent = (share: number) => `${(share * 100).toFixed(1)} %`
let failed = 0

function line(name: string, shown: string, isFine: boolean, wanted = '') {
  if (!isFine) failed++
  say(`  ${name.padEnd(38)}${shown.padStart(8)}  ${wanted}${isFine ? '' : '  BELOW THE BAR'}`)
}

function block(figures: Figures, isGated: boolean) {
  const least = (name: string, value: number, bar: number) => line(name, percent(value), !isGated || value >= bar, isGated ? `at least ${percent(bar)}` : '')
  least('genuine ones recognised', figures.genuineFound, bars.genuineFound)
  line('altered ones taken for ours', String(figures.alteredAsOurs), figures.alteredAsOurs <= bars.alteredAsOurs, 'none')
  line('  of them called altered', percent(figures.alteredFound), true)
  least('outdated and cancelled ones named so', figures.overFound, bars.overFound)
  line('what is not ours taken for ours', String(figures.strangersAsOurs), figures.strangersAsOurs <= bars.strangersAsOurs, 'none')
  line('  of it called unknown', percent(figures.unknownKept), true)
}

for (const locale of ['zh', 'en'] as const) {
  const figures = evaluate(locale, isTuning ? 'tune' : 'test', isTuning ? ({ verdict, text }, got, result) => say(`  ${verdict} → ${got}: ${text.replaceAll('\n', '⏎')}\n    ${result}`) : undefined)
  say(`${locale}: ${figures.messages} messages of the ${isTuning ? 'tune' : 'test'} half`)
  block(figures, true)
  if (isTuning) {
    say(`${locale}: the half of the people's messages that the rules were fitted on`)
    block(evaluate(locale, 'people-tune', ({ verdict, text }, got, result) => say(`  ${verdict} → ${got}: ${text.replaceAll('\n', '⏎')}\n    ${result}`)), false)
    continue
  }
  const fresh = evaluate(locale, 'fresh')
  say(`${locale}: ${fresh.messages} messages with remarks of people's own`)
  block(fresh, false)
  const people = evaluate(locale, 'people-test')
  say(`${locale}: ${people.messages} messages as people pass them on, of the half that the rules were not fitted on`)
  block(people, false)
}
process.exitCode = failed ? 1 : 0
