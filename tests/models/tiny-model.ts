/*
  A small model that is real: a valid ONNX file (one Gather over a table of vectors) and a WordPiece tokenizer that splits Chinese into
  characters, written without any package. Its vectors are set by hand: words of one meaning share theirs, so that a test can say what has to be
  found, and how near. `node tests/models/tiny-model.ts FOLDER` writes one.
*/
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** Each row is one meaning, in one direction of the space; the first word of each stands in articles that are shipped. */
const meanings = [
  ['dog', 'dogs', 'pooch', 'woofer', 'mutt', '狗', '犬', '汪'],
  ['bite', 'bites', 'bit', 'bitten', 'gnawed', '咬', '啃'],
  ['fire', 'flames', 'inferno', '火', '燃', '焰'],
  ['passport', 'paperwork', '证', '簿'],
  ['noise', 'loud', 'racket', '噪', '喧'],
] as const
const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'] as const
const words = [...special, ...meanings.flat()]
export const size = 8
/** Words it does not know share a direction, and weigh little. */
const unknownWeight = 0.05

/** The vector of a word; [CLS] and the like say nothing. */
function vectorOfWord(word: string): number[] {
  const vector = Array.from({ length: size }, () => 0)
  const meaning = meanings.findIndex(row => row.some(each => each === word))
  if (meaning >= 0) vector[meaning] = 1
  else if (!special.some(each => each === word && each !== '[UNK]')) vector[size - 1] = unknownWeight
  return vector
}

/** What the model has to give for a text: the mean over its words, of length one. Written apart from the model, to be compared with it. */
export function expectedVector(text: string): number[] {
  const found = text.toLowerCase().match(/\p{Script=Han}|[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) ?? []
  const all = ['[CLS]', ...found, '[SEP]'].map(vectorOfWord)
  const mean = Array.from({ length: size }, (_, at) => all.reduce((sum, vector) => sum + vector[at]!, 0) / all.length)
  const length = Math.hypot(...mean)
  return mean.map(value => value / length)
}

/** Writes the files of a model called `name`, as `npm run models` would. */
export function makeTinyModel(folder: string, name: string): void {
  const at = path.join(folder, name)
  mkdirSync(path.join(at, 'onnx'), { recursive: true })
  writeFileSync(path.join(at, 'onnx/model_quantized.onnx'), onnx())
  for (const [file, content] of Object.entries(tokenizerFiles())) writeFileSync(path.join(at, file), JSON.stringify(content))
}

function tokenizerFiles() {
  const vocab = Object.fromEntries(words.map((word, id) => [word, id]))
  const [pad, unk, cls, sep, mask] = special
  const whole = (token: string) => ({ id: token, ids: [vocab[token]], tokens: [token] })
  return {
    'config.json': { model_type: 'bert', architectures: ['BertModel'], hidden_size: size, vocab_size: words.length, num_attention_heads: 1, num_hidden_layers: 1, pad_token_id: 0 },
    'tokenizer_config.json': { tokenizer_class: 'BertTokenizer', do_lower_case: true, model_max_length: 512, cls_token: cls, sep_token: sep, pad_token: pad, unk_token: unk, mask_token: mask },
    'tokenizer.json': {
      version: '1.0', truncation: null, padding: null,
      added_tokens: special.map((content, id) => ({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true })),
      normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
      pre_tokenizer: { type: 'BertPreTokenizer' },
      post_processor: {
        type: 'TemplateProcessing', pair: [], single: [{ SpecialToken: { id: cls, type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: sep, type_id: 0 } }],
        special_tokens: { [cls]: whole(cls), [sep]: whole(sep) },
      },
      decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
      model: { type: 'WordPiece', unk_token: unk, continuing_subword_prefix: '##', max_input_chars_per_word: 100, vocab },
    },
  }
}

/** Protobuf: a number as varint, a field of a number, a field of bytes. @see https://protobuf.dev/programming-guides/encoding/ */
function varint(value: number): Buffer {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest % 128 + (rest >= 128 ? 128 : 0))
    if (rest < 128) return Buffer.from(bytes)
  }
}
const number = (field: number, value: number) => Buffer.concat([varint(field * 8), varint(value)])
const bytes = (field: number, content: Buffer | string) => {
  const buffer = Buffer.from(content)
  return Buffer.concat([varint(field * 8 + 2), varint(buffer.length), buffer])
}

/** @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto (field numbers) */
function onnx(): Buffer {
  const [float, int64] = [1, 7]
  const table = Float32Array.from(words.flatMap(vectorOfWord))
  const dimension = (extent: number | string) => bytes(1, typeof extent === 'number' ? number(1, extent) : bytes(2, extent))
  const value = (name: string, type: number, shape: (number | string)[]) => Buffer.concat([
    bytes(1, name), bytes(2, bytes(1, Buffer.concat([number(1, type), bytes(2, Buffer.concat(shape.map(dimension)))]))),
  ])
  const batch = ['batch', 'sequence']
  const gather = Buffer.concat([bytes(1, 'table'), bytes(1, 'input_ids'), bytes(2, 'last_hidden_state'), bytes(3, 'look-up'), bytes(4, 'Gather')])
  const graph = Buffer.concat([
    bytes(1, gather), bytes(2, 'tiny'),
    bytes(5, Buffer.concat([number(1, words.length), number(1, size), number(2, float), bytes(8, 'table'), bytes(9, Buffer.from(table.buffer))])),
    ...['input_ids', 'attention_mask', 'token_type_ids'].map(name => bytes(11, value(name, int64, batch))),
    bytes(12, value('last_hidden_state', float, [...batch, size])),
  ])
  const [irVersion, opset] = [8, 13]
  return Buffer.concat([number(1, irVersion), bytes(2, 'linli'), bytes(7, graph), bytes(8, Buffer.concat([bytes(1, ''), number(2, opset)]))])
}

const [, program, folder] = process.argv
if (program === import.meta.filename && folder) makeTinyModel(folder, 'tiny')
