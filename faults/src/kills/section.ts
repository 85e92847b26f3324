import type { Section, SectionOptions } from '../run/section.js'
import { killCampaign } from './campaign.js'

export async function killSection(options: SectionOptions & { readonly kills: number }): Promise<Section> {
  const { violations, ...figures } = await killCampaign(options)
  return { name: 'kills', figures, violations }
}
