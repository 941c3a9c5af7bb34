import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const files = [
  'components/reports/ReportStep.vue',
  ...readdirSync(join(root, 'pages'), { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.vue') && !file.startsWith('desk/')).map(file => `pages/${file}`),
].filter(file => /<(PageForm|slot)\b/.test(readFileSync(join(root, file), 'utf8')))

test('there are pages with forms to look at', () => {
  expect(files.length).toBeGreaterThan(14)
})

test.each(files)('%s says what is wrong before everything but "back"', (file) => {
  const [, template = ''] = readFileSync(join(root, file), 'utf8').split(/^<template>\n/m)
  const [first] = template.split('\n').filter(line => !line.startsWith('  <BackLink '))

  expect(first, 'Fix: <ErrorSummary :form /> comes first in the template, after the back link.').toBe('  <ErrorSummary :form />')
})
