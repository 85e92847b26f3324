import type { z } from 'zod'
import type { Body, Command, Event } from '../contract/index.js'
import { jsonSchemaOf } from '../json-schema.js'
import { clientFrames, serverFrames, subprotocol } from './frames.js'

/**
 * The AsyncAPI 3.0 document of the WebSocket protocol, made from the schemas of the frames, of the plugins' commands and
 * events, and of the kinds of body that an entry can have.
 */
export function asyncApi(
  prefix: string,
  version: string,
  commands: readonly Command[],
  events: readonly Event[],
  bodies: readonly Body[],
): object {
  const messages: Record<string, object> = {}
  const name = (direction: string, kind: string) => `${direction}.${kind}`
  const add = (direction: string, frames: Readonly<Record<string, z.ZodType>>, side: 'input' | 'output') => {
    for (const [kind, schema] of Object.entries(frames)) {
      messages[name(direction, kind)] = { name: kind, payload: jsonSchemaOf(schema, side) }
    }
  }
  add('client', clientFrames, 'input')
  add('server', serverFrames, 'output')
  const refs = (direction: string, frames: object) =>
    Object.keys(frames).map((kind) => ({ $ref: `#/channels/socket/messages/${name(direction, kind)}` }))
  return {
    asyncapi: '3.0.0',
    info: { title: 'Natter', version, description: `WebSocket subprotocol ${subprotocol}` },
    channels: {
      socket: {
        address: `${prefix}/ws`,
        messages: Object.fromEntries(
          Object.keys(messages).map((key) => [key, { $ref: `#/components/messages/${key}` }]),
        ),
      },
    },
    operations: {
      fromClient: { action: 'receive', channel: { $ref: '#/channels/socket' }, messages: refs('client', clientFrames) },
      fromServer: { action: 'send', channel: { $ref: '#/channels/socket' }, messages: refs('server', serverFrames) },
    },
    components: {
      messages,
      schemas: Object.fromEntries([
        ...commands.flatMap((command) => [
          [`${command.name}.input`, jsonSchemaOf(command.input, 'input')] as const,
          [`${command.name}.output`, jsonSchemaOf(command.output, 'output')] as const,
        ]),
        ...events.map((event) => [`${event.name}.payload`, jsonSchemaOf(event.payload, 'output')] as const),
        ...bodies.map(({ type, schema }) => [`${type}.body`, jsonSchemaOf(schema, 'output')] as const),
      ]),
    },
  }
}
